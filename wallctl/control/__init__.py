"""Commands in: the only place that imports zmq. Also what keys mean."""
