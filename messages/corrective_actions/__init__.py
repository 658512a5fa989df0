"""Corrective actions room: the card of an action for whoever carries it out, and the forms behind its buttons."""
