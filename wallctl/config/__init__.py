"""TOML to model values and back to findings: every fault of a file, with file, key and line."""
