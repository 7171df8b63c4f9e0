"""The canvas of one screen: tiles, read from rings and painted."""
