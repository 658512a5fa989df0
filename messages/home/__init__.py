"""Home room: what it says."""
