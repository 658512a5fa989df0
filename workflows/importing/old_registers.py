"""Frameworks room: moving a register of ISO/IEC 27001:2013 controls to the edition of 2022."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from workflows.deed import Deed
from workflows.files.data import read_data
from workflows.frameworks import rules as framework_rules
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted
from workflows.wishes import Wish

# --- rules ---

OLD_NUMBER = re.compile(r"(?<![\w.])(?:A\.?)?(\d{1,2}(?:\.\d{1,2}){2})(?![\w.])", re.IGNORECASE)
"""A control as registers write it, `A.9.2.3` or `9.2.3`; only controls had three parts."""


@dataclass(frozen=True)
class Migration:
    """What becomes of a register. Old numbers are of 2013, new ones of 2022.

    `merged` maps a new control to those of the register it took in; `split` an old one to the new ones it became.
    `new` came in 2022 and had no forerunner; `absent` had one, which is not in the register. `gone` has no successor.
    """

    carried: Mapping[str, str]
    merged: Mapping[str, tuple[str, ...]]
    split: Mapping[str, tuple[str, ...]]
    new: tuple[str, ...]
    absent: tuple[str, ...]
    gone: tuple[str, ...]
    unknown: tuple[str, ...]


@cache
def successors() -> Mapping[str, tuple[str, ...]]:
    """Each control of 2013 with those of 2022 that it became."""
    return {
        row["number"]: tuple(row["becomes"])
        for row in read_data("frameworks/catalogues/iso27001-2013-to-2022.yaml")["controls"]
    }


@cache
def forerunners() -> Mapping[str, tuple[str, ...]]:
    """Each control of 2022 with those of 2013 that it came from; none for what is new."""
    controls = [each for each in framework_rules.catalogue("iso27001-2022").requirements if each.startswith("A.")]
    return {new: tuple(old for old, became in successors().items() if new in became) for new in controls}


def numbers_in(text: str) -> list[str]:
    """The controls a text names, such as a pasted list or CSV, each once, as the standard writes them."""
    return list(dict.fromkeys(f"A.{found}" for found in OLD_NUMBER.findall(text)))


def move(register: Iterable[str]) -> Migration:
    """What a lead has to do with each control of an old register."""
    named = tuple(dict.fromkeys(register))
    old = [number for number in named if number in successors()]
    became = {number: successors()[number] for number in old}
    single = {number: new[0] for number, new in became.items() if len(new) == 1}
    merged = {number: new for number, new in single.items() if len(forerunners()[new]) > 1}
    reached = {new for numbers in became.values() for new in numbers}
    return Migration(
        carried={number: new for number, new in single.items() if number not in merged},
        merged={new: tuple(each for each in old if merged.get(each) == new) for new in dict.fromkeys(merged.values())},
        split={number: new for number, new in became.items() if len(new) > 1},
        new=tuple(new for new, came_from in forerunners().items() if not came_from),
        absent=tuple(new for new, came_from in forerunners().items() if came_from and new not in reached),
        gone=tuple(number for number, new in became.items() if not new),
        unknown=tuple(number for number in named if number not in successors()),
    )


# --- questions ---


def migrated(deed: Deed, *, text: str) -> Migration:
    """What becomes of the controls that a text names. Raises `NotAllowed`, or `InputWanted` when it names none."""
    deed.must(Permission.SEE_FRAMEWORKS)
    register = numbers_in(text)
    if not register:
        raise InputWanted("register", Wish.GIVE_OLD_CONTROLS)
    return move(register)
