"""The verbs without a screen. `arguments` reads the command line; each verb is a module with `add` and `run`."""
