"""Lists that leave the portal as files: what is on screen, no more, with a trace of who took it."""
