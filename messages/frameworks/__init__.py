"""Frameworks room: what it says."""
