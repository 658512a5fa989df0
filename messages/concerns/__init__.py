"""Concerns room: what it says."""
