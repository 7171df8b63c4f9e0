"""Canvases into a stream that leaves the wall."""
