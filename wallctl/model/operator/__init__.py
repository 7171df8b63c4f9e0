"""Keys and mouse into commands, and what happened into words."""
