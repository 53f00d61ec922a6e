"""What feeds and facts must look like: declarations, findings, identifiers, code tables."""
