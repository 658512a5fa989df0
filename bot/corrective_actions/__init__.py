"""Corrective actions room at the edge."""
