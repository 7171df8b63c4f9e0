"""The arena: rings of pictures in shared memory, one writer each, and readers that never wait."""
