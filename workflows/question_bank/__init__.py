"""Question bank room: what auditors ask, whom, and which plans are made of it."""
