"""Packs room: at the edge."""
