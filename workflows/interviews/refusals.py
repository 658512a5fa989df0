"""Interviews: what they say no to."""

from dataclasses import dataclass

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class InterviewOver(Refusal):
    """Something was said in an interview that has ended, in this `state`; `auditor` is whom to tell instead."""

    state: str
    auditor: str


@dataclass(eq=False)
class NothingAskedYet(Refusal):
    """Something was said before the first question was asked."""


@dataclass(eq=False)
class ReadBackFirst(Refusal):
    """Something was said once every question was dealt with and the answers wait to be confirmed."""


@dataclass(eq=False)
class MessageGone(Refusal):
    """A message that was held back was to be read again, and is in Slack no longer."""


@dataclass(eq=False)
class OfferedNoLonger(Refusal):
    """Evidence that was offered with a question was chosen once it wasn't offered any more."""


@dataclass(eq=False)
class AuditsItself(OfAField, Refusal):
    """Somebody of the audit's own team was to be asked."""

    person: str
    field_name: str = "person"


@dataclass(eq=False)
class AskedAlready(OfAField, Refusal):
    """A colleague was to be asked who answers this question already, or takes no part in this audit."""

    person: str
    field_name: str = "person"


@dataclass(eq=False)
class NothingDrawn(Refusal):
    """Rows were to be drawn again of an answer from which none were drawn, or of which nobody has heard yet."""
