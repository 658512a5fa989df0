"""How much is asked of how many: the rules of numbers."""

from math import isqrt

from workflows.question_bank.bank import general
from workflows.question_bank.shapes import ABOUT_THE_ROOT, ALL, Slice


def rows_to_draw(population: int) -> int:
    """How many rows are drawn of a list with so many, where the auditor doesn't say otherwise."""
    draw = next(draw for up_to, draw in general().sampling if up_to is None or population <= up_to)
    return population if draw is None else draw


def people_to_ask(slice_: Slice, population: int) -> int:
    """How many are asked of so many: the owner, who is not among them, is asked as well where it is `sqrt`."""
    if slice_.people == ALL:
        return population
    wanted = max(2, _about_the_root(population)) if slice_.people == ABOUT_THE_ROOT else int(slice_.people)
    return min(wanted, population)


def _about_the_root(population: int) -> int:
    whole = isqrt(population)
    return whole if population <= whole * (whole + 1) else whole + 1
