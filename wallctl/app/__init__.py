"""The composition root: builds a wall from its parts and runs it until it ends."""
