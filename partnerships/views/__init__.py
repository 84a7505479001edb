"""The reading pages of partnerships."""
