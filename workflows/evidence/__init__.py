"""Evidence room: rules, commands and questions."""
