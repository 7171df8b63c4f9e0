"""Whether a stream is alive, how late it is, and when its camera is called again."""
