"""This machine's side of a wall: streams, rings, screens, child processes."""
