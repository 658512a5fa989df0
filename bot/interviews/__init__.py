"""Interviews room: at the edge."""
