"""Connections to cameras: names, logins, certificates, TCP."""
