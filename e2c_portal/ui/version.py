"""The version of the portal, as pyproject.toml says it (a test compares both): images carry no pyproject."""

PORTAL_VERSION = "0.2.0"
