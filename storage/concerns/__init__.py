"""Concerns room: its tables and the questions put to them."""
