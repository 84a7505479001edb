"""The yearly event: editions, registration, door, ceremony, report (floor 8)."""
