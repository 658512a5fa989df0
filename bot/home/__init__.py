"""Home room: at the edge."""
