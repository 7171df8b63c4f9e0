"""Commands in, replies and events out: the only place that imports zmq."""
