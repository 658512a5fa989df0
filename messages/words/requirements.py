"""Frameworks room: how a requirement of a standard is named to people."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """A clause or control of one edition, such as `Requirement("ISO/IEC 27001:2022", "A.5.18", "Access rights")`.

    A document, law or contract stands in the place of the standard, and has no number.
    """

    standard: str
    number: str
    title: str = ""

    @property
    def name(self) -> str:
        """Edition and number, and the short title where there is one."""
        number = f"{self.standard} {self.number}".strip()
        return f"{number} ({self.title})" if self.title else number


def clauses(requirements: Sequence[Requirement]) -> str:
    """The requirements on one line, each edition named once: "ISO/IEC 27001:2022 A.5.18, A.8.2 · ISO 9001:2015 7.2"."""
    if len(requirements) == 1:
        return requirements[0].name
    numbers: dict[str, list[str]] = {}
    for each in requirements:
        numbers.setdefault(each.standard, []).append(each.number)
    return " · ".join(f"{standard} {', '.join(listed)}" for standard, listed in numbers.items())
