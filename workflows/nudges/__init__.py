"""Nudges room: rules, commands and questions."""
