"""Writes docs/states.md: the states of tasks and nonconformities and their time limits, as the code's own tables say.

After a change to one of the tables: `python -m docs.diagrams`.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from messages.words.filters import plural
from storage.nonconformities.tables import NonconformityState
from storage.packs.tables import PackState, RequestState
from storage.programme.tables import Kind, Urgency
from storage.tasks.tables import TaskState
from workflows.nonconformities import rules
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Ladder
from workflows.packs import commands as packs
from workflows.packs import requests
from workflows.tasks import rules as task_rules
from workflows.tasks.handovers import PUT_OFF

PAGE = Path(__file__).parent / "states.md"

TEXT = """\
# States, moves and time limits

This page is made from the tables in the code (`python -m docs.diagrams`), and a test holds it against them. A move that
is not on it does not exist.

## A task

{tasks}

`open` is the clock's move; the owner can make it earlier, with **Do it now**, up to {early} days before and never
longer before than the lead time. `submit` happens when the first file is kept, or when the owner presses **Done**.
`accept`, `return`, `waive` and `reopen` are a compliance lead's, each with a reason but the first, and never of work
they had a part in. `miss` is the clock's: when the next occurrence falls due, or {missed} days after the day of one
that has no next. A missed period stays missed, and nothing is backdated; its owner is asked why.

The scheduled day never changes. The owner can postpone the due day, {times} times at most, to at most {days} days
after the scheduled day and before the next occurrence; never if it was set by someone outside. What is returned or
reopened late leaves its owner {more} days.

The owner is told on the day the task opens. While it stays open, who hears of it and when is a matter of the
obligation's kind and urgency. An ordinary control climbs this ladder:

{ladder}

All ladders:

{ladders}

Days before are calendar days; what falls on a day off is told on the working day before. Days after are working days
of the owner, holidays of their country left out. Who is several of these hears of it once. Where there is no manager
or no management, the leads hear of it. What would come before the task opens is left out.

Whatever falls outside 09:00 to 17:00 of a working day in the reader's own time zone is told when their next working
day begins. After an outage only the latest reminder is sent, never every missed one.

## A nonconformity

{nonconformities}

`check effect` is the clock's move, all others are a person's. `confirm effective` closes a minor at once; a major then
waits in the same state for `co sign`, the second signature. Whoever must act next has this long:

{timers}

Working days are those of the owner, other days are calendar days. The time for the response and for carrying it out
counts from the day of issue and is never less than a week from the last move. The check of effect falls on the day the
owner proposed, moved into the span named here.

## What an auditor asks to see

{requests}

`assign` and `withdraw` are a compliance lead's, `answer` is whoever was asked or a lead, `accept` and `return` are an
auditor's, from inside or outside, or a lead's; never of an answer they gave themselves.

## An audit pack

{packs}

`make`, `hand out`, `fail` and `expire` are the bot's. A pack that was interrupted is begun anew, {tries} times at most;
`again` is a lead's. A pack expires {kept} days after it was made, and not before the last link to it has ended.
"""


class Move(NamedTuple):
    """One arrow of a diagram."""

    begins: StrEnum
    ends: StrEnum
    name: str


def page() -> str:
    """The whole page."""
    of_tasks = [Move(begin, end, name) for name, (begins, end) in task_rules.MOVES.items() for begin in begins]
    of_findings = [Move(begin, end, name) for name, (begin, end) in rules.MOVES.items()]
    of_requests = [Move(begin, end, name) for name, (begins, end) in requests.MOVES.items() for begin in begins]
    of_packs = [Move(begin, end, name) for name, (begins, end) in packs.MOVES.items() for begin in begins]
    return TEXT.format(
        requests=_diagram(RequestState, of_requests),
        packs=_diagram(PackState, of_packs),
        tries=packs.MOST_TRIES,
        kept=packs.KEPT_FOR.days,
        tasks=_diagram(TaskState, of_tasks),
        early=task_rules.EARLY_DAYS,
        missed=task_rules.MISSED_AFTER_DAYS,
        more=task_rules.MORE_TIME_DAYS,
        times=PUT_OFF.most_times,
        days=PUT_OFF.most_days,
        ladder=_climbed(ladders.shipped()[Kind.CONTROL, Urgency.NORMAL]),
        ladders="\n\n".join(_ladders()),
        nonconformities=_diagram(NonconformityState, of_findings),
        timers=_table(("", *(grade.value for grade in rules.TIMERS)), _timers()),
    )


def _diagram(states: type[StrEnum], moves: list[Move]) -> str:
    order = list(states)
    inner = sorted(moves, key=lambda move: (order.index(move.begins), order.index(move.ends)))
    begins, ends = {move.begins for move in moves}, {move.ends for move in moves}
    lines = [
        *(f"[*] --> {state}" for state in order if state in begins - ends),
        *(f"{move.begins} --> {move.ends}: {move.name.replace('_', ' ')}" for move in inner),
        *(f"{state} --> [*]" for state in order if state in ends - begins),
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"])


def _when(days: int) -> str:
    if days == 0:
        return "on the due date"
    return f"{plural(-days, 'day')} before" if days < 0 else f"{plural(days, 'working day')} after"


_IN_WORDS = {
    Audience.OWNER: "the owner",
    Audience.MANAGER: "their manager",
    Audience.LEAD: "every compliance lead",
    Audience.MANAGEMENT: "management",
}


def _ladders() -> Iterator[str]:
    """A table for each kind of obligation: its days below each other, its grades of urgency side by side."""
    of_kinds = {kind: [ladders.shipped()[kind, urgency] for urgency in Urgency] for kind in Kind}
    for climbed in dict.fromkeys(tuple(each) for each in of_kinds.values()):
        kinds = " or ".join(kind for kind in Kind if tuple(of_kinds[kind]) == climbed)
        days = sorted({rung.days for ladder in climbed for rung in ladder})
        rows = ((_when(day), *(_told(ladder, day) for ladder in climbed)) for day in days)
        yield _table((kinds, *(f"urgency {urgency}" for urgency in Urgency)), rows)


def _climbed(ladder: Ladder) -> str:
    rungs = [
        ("the task opens", _IN_WORDS[Audience.OWNER]),
        *((_when(rung.days), _told(ladder, rung.days)) for rung in ladder),
    ]
    steps = [f'rung{number}["{when}<br>{told}"]' for number, (when, told) in enumerate(rungs)]
    arrows = [f"rung{number} --> rung{number + 1}" for number in range(len(rungs) - 1)]
    return "\n".join(["```mermaid", "flowchart LR", *(f"    {line}" for line in (*steps, *arrows)), "```"])


def _told(ladder: Ladder, days: int) -> str:
    told = [_IN_WORDS[each] for rung in ladder if rung.days == days for each in rung.tells]
    return ", ".join(told)


def _timers() -> Iterator[tuple[str, ...]]:
    every = list(rules.TIMERS.values())
    yield "acknowledge it", *(f"{plural(each.acknowledge_working_days, 'working day')}" for each in every)
    yield "write the response", *(f"{each.respond_days} days" for each in every)
    yield "review the response", *(f"{plural(each.review_working_days, 'working day')}" for each in every)
    yield "carry it out", *(f"{each.implement_days} days" for each in every)
    yield "check that it was done", *(f"{plural(each.verify_working_days, 'working day')}" for each in every)
    yield "the effect is watched", *(f"{each.shortest_watch_days} to {each.longest_watch_days} days" for each in every)
    yield "judge the effect", *(f"{plural(each.judge_working_days, 'working day')}" for each in every)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heading = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
