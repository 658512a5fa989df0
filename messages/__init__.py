"""What the bot says: wording in templates, blocks around it. Receives plain values only."""
