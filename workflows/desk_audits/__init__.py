"""Desk audits room: rules, commands and questions."""
