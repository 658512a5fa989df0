"""What the bot knows about compliance: rules, states, dates and permissions. No Slack, no SQL."""
