"""Nonconformities room: what it says."""
