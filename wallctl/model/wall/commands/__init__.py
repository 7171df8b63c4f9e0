"""Commands as values and as words, and how many of them are taken."""
