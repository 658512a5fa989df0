"""Interviews room: what it says."""
