"""Responses room: what the bot asks the owner of a nonconformity, one question at a time."""
