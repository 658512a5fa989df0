"""Importing room: at the edge."""
