"""RTSP as far as it is spoken here, beside libav."""
