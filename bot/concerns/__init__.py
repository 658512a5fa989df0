"""Concerns room: at the edge."""
