"""Frameworks: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class WhichRequirement(OfAField, Refusal):
    """What was typed is no requirement of what is followed, or several of them: `names` says which."""

    typed: str
    names: tuple[str, ...]
    field_name: str = ""


@dataclass(eq=False)
class MustApply(Refusal):
    """The requirement is one that a management system cannot do without."""

    standard: str
    number: str


@dataclass(eq=False)
class StatementIncomplete(Refusal):
    """A statement is approved as a whole: somebody has to decide about every requirement first."""

    standard: str
    undecided: int
