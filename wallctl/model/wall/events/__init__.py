"""What happens on the wall: one stream, which all who tell of it read."""
