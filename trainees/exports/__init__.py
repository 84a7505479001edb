"""The lists that leave as files: columns, one file for each part of the work."""
