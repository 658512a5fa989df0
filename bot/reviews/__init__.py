"""Reviews room: at the edge."""
