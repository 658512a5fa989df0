"""Obligations: adding them, changing, pausing and ending them. What was opened already stays as it was lived."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Role, UserGroup
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation, OwnerKind, Urgency
from storage.tasks import queries as task_queries
from workflows.dates import recurrence
from workflows.evidence import file_kinds
from workflows.frameworks import questions as framework_questions
from workflows.nudges import ladders
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.rules import Actor
from workflows.programme import calendar
from workflows.programme.refusals import DateFromOutside
from workflows.refusals import AlreadyDecided, InputWanted, Stale
from workflows.tasks import commands as task_commands

# --- rules ---

LONGEST_LEAD = 365
LONGEST_TITLE = 200
GROUPS_NAMED = 10
CHOSEN = (Kind.CONTROL, Kind.AUDIT, Kind.REVIEW)
"""The kinds a lead may choose; the dates of certification come from the certificate."""

_GROUP = re.compile(r"(?:<!subteam\^)?(S[A-Z0-9]{4,30})(?:\|[^>]*)?>?")
_BETWEEN_REFERENCES = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Wishes:
    """What a lead writes down for an obligation, as it was typed where it was typed."""

    title: str
    purpose: str
    kind: str
    urgency: str
    requirements: str
    owner_kind: str
    owner: str
    deputy_id: str | None
    recurrence: str
    starts_on: date | None
    ends_on: date | None
    lead_days: str
    evidence_wanted: str
    evidence_required: bool
    accepts: Sequence[str] = ()


def values(uow: UnitOfWork, wishes: Wishes, editions: Sequence[str] | None = None) -> dict[str, Any]:
    """The columns that the wishes come to; bare numbers are looked up in `editions`, else in what is followed.

    Raises `InputWanted`, or what is wrong with the recurrence.
    """
    if not wishes.title or len(wishes.title) > LONGEST_TITLE:
        raise InputWanted("title", f"enter a title of up to {LONGEST_TITLE} characters")
    if wishes.kind not in CHOSEN:
        raise InputWanted("kind", "choose a kind from the list")
    if wishes.urgency not in tuple(Urgency):
        raise InputWanted("urgency", "choose a level from the list")
    if wishes.starts_on is None:
        raise InputWanted("starts_on", "choose the first due date")
    if wishes.deputy_id and not people_questions.reachable(uow, wishes.deputy_id):
        raise InputWanted("deputy", "choose someone who can read messages here, not a bot or a closed account")
    return {
        "title": wishes.title,
        "purpose": wishes.purpose,
        "kind": Kind(wishes.kind),
        "urgency": Urgency(wishes.urgency),
        "requirements": list(_references(uow, wishes.requirements, editions or framework_questions.scope(uow))),
        **_owner(uow, wishes),
        "deputy_id": wishes.deputy_id,
        "recurrence": recurrence.checked(wishes.recurrence, wishes.starts_on, wishes.ends_on),
        "starts_on": wishes.starts_on,
        "ends_on": wishes.ends_on,
        "lead_days": _lead_days(wishes.lead_days),
        "evidence_wanted": wishes.evidence_wanted,
        "evidence_required": wishes.evidence_required,
        "accepts": [each.key for each in file_kinds.kinds() if each.key in wishes.accepts],
    }


def _owner(uow: UnitOfWork, wishes: Wishes) -> dict[str, Any]:
    if wishes.owner_kind in set(Role):
        return {"owner_kind": OwnerKind.ROLE, "owner_id": wishes.owner_kind}
    if wishes.owner_kind == OwnerKind.GROUP:
        group = _group_meant(uow, wishes.owner)
        if wishes.deputy_id is None and not any(people_questions.reachable(uow, each) for each in group.members):
            raise InputWanted("deputy", f"choose a deputy, because nobody in @{group.handle} can be reached")
        return {"owner_kind": OwnerKind.GROUP, "owner_id": group.slack_id}
    if not people_questions.reachable(uow, wishes.owner):
        raise InputWanted("owner", "choose someone who can read messages here, not a bot or a closed account")
    return {"owner_kind": OwnerKind.PERSON, "owner_id": wishes.owner}


def _group_meant(uow: UnitOfWork, text: str) -> UserGroup:
    by_id = _GROUP.fullmatch(text)
    groups = [each for each in people_queries.user_groups(uow) if not each.is_disabled]
    for group in groups:
        if group.slack_id == (by_id[1] if by_id else None) or group.handle == text.removeprefix("@").lower():
            return group
    known = ", ".join(f"@{group.handle}" for group in groups[:GROUPS_NAMED]) or "none yet"
    raise InputWanted("group", f"enter the handle of a Slack user group, such as @it; I know {known}")


def _lead_days(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > LONGEST_LEAD:
        raise InputWanted("lead_days", f"enter a number of days from 0 to {LONGEST_LEAD}")
    return int(text)


def _references(uow: UnitOfWork, text: str, editions: Sequence[str]) -> Iterator[str]:
    """The requirements named in a text, whole (`iso27001-2022:A.5.18`) or by number in the editions."""
    for name in filter(None, _BETWEEN_REFERENCES.split(text)):
        found = [each for each in _meant(name, editions) if _is_known(uow, each)]
        if not found:
            raise InputWanted(
                "requirements", f"enter requirement numbers, such as A.5.18; “{name}” isn't one you follow"
            )
        yield from found


def _meant(name: str, editions: Sequence[str]) -> list[str]:
    return [name] if ":" in name else [f"{edition}:{name}" for edition in editions]


def _is_known(uow: UnitOfWork, reference: str) -> bool:
    try:
        return bool(framework_questions.find(uow, reference))
    except KeyError:
        return False


# --- commands ---


def add(uow: UnitOfWork, actor: Actor, *, wishes: Wishes, at: datetime) -> Obligation:
    """Add an obligation and plan its tasks, from today on.

    Raises `NotAllowed`, `NoProgrammeYet`, or what `values` refuses.
    """
    actor.must("change the obligations")
    people_questions.programme_must_run(uow)
    added = uow.add(Obligation(key=f"own:{token_hex(8)}", planned_until=_yesterday(uow, at), **values(uow, wishes)))
    _record(uow, actor, "add", added, at=at)
    _plan(uow, at)
    return added


def change(
    uow: UnitOfWork, actor: Actor, *, obligation_id: int, version: int, wishes: Wishes, at: datetime
) -> Obligation:
    """Change an obligation: tasks not yet open are planned anew from today on, all others stay as they are.

    Only the reminders of what is open follow at once. Raises as `to_change` and `values` do.
    """
    obligation = to_change(uow, actor, obligation_id=obligation_id, version=version, at=at)
    withdrawn = calendar.withdraw(uow, obligation, by=actor.person_id, reason="The obligation was changed.", at=at)
    changed = uow.change(obligation, planned_until=_yesterday(uow, at), **values(uow, wishes))
    _record(uow, actor, "change", changed, at=at, withdrawn=withdrawn)
    open_now = task_queries.of_obligation(uow, changed.id, task_queries.WAITS_FOR_ITS_OWNER)
    ladders.plan_anew(uow, open_now, today=local_day(uow.workspace().zone, at))
    _plan(uow, at)
    return changed


def pause(uow: UnitOfWork, actor: Actor, *, obligation_id: int, version: int, at: datetime) -> Obligation:
    """Plan nothing more of an obligation until it is resumed; tasks not yet open are withdrawn."""
    obligation = to_change(uow, actor, obligation_id=obligation_id, version=version, at=at)
    if obligation.paused_at is not None:
        raise AlreadyDecided(what=obligation.title, state="paused", by=None)
    withdrawn = calendar.withdraw(uow, obligation, by=actor.person_id, reason="The obligation was paused.", at=at)
    paused = uow.change(obligation, paused_at=at)
    _record(uow, actor, "pause", paused, at=at, withdrawn=withdrawn)
    return paused


def resume(uow: UnitOfWork, actor: Actor, *, obligation_id: int, version: int, at: datetime) -> Obligation:
    """Go on with an obligation that was paused; what would have been due meanwhile is not made up for."""
    obligation = to_change(uow, actor, obligation_id=obligation_id, version=version, at=at)
    if obligation.paused_at is None:
        raise AlreadyDecided(what=obligation.title, state="running", by=None)
    resumed = uow.change(obligation, paused_at=None, planned_until=_yesterday(uow, at))
    _record(uow, actor, "resume", resumed, at=at)
    _plan(uow, at)
    return resumed


def end(uow: UnitOfWork, actor: Actor, *, obligation_id: int, version: int, at: datetime) -> Obligation:
    """End an obligation for good; its history stays, and so do its open tasks."""
    obligation = to_change(uow, actor, obligation_id=obligation_id, version=version, at=at)
    withdrawn = calendar.withdraw(uow, obligation, by=actor.person_id, reason="The obligation was ended.", at=at)
    ended = uow.change(obligation, ended_at=at)
    _record(uow, actor, "end", ended, at=at, withdrawn=withdrawn)
    return ended


def to_change(uow: UnitOfWork, actor: Actor, *, obligation_id: int, version: int, at: datetime) -> Obligation:
    """The obligation a lead is about to change.

    Raises `NotAllowed`, `AlreadyDecided` when it has ended, `DateFromOutside`, or `Stale`.
    """
    actor.must("change the obligations")
    obligation = uow.get(Obligation, obligation_id)
    if obligation.ended_at is not None:
        raise AlreadyDecided(what=obligation.title, state="ended", by=None)
    if obligation.kind is Kind.CERTIFICATION:
        raise DateFromOutside(title=obligation.title)
    if obligation.version != version:
        raise Stale(what=obligation.title)
    return obligation


def _plan(uow: UnitOfWork, at: datetime) -> None:
    calendar.tick(uow, at)
    task_commands.tick(uow, at)


def _yesterday(uow: UnitOfWork, at: datetime) -> date:
    """Planning begins with today: nothing is dated back."""
    return local_day(uow.workspace().zone, at) - timedelta(days=1)


def _record(
    uow: UnitOfWork, actor: Actor, verb: str, obligation: Obligation, *, at: datetime, withdrawn: Sequence[int] = ()
) -> None:
    uow.record(
        actor=actor.person_id,
        verb=f"obligation.{verb}",
        subject="obligation",
        subject_id=obligation.id,
        at=at,
        details={
            "title": obligation.title,
            "urgency": obligation.urgency.value,
            "recurrence": obligation.recurrence,
            "starts_on": obligation.starts_on.isoformat(),
            "owner": f"{obligation.owner_kind}:{obligation.owner_id}",
            "withdrawn": list(withdrawn),
        },
    )


# --- questions ---


def listing(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[Obligation]:
    """Every obligation still kept, by title. Raises `NotAllowed` or `NoProgrammeYet`."""
    actor.must("see the obligations")
    people_questions.programme_must_run(uow)
    return sorted(programme_queries.living(uow), key=lambda each: (each.title, each.id))


def may_add(uow: UnitOfWork, actor: Actor, *, at: datetime) -> date:
    """Today, if the actor may add an obligation now. Raises `NotAllowed` or `NoProgrammeYet`."""
    actor.must("change the obligations")
    people_questions.programme_must_run(uow)
    return local_day(uow.workspace().zone, at)
