"""Tasks room: at the edge."""
