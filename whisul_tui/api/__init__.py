"""The only room that speaks HTTP to Whisul. `client` needs httpx; `errors`, `address` and `wire` do not."""
