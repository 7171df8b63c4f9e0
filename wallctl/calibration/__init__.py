"""How fast this machine decodes and composes, measured on small walls."""
