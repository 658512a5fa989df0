"""Responses room at the edge."""
