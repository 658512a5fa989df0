"""How everything is said: templates, Block Kit, limits, and the small words all rooms share."""
