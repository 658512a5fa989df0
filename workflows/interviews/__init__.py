"""Interviews room: rules, commands and questions."""
