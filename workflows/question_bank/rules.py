"""How much is asked of how many: the rules of numbers."""

from math import isqrt

from workflows.question_bank.bank import general
from workflows.question_bank.shapes import ABOUT_THE_ROOT, ALL

LEAST_BY_THE_ROOT = 2


def rows_to_draw(population: int) -> int:
    """How many rows are drawn of a list with so many, where the auditor doesn't say otherwise."""
    draw = next(draw for up_to, draw in general().sampling if up_to is None or population <= up_to)
    return population if draw is None else draw


def people_to_ask(people: str, population: int) -> int:
    """How many are asked of so many: the number, everybody, or about the square root, which is at least two.

    By the root, whoever answers for the work is asked besides, and is not among them. Raises `ValueError` for anything
    else.
    """
    if people == ALL:
        return population
    wanted = max(LEAST_BY_THE_ROOT, round_root(population)) if people == ABOUT_THE_ROOT else max(int(people), 0)
    return min(wanted, population)


def round_root(number: int) -> int:
    """The square root, rounded to the nearest whole number."""
    below = isqrt(number)
    return below + (number - below * below > below)
