"""Evidence room: what it says."""
