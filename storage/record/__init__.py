"""The ledgers beside the rooms: trail, inbox and outbox."""
