"""Slack at the edge: what arrives, what is called, and what a payload means."""
