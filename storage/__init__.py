"""What the bot remembers: tables, files, the audit trail and migrations. No rules live here."""
