"""What leaves: outbox rows are composed, sent at Slack's pace, and settled."""
