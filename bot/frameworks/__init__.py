"""Frameworks room: at the edge."""
