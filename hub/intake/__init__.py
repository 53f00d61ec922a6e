"""Submissions: kept byte for byte, read, staged in batches and made visible by one switch."""
