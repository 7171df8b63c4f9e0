"""Cameras in: the decoder worker, one process per stream."""
