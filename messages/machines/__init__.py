"""Machines room: what it says."""
