"""Audit reports room: what it says."""
