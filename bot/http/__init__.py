"""The HTTP server: health, metrics, feeds, packs, machines' evidence, and Slack's events where they come that way."""
