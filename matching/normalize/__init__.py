"""Text as the matcher compares it: one folding key for every script, names and titles taken apart."""
