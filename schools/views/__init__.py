"""The reading pages of the network."""
