"""Layouts and keys on paper and as pictures, without a wall."""
