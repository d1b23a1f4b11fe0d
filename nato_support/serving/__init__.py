"""What stands around each request: addresses and proxies, lockout, content policy, logs, outages and health."""
