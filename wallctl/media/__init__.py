"""The only place that imports av: open, demux, decode, scale, convert, encode."""
