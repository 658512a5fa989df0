"""Frameworks room: rules, commands and questions."""
