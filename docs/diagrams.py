"""Writes docs/states.md: the states of tasks and nonconformities and their time limits, as the code's own tables say.

After a change to one of the tables: `python -m docs.diagrams`.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from messages.words.filters import plural
from messages.words.wording import words
from storage.nonconformities.tables import Grade, NonconformityState
from storage.packs.tables import PackState, RequestState
from storage.programme.tables import Kind, Urgency
from storage.tasks.tables import TaskState
from workflows.nonconformities import lifecycle, limits
from workflows.nonconformities.lifecycle import EVENTS, PHASES, Event, Phase, Target
from workflows.nonconformities.seats import RULES
from workflows.nudges import ladders
from workflows.nudges.ladders import Audience, Ladder
from workflows.packs import commands as packs
from workflows.packs import requests
from workflows.tasks import rules as task_rules
from workflows.tasks.handovers import PUT_OFF

PAGE = Path(__file__).parent / "states.md"

TEXT = """\
# States, moves and time limits

This page is generated from the tables in the code (`python -m docs.diagrams`), and a test compares the two. A move
that isn't here doesn't exist.

## A task

{tasks}

`open` is the clock's move; the owner can make it early, with **Do it now**, by up to {early} days and never by more
than the lead time. `submit` happens when the first file is kept, or when the owner presses **Done**. `accept`,
`return`, `waive` and `reopen` are for compliance leads, always with a reason except for the first, and never for
work they were involved in. `miss` is the clock's: when the next occurrence is due, or {missed} days after the due
date if there is no next one. A missed period stays missed, and nothing is backdated; its owner is asked why.

The scheduled date never changes. The owner can postpone the due date up to {times} times, to at most {days} days
after the scheduled date and before the next occurrence, but never if someone outside set it. If a task is returned
or reopened late, its owner has {more} days.

The owner gets a message on the day the task opens. Who else hears about it while it stays open, and when, depends
on the obligation's kind and urgency. This is the ladder of an ordinary control:

{ladder}

All ladders:

{ladders}

Days before the due date are calendar days; if one is a day off, the message goes out on the working day before.
Days after it are the owner's working days, without the holidays of their country. Someone who is several of these
people gets one message. If there is no manager or no management, the leads are told instead. Steps from before the
task opens are left out. The owner of a nonconformity, here, is whoever has to act on it next.

Messages that would fall outside 09:00 to 17:00 of a working day in the reader's own time zone go out when their
next working day begins. After an outage, only the latest reminder is sent, not every missed one.

## A nonconformity

People see four phases:

{phases}

{nonconformities}

The diagram leaves out what doesn't move a case. Everything that can happen to one:

{events}

`check effect` is the clock's; all others are people's. “Closed or waiting for the body” means that a finding of the
certification body never closes here before the body has closed it.

Who may do it depends on the case: nobody judges work they had a part in. If nobody of the first group is free, the next
one is asked, and that is said wherever the case is shown.

{seats}

Whoever has to act next has this long:

{timers}

Working days are those of whoever is to act; all other days are calendar days. A new round starts the limits anew, and
no date ever lies before the day on which it is set. A date that someone outside has set pulls ours forward, to two
weeks before it if possible, and never moves itself.

## What an auditor asks to see

{requests}

`assign` and `withdraw` are for compliance leads, `answer` for whoever was asked or a lead, and `accept` and
`return` for internal or external auditors or a lead, but never for their own answer.

## An audit pack

{packs}

The bot makes the moves `make`, `hand out`, `fail` and `expire`. If making a pack is interrupted, the bot starts
over, up to {tries} times in all; `again` is for a lead. A pack expires {kept} days after it was made, but not
before the last link to it has ended.
"""


class Move(NamedTuple):
    """One arrow of a diagram."""

    begins: StrEnum
    ends: StrEnum
    name: str


def page() -> str:
    """The whole page."""
    of_tasks = [Move(begin, end, name) for name, (begins, end) in task_rules.MOVES.items() for begin in begins]
    of_findings = list(_of_findings())
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
        events=_table(("Event", "From", "To", "Who", "Signs", "What happens"), _events()),
        phases=_table(("Phase", "States"), _phases()),
        seats=_table(("Who", "Roles", "Never", "If nobody is free"), _seats()),
        timers=_table(("Status", "Major", "Minor", "Counted from"), _timers()),
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
    Audience.AUDITOR: "the auditor",
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
    for grade in Grade:
        yield _of_cases(grade)


def _of_cases(grade: Grade) -> str:
    """How a nonconformity of a grade is told of, its phases side by side; after the last row again and again."""
    climbed = [ladders.shipped()[ladders.CASE, ladders.stage(grade, phase)] for phase in Phase]
    days = sorted({rung.days for ladder in climbed for rung in ladder})
    every = climbed[0][-1].every
    rows = [(_when(day), *(_told(ladder, day) for ladder in climbed)) for day in days]
    again = f"and every {plural(every, 'working day')} from then on"
    heading = (f"nonconformity, {grade}", *(phase.replace("_", " ") for phase in Phase))
    return _table(heading, [*rows[:-1], (f"{rows[-1][0]}, {again}", *rows[-1][1:])])


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


def _of_findings() -> Iterator[Move]:
    for name, event in EVENTS.items():
        for begin in event.begins:
            yield from (Move(begin, end, name) for end in _ends(event) if end is not begin)


def _ends(event: Event) -> list[NonconformityState]:
    """The states an event can lead to; none where it leaves a case where it is."""
    if event.ends is Target.SAME:
        return []
    done = [NonconformityState.AWAITING_BODY, NonconformityState.CLOSED]
    ends = done if event.ends is Target.DONE else [NonconformityState(event.ends)]
    return [*ends, *([event.major_ends] if event.major_ends else [])]


def _events() -> Iterator[tuple[str, ...]]:
    says, seats = words("nonconformities/lifecycle"), words("nonconformities/seats")
    for name, event in EVENTS.items():
        is_any = set(PHASES) <= set(event.begins)
        begins = "any open state" if is_any else ", ".join(_spoken(each) for each in event.begins)
        signs = event.signs.value if event.signs else ""
        yield f"`{name.replace('_', ' ')}`", begins, _whither(event), seats[event.by].plain, signs, says[name].plain


def _whither(event: Event) -> str:
    if event.ends is Target.SAME:
        return "stays"
    end = "closed or waiting for the body" if event.ends is Target.DONE else _spoken(event.ends)
    return f"{end}; a major: {_spoken(event.major_ends)}" if event.major_ends else end


def _spoken(state: str) -> str:
    return state.replace("_", " ")


def _phases() -> Iterator[tuple[str, ...]]:
    titles = words("nonconformities/phases")
    for phase in lifecycle.Phase:
        yield titles[phase].plain, ", ".join(_spoken(state) for state, each in PHASES.items() if each is phase)


def _seats() -> Iterator[tuple[str, ...]]:
    named = words("nonconformities/seats")
    for seat, rule in RULES.items():
        listed = ((each.value for each in group) for group in (rule.from_, rule.bars, rule.else_))
        yield named[seat].plain, *(", ".join(map(_spoken, each)) for each in listed)


def _timers() -> Iterator[tuple[str, ...]]:
    for state, limit in limits.LIMITS.items():
        unit = "working day" if limit.in_working_days else "day"
        since = "the start of the round" if limit.since is limits.Since.ROUND else "the last step"
        most = "the day in the plan, at most " if limit.is_planned else ""
        given = (f"{most}{plural(limit.of(grade), unit)}" for grade in Grade)
        yield _spoken(state), *given, since


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heading = list(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, ["---"] * len(heading), *rows))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
