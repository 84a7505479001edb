"""`make bench`: every figure of speed that the portal claims, measured on the spot and printed as JSON, one line each."""
