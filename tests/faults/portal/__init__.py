"""The portal as the tests of faults run it: real programs, that stop where a test asks them to and are killed there."""
