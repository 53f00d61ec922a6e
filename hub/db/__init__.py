"""The only place with a database: tables, engine, bulk loading and migrations."""
