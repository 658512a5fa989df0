"""People room: rules, commands and questions."""
