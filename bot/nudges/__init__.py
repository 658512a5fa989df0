"""Nudges room: at the edge."""
