"""The append-only log of events and its verification."""
