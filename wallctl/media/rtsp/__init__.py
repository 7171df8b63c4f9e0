"""The part of RTSP that is spoken here, beside libav."""
