"""Reading Common Works Registration files."""
