"""Windows, outputs, keys and mouse of an X display."""
