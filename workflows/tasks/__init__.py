"""Tasks room: rules, commands and questions."""
