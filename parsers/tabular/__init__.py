"""CSV files of the contract: works, recordings, mandates and societies."""
