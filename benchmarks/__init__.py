"""Measurements of the wall. Each file here is a command; ``make bench`` runs them."""
