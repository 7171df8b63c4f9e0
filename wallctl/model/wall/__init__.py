"""What the wall shows, and who may change it. Knows no machine: no stream, ring or process."""
