"""Programme room: at the edge."""
