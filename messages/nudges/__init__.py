"""Nudges room: what it says."""
