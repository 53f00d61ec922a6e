"""Linking: what the matcher judges the same, kept with its evidence and both times."""
