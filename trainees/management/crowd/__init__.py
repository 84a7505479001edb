"""A whole network of young people who do not exist, written at one stroke, to measure the portal at its true size."""
