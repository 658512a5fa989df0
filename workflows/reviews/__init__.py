"""Reviews room: rules, commands and questions."""
