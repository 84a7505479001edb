"""Backups: made while people work, checked without being restored, restored beside what exists and proven before it serves."""
