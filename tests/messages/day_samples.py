"""The message of the day: of several things, of one, of more than fits, told now and drawn anew."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from messages.desk_audits import cards as desk_audit_cards
from messages.evidence import cards as evidence_cards
from messages.evidence import retention
from messages.frameworks import gap_analysis
from messages.nonconformities import cards as nonconformity_cards
from messages.nudges import day as nudge_day
from messages.nudges.day import DayItem
from messages.packs import requests
from messages.people import cards as people_cards
from messages.tasks import days as task_days
from messages.tasks.cards import Reader
from messages.words.kit import Message
from tests.messages.desk_samples import seen_differently
from tests.messages.evidence_samples import disposal_card
from tests.messages.pack_samples import request
from tests.messages.values import (
    CHANNEL,
    DUE,
    JONAS,
    LATE,
    LIAM,
    MIRA,
    SUGGESTIONS,
    TODAY,
    Say,
    answers_card,
    asked,
    finding_item,
    gap_line,
    interview_card,
    task_card,
    work_item,
)

LATER = TODAY + timedelta(days=30)
TASKS: tuple[tuple[str, str, Reader], ...] = (
    ("open", "due", "owner"),
    ("returned", "returned", "owner"),
    ("submitted", "review", "lead"),
    ("open", "overdue", "lead"),
    ("open", "given", "reader"),
    ("open", "declined", "owner"),
    ("open", "reopened", "owner"),
    ("accepted", "opened", "owner"),
    ("waived", "waived", "owner"),
    ("missed", "missed", "owner"),
    ("submitted", "opened", "owner"),
    ("scheduled", "given", "owner"),
)
ABOUT = {"by": MIRA, "before": LIAM, "to": JONAS}


def a_task(say: Say, state: str, rung: str, reader: Reader, *, fresh: bool = True) -> DayItem:
    audience = "lead" if reader == "lead" and rung == "overdue" else "owner"
    return task_days.item(task_card(say, state), reader, rung, fresh=fresh, about={**ABOUT, "audience": audience})


def escalated(say: Say, audience: str) -> DayItem:
    about = {"audience": audience}
    return task_days.item(task_card(say, "open"), "reader", "overdue", fresh=True, about=about)


def not_mine(say: Say) -> DayItem:
    card = replace(task_card(say, "open"), asked=asked(say, "not_mine", to_id=LIAM))
    return task_days.item(card, "lead", "not_mine", fresh=True, about={})


def delegated(say: Say) -> DayItem:
    card = replace(task_card(say, "open"), asked=asked(say, "delegation", to_id=LIAM))
    return task_days.item(card, "asked", "delegation", fresh=True, about={})


def a_request(say: Say, state: str) -> DayItem:
    return requests.day_item(request(say, state), JONAS, today=TODAY)


def a_finding(say: Say, grade: str, reader: str = JONAS, *, is_besides: bool = False) -> DayItem:
    item = replace(finding_item(say, "implementing"), grade=grade, next_people=[JONAS], next_by=LATE)
    return nonconformity_cards.day_item(item, TODAY, reader, is_besides=is_besides, alone=lambda: day([]))


def a_gap(say: Say, *, is_theirs: bool) -> DayItem:
    return gap_analysis.given(gap_line(say, planned=True), by=MIRA, today=TODAY, is_theirs=is_theirs)


def work_moved(say: Say, why: str, states: Sequence[str] = ("open", "returned")) -> DayItem:
    items = [work_item(say, state) for state in states]
    return task_days.moved(why, from_id=LIAM, waiting=len(items), coming=1, items=items, today=TODAY)


def left(_: Say) -> DayItem:
    return people_cards.left(person_id=JONAS, handed_on=3, without_owner=1)


def cannot_reach(say: Say, whom: str) -> DayItem:
    return people_cards.cannot_reach(recipient=whom, why=say("user_disabled"))


def scope_missing(say: Say) -> DayItem:
    return evidence_cards.scope_missing(scope=say("files:read"), name=say("list.pdf"), given_by=JONAS)


def interview_declined(say: Say) -> DayItem:
    return desk_audit_cards.declined(interview_card(say, "declined"))


def day(items: list[DayItem]) -> Message:
    return nudge_day.day(items, person_id=JONAS)


ALONE: dict[str, Callable[[Say], DayItem]] = {
    **{
        f"task {state}, {rung}": partial(a_task, state=state, rung=rung, reader=reader) for state, rung, reader in TASKS
    },
    "not mine": not_mine,
    "delegated": delegated,
    "a request": partial(a_request, state="assigned"),
    **{f"escalated to {audience}": partial(escalated, audience=audience) for audience in ("manager", "management")},
    "gap given": partial(a_gap, is_theirs=True),
    "gap, no longer": partial(a_gap, is_theirs=False),
    **{f"work moved, {why}": partial(work_moved, why=why) for why in ("given", "stand_in", "back")},
    "work moved, given, to come alone": partial(work_moved, why="given", states=()),
    "left": left,
    "cannot reach a person": partial(cannot_reach, whom=JONAS),
    "cannot reach a channel": partial(cannot_reach, whom=CHANNEL),
    "scope missing": scope_missing,
    "interview declined": interview_declined,
    "finding seen differently": seen_differently,
}


def by_dates(say: Say) -> list[DayItem]:
    cards = [replace(task_card(say, "open"), due_on=due_on) for due_on in (DUE, TODAY, LATE, LATER)]
    return [task_days.item(card, "owner", "due", fresh=True, about={}) for card in cards]


def day_samples() -> dict[str, Callable[[Say], Message]]:
    return {
        **{f"day, {name}, alone": partial(_alone, made) for name, made in ALONE.items()},
        "day, of dates": lambda say: day(by_dates(say)),
        "day, of tasks": lambda say: day([a_task(say, *each) for each in TASKS[:4]]),
        "day, of escalations": lambda say: day([escalated(say, each) for each in ("manager", "management", "lead")]),
        "day, of notices": lambda say: day([left(say), work_moved(say, "back"), scope_missing(say)]),
        "day, of findings and gaps": lambda say: day(
            [
                a_gap(say, is_theirs=True),
                a_finding(say, "minor"),
                a_finding(say, "major"),
                a_finding(say, "minor", MIRA, is_besides=True),
            ]
        ),
        "day, of what is asked": lambda say: day(
            [
                delegated(say),
                *(a_request(say, state) for state in ("assigned", "answered", "withdrawn")),
            ]
        ),
        "day, of evidence": lambda say: day(
            [
                *(retention.day_item(disposal_card(say, state)) for state in ("proposed", "declined")),
                evidence_cards.runs_out(title=say("Review who has access"), until=DUE),
            ]
        ),
        "day, of interviews": lambda say: day(
            [
                *(desk_audit_cards.day_item(answers_card(say, each)) for each in ((None, None), (None,), SUGGESTIONS)),
                interview_declined(say),
            ]
        ),
        "day, all done": lambda say: day([a_task(say, *TASKS[7], fresh=False), a_gap(say, is_theirs=False)]),
        "day, drawn anew": lambda say: day([a_task(say, *each, fresh=False) for each in TASKS[4:9]]),
    }


def _alone(made: Callable[[Say], DayItem], say: Say) -> Message:
    return day([made(say)])
