"""Evidence: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class OwnEvidence(Refusal):
    """Nobody accepts evidence or work of their own (segregation of duties)."""

    title: str


@dataclass(eq=False)
class EvidenceMissing(Refusal):
    """Evidence is wanted and none was given yet. `wanted` is what was asked for; None: proof of a corrective action."""

    title: str
    wanted: str | None


@dataclass(eq=False)
class NothingToDispose(Refusal):
    """Nothing is past the day until which it must be kept."""


@dataclass(eq=False)
class NoOtherTask(Refusal):
    """There is no further open task that this file could serve."""

    file: str


@dataclass(eq=False)
class BadAddress(OfAField, Refusal):
    """An address given as evidence cannot be asked at all; `why` names the sentence: no_address, credentials, …

    The address itself is left out: where it holds a password, that must stand nowhere.
    """

    why: str
    field_name: str = ""


@dataclass(eq=False)
class NothingAskedHere(Refusal):
    """A file arrived where nobody asked for one.

    `settled` is everything that stands in that place, with its state, where none of it takes files.
    """

    settled: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False)
class GivenBefore(Refusal):
    """The very same file of Slack was given before, for what is `called` so."""

    file: str
    called: str


@dataclass(eq=False)
class ChosenBefore(Refusal):
    """It was said before what dropped files are for: what is `called` so."""

    file: str
    called: str


@dataclass(eq=False)
class QuestionForgotten(Refusal):
    """Somebody answers a question about dropped files that was asked so long ago that nothing is known of them."""


@dataclass(eq=False)
class NoTaskTakesEvidence(Refusal):
    """Somebody wants to give something for a task, and none that they may give it for is open."""
