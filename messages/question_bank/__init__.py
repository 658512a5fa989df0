"""Question bank room: what it says."""
