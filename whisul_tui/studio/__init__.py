"""The embedded Whisul: the documented API on loopback, in a process of its own, with an engine that composes.

`running` finds or starts the shared studio and is cheap to import; `command` is its command line; `server` is the API,
`host` the process around it, `bench` and `worker` compose, `book` remembers. No other room but domain is known here.
"""
