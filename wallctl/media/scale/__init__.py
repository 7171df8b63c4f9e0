"""Pictures into tiles, and canvases into other sizes and colours."""
