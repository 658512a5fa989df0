"""Programme room: rules, commands and questions."""
