"""The launcher behind `make`: standard library alone, because it runs before anything is installed."""
