"""What is decoded, and whether that fits a machine."""
