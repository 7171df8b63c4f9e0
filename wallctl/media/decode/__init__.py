"""Packets into pictures."""
