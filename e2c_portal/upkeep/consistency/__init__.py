"""The checks of each night: what the portal tells is compared with what it keeps, and each difference is named in French."""
