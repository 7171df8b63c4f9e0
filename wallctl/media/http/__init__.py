"""Web servers that give streams and still pictures."""
