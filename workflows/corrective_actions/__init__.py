"""Corrective actions room: each action of a plan with whoever carries it out, from its card to its proof."""
