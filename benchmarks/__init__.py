"""Measurements of the whole, each against the bare alternative on the same machine in the same run."""
