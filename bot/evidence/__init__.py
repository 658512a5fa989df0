"""Evidence room: at the edge."""
