"""People room: at the edge."""
