"""Usage reports: what a service played, line by line, and whom it must pay for it."""
