"""Everything around a request: addresses and proxies, lockout, content policy, logs, outages and health."""
