"""Bytes in, declarations and findings out: streaming readers without a database or a clock."""
