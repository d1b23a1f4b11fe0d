"""Request handling apart from the pages: proxies, lockout, content policy, logs, outages and health."""
