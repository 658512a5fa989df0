"""What a person does in the client: talk, run commands, press, fill in."""
