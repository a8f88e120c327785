"""What happens to jobs, without a screen: the outbox sends them, the monitor follows them, pacing says when."""
