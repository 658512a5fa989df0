"""People room: what it says."""
