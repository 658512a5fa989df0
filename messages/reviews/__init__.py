"""Reviews room: what it says."""
