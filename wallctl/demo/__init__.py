"""The demo's 14 cameras: scenes drawn in code, encoded once, then read like any camera.

Nothing else in the program knows these files; only ``wallctl demo`` makes and names them.
"""
