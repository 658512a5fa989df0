"""Importing room: what it says."""
