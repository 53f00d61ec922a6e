"""Records in, explained judgements and clusters out: no database, no parsers."""
