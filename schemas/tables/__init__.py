"""The columns of the CSV files, one table for reader, messages and exporters."""
