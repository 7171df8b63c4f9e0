"""Pure values and decisions: what a wall is, and what a command makes of it.

Nothing here reads a file, a socket or a clock, and nothing of ours is imported. Times are
``now_ns`` arguments (CLOCK_MONOTONIC unless a name says otherwise). Values are frozen msgspec
structs, so the same value is compared in tests, sent between processes and kept on disk.
"""
