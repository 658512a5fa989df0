"""Desk audits room: at the edge."""
