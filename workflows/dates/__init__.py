"""Days: what people type for them, and the days of a recurrence."""
