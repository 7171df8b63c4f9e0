"""Pictures and streams made from canvases."""
