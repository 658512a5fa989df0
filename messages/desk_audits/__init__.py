"""Desk audits room: what it says."""
