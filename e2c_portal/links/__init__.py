"""Personal links: random, hashed at rest, bound to one thing and its version, expiring, revocable. No business word."""
