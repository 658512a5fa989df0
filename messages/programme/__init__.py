"""Programme room: what it says."""
