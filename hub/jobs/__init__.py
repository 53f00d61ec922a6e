"""Work that outlives a call: kept in the database, leased to workers, taken over when one dies."""
