"""Interviews: which rows of a list are drawn. Anybody who has the list and the seed draws the same again.

Each row, numbered from 1 without the heading, gets a mark: the SHA-256, in hexadecimal, of the text
`seed:fingerprint:row`, where the fingerprint is the SHA-256 of the list as it was given. The rows with the smallest
marks are drawn. More rows by the same seed are the same ones and more; another list by the same seed gives others, so
nobody can put rows where they won't be drawn.
"""

import hashlib
from datetime import date


def drawn(population: int, wanted: int, *, seed: int, fingerprint: str) -> list[int]:
    """The rows drawn, by their number from 1, in the order of the list; all of them where more are wanted."""
    marked = sorted(range(1, population + 1), key=lambda row: _mark(seed, fingerprint, row))
    return sorted(marked[:wanted])


def seed_of(day: date, draws_before: int = 0) -> int:
    """The seed of a draw: the organisation's day, such as 20261130; of a further draw with its number, 2026113002."""
    seed = int(f"{day:%Y%m%d}")
    return seed * 100 + draws_before + 1 if draws_before else seed


def _mark(seed: int, fingerprint: str, row: int) -> str:
    return hashlib.sha256(f"{seed}:{fingerprint}:{row}".encode()).hexdigest()
