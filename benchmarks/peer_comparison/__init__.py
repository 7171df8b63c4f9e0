"""The parts of ``peers.py``: how each peer is started, watched and told of."""
