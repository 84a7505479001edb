"""The yearly activity report: the figures of a complete year, frozen, printed, sealed, published."""
