"""What lies over the tiles of a screen."""
