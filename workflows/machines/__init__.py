"""Machines room: rules, commands and questions."""
