"""Packs room: what it says."""
