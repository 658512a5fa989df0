"""Machines room: at the edge."""
