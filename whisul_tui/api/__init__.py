"""The only room that speaks HTTP to Whisul. `client` needs h11 and asyncio; `errors`, `address` and `wire` do not."""
