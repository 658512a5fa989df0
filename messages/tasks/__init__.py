"""Tasks room: what it says."""
