"""Files as people write them: one struct for each table of a file."""
