"""Audit reports room: at the edge."""
