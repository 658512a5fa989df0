"""Nonconformities room: at the edge."""
