"""Is all of it making progress? Vital signs, heartbeat, canary, feeds' health: what makes a quiet night trustworthy."""
