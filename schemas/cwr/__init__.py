"""What a CWR file must look like: record tables by version, code lists and the order of records."""
