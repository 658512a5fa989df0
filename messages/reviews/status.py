"""How the programme stands, in figures: the answer to `/iso status`, and part of the leads' Home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words


@dataclass(frozen=True)
class OverdueOwner:
    """Somebody with overdue tasks: how many, and for how many calendar days the oldest is."""

    person_id: str
    count: int
    days: int


@dataclass(frozen=True)
class StandardReadiness:
    """Of one standard `ready` of `applicable` requirements have fresh, accepted evidence."""

    standard: str
    ready: int
    applicable: int


@dataclass(frozen=True)
class Programme:
    """The programme in figures; `ready` and `applicable` are over all standards, `readiness` is of each."""

    standards: Sequence[str]
    started_on: date
    ready: int
    applicable: int
    open_tasks: int
    overdue_tasks: int
    submitted_tasks: int
    accepted_tasks: int
    open_majors: int
    open_minors: int
    overdue_findings: int
    interviews: int
    interviews_done: int
    gap_actions: int = 0
    overdue_gap_actions: int = 0
    readiness: Sequence[StandardReadiness] = ()
    overdue: Sequence[OverdueOwner] = ()


def status(programme: Programme) -> Message:
    """The answer to `/iso status`."""
    wording = words("reviews/status/status", programme=programme)
    return kit.message(wording.summary, [kit.header(wording.title), *figures(programme)])


def figures(programme: Programme) -> list[Block]:
    """The programme's figures, and who is behind with what."""
    wording = words("reviews/status/status", programme=programme)
    behind = [words("reviews/status/status", overdue=each).overdue_line for each in programme.overdue]
    late = [kit.section(wording.overdue_title), kit.lines(behind)] if behind else [kit.section(wording.nothing_overdue)]
    ready = [words("reviews/status/status", of=each).ready_line for each in programme.readiness]
    counted = [wording.tasks, wording.findings, wording.audits, *([wording.gaps] if programme.gap_actions else [])]
    return [kit.section(wording.ready), *([kit.lines(ready)] if ready else []), kit.lines(counted), *late]
