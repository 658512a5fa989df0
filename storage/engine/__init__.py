"""How rows are kept: the database, its queue of commands, statements, and the unit of work."""
