"""The Slack edge and the process: what arrives, what leaves, what runs."""
