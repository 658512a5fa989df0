"""Question bank room: at the edge."""
