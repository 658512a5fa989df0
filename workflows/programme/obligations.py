"""Obligations: adding them, changing, pausing and ending them. What was opened already stays as it was lived."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Role, UserGroup
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation, OwnerKind, Urgency
from storage.tasks import queries as task_queries
from workflows.dates import recurrence
from workflows.deed import Deed
from workflows.evidence import file_kinds
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.rules import EDITIONS
from workflows.nudges import ladders
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.programme import calendar
from workflows.programme.refusals import DateFromOutside
from workflows.programme.shapes import BY_RULE, Wishes
from workflows.refusals import AlreadyDecided, InputWanted, Stale, Thing
from workflows.shapes import of_row, values_of
from workflows.tasks import commands as task_commands
from workflows.wishes import Wish

# --- rules ---

LONGEST_LEAD = 365
LONGEST_TITLE = 200
GROUPS_NAMED = 10
CHOSEN = (Kind.CONTROL, Kind.AUDIT, Kind.REVIEW)
"""The kinds a lead may choose; the dates of certification come from the certificate."""

OWNERS = (OwnerKind.PERSON, *Role, OwnerKind.GROUP)
"""Who may own one: somebody, whoever has a role, or a user group."""

ASKED_ONLY = ("group", "rhythm")
"""What is asked beside `owner_id` and `recurrence`, and kept in them."""

_GROUP = re.compile(r"(?:<!subteam\^)?(S[A-Z0-9]{4,30})(?:\|[^>]*)?>?")


def values(uow: UnitOfWork, wishes: Wishes, editions: Sequence[str] | None = None) -> dict[str, Any]:
    """The columns that the wishes come to; bare numbers are looked up in `editions`, else in what is followed.

    Raises `InputWanted`, or what is wrong with the recurrence.
    """
    if not wishes.title or len(wishes.title) > LONGEST_TITLE:
        raise InputWanted("title", Wish.ENTER_TITLE_UP_TO, {"most": LONGEST_TITLE})
    if wishes.kind not in CHOSEN:
        raise InputWanted("kind", Wish.CHOOSE_KIND)
    if wishes.urgency not in tuple(Urgency):
        raise InputWanted("urgency", Wish.CHOOSE_LEVEL)
    if wishes.deputy_id and not people_questions.reachable(uow, wishes.deputy_id):
        raise InputWanted("deputy_id", Wish.CHOOSE_REACHABLE_PERSON)
    rule = recurrence.CHOICES.get(wishes.rhythm) or wishes.recurrence
    return {
        **{name: value for name, value in values_of(wishes).items() if name not in ASKED_ONLY},
        "kind": Kind(wishes.kind),
        "urgency": Urgency(wishes.urgency),
        "requirements": references(uow, wishes.requirements, editions),
        **_owner(uow, wishes),
        "recurrence": recurrence.checked(rule, wishes.starts_on, wishes.ends_on),
        "lead_days": _lead_days(wishes.lead_days),
        "accepts": file_kinds.in_order(wishes.accepts),
    }


def wishes_of(uow: UnitOfWork, obligation: Obligation) -> Wishes:
    """An obligation as a lead would write it down."""
    rhythms = {rule: key for key, rule in recurrence.CHOICES.items()}
    kind, owner, rule = obligation.owner_kind, obligation.owner_id, obligation.recurrence
    return of_row(
        Wishes,
        obligation,
        requirements=in_words(uow, obligation.requirements),
        owner_kind=owner if kind is OwnerKind.ROLE else kind.value,
        owner_id=owner if kind is OwnerKind.PERSON else None,
        group=handle(uow, obligation),
        rhythm=rhythms.get(rule, BY_RULE),
        recurrence="" if rule in rhythms else rule,
        lead_days=str(obligation.lead_days),
    )


def handle(uow: UnitOfWork, obligation: Obligation) -> str:
    """The handle of the user group that looks after it, if one does."""
    of_group = obligation.owner_kind is OwnerKind.GROUP
    group = people_queries.user_group(uow, obligation.owner_id) if of_group else None
    return f"@{group.handle}" if group else ""


def _owner(uow: UnitOfWork, wishes: Wishes) -> dict[str, Any]:
    if wishes.owner_kind in set(Role):
        return {"owner_kind": OwnerKind.ROLE, "owner_id": wishes.owner_kind}
    if wishes.owner_kind == OwnerKind.GROUP:
        group = _group_meant(uow, wishes.group)
        if wishes.deputy_id is None and not any(people_questions.reachable(uow, each) for each in group.members):
            raise InputWanted("deputy_id", Wish.CHOOSE_DEPUTY_OF_GROUP, {"handle": group.handle})
        return {"owner_kind": OwnerKind.GROUP, "owner_id": group.slack_id}
    return {"owner_kind": OwnerKind.PERSON, "owner_id": people_questions.must_be_an_owner(uow, wishes.owner_id)}


def _group_meant(uow: UnitOfWork, text: str) -> UserGroup:
    by_id = _GROUP.fullmatch(text)
    groups = [each for each in people_queries.user_groups(uow) if not each.is_disabled]
    for group in groups:
        if group.slack_id == (by_id[1] if by_id else None) or group.handle == text.removeprefix("@").lower():
            return group
    known = [f"@{group.handle}" for group in groups[:GROUPS_NAMED]]
    raise InputWanted("group", Wish.ENTER_HANDLE, {"known": known})


def _lead_days(text: str) -> int:
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > LONGEST_LEAD:
        raise InputWanted("lead_days", Wish.ENTER_DAYS_UP_TO, {"most": LONGEST_LEAD})
    return int(text)


def references(uow: UnitOfWork, text: str, editions: Sequence[str] | None = None) -> list[str]:
    """The requirements that somebody typed, by number in the editions, or in all in scope. Raises `InputWanted`."""
    return list(_references(uow, text, editions or framework_questions.scope(uow)))


def in_words(uow: UnitOfWork, requirements: Sequence[str]) -> str:
    """Requirements as somebody would type them."""
    return ", ".join(_in_words(uow, requirements))


def _references(uow: UnitOfWork, text: str, editions: Sequence[str]) -> Iterator[str]:
    """The requirements named in a text, in full (ISO/IEC 27001:2022 A.5.18) or by number in the editions."""
    in_full = _in_full(uow) if " " in text else {}
    for name in _split(text, in_full):
        found = in_full.get(name.casefold()) or [each for each in _meant(name, editions) if _is_known(uow, each)]
        if not found:
            raise InputWanted("requirements", Wish.ENTER_REQUIREMENTS, {"typed": name})
        yield from found


def _in_full(uow: UnitOfWork) -> Mapping[str, list[str]]:
    """What each name of a standard with a number means, followed or not; in small letters."""
    meant = framework_questions.meant(uow, dict.fromkeys((*EDITIONS, *framework_questions.scope(uow))))
    return {name: [each.reference for each in those] for name, those in meant.items() if " " in name}


def _split(text: str, in_full: Mapping[str, list[str]]) -> Iterator[str]:
    """The names one by one: a name may have blanks in it, and blanks may stand between numbers."""
    for piece in re.split(r"\s*[,;\n]\s*", text.strip()):
        yield from [piece] if piece.casefold() in in_full else piece.split()


def _in_words(uow: UnitOfWork, references: Sequence[str]) -> Iterator[str]:
    """The requirements as people name them, so that they are read back as the same; else as rows refer to them."""
    in_full = _in_full(uow)
    for reference in references:
        name = framework_questions.find(uow, reference).name
        is_read_back = list(_split(name, in_full)) == [name] and in_full[name.casefold()] == [reference]
        yield name if is_read_back else reference


def _meant(name: str, editions: Sequence[str]) -> list[str]:
    return [name] if ":" in name else [f"{edition}:{name}" for edition in editions]


def _is_known(uow: UnitOfWork, reference: str) -> bool:
    try:
        return bool(framework_questions.find(uow, reference))
    except KeyError:
        return False


# --- commands ---


def add(deed: Deed, *, wishes: Wishes) -> Obligation:
    """Add an obligation and plan its tasks, from today on.

    Raises `NotAllowed`, `NoProgrammeYet`, or what `values` refuses.
    """
    deed.must(Permission.CHANGE_OBLIGATIONS)
    people_questions.programme_must_run(deed.uow)
    added = deed.uow.add(
        Obligation(key=f"own:{token_hex(8)}", planned_until=_yesterday(deed), **values(deed.uow, wishes))
    )
    _record(deed, "add", added)
    _plan(deed)
    return added


def change(deed: Deed, *, obligation_id: int, version: int, wishes: Wishes) -> Obligation:
    """Change an obligation: tasks not yet open are planned anew from today on, all others stay as they are.

    Only the reminders of what is open follow at once. Raises as `to_change` and `values` do.
    """
    obligation = to_change(deed, obligation_id=obligation_id, version=version)
    withdrawn = calendar.withdraw(deed, obligation, reason="The obligation was changed.")
    changed = deed.uow.change(obligation, planned_until=_yesterday(deed), **values(deed.uow, wishes))
    _record(deed, "change", changed, withdrawn=withdrawn)
    open_now = task_queries.of_obligation(deed.uow, changed.id, task_queries.WAITS_FOR_ITS_OWNER)
    ladders.plan_anew(deed.uow, open_now, today=deed.today)
    _plan(deed)
    return changed


def pause(deed: Deed, *, obligation_id: int, version: int) -> Obligation:
    """Plan nothing more of an obligation until it is resumed; tasks not yet open are withdrawn."""
    obligation = to_change(deed, obligation_id=obligation_id, version=version)
    if obligation.paused_at is not None:
        raise AlreadyDecided(what=Thing.NAMED, called=obligation.title, state="paused", by=None)
    withdrawn = calendar.withdraw(deed, obligation, reason="The obligation was paused.")
    paused = deed.uow.change(obligation, paused_at=deed.at)
    _record(deed, "pause", paused, withdrawn=withdrawn)
    return paused


def resume(deed: Deed, *, obligation_id: int, version: int) -> Obligation:
    """Go on with an obligation that was paused; what would have been due meanwhile is not made up for."""
    obligation = to_change(deed, obligation_id=obligation_id, version=version)
    if obligation.paused_at is None:
        raise AlreadyDecided(what=Thing.NAMED, called=obligation.title, state="running", by=None)
    resumed = deed.uow.change(obligation, paused_at=None, planned_until=_yesterday(deed))
    _record(deed, "resume", resumed)
    _plan(deed)
    return resumed


def end(deed: Deed, *, obligation_id: int, version: int) -> Obligation:
    """End an obligation for good; its history stays, and so do its open tasks."""
    obligation = to_change(deed, obligation_id=obligation_id, version=version)
    withdrawn = calendar.withdraw(deed, obligation, reason="The obligation was ended.")
    ended = deed.uow.change(obligation, ended_at=deed.at)
    _record(deed, "end", ended, withdrawn=withdrawn)
    return ended


def to_change(deed: Deed, *, obligation_id: int, version: int) -> Obligation:
    """The obligation a lead is about to change.

    Raises `NotAllowed`, `AlreadyDecided` when it has ended, `DateFromOutside`, or `Stale`.
    """
    deed.must(Permission.CHANGE_OBLIGATIONS)
    obligation = deed.uow.get(Obligation, obligation_id)
    if obligation.ended_at is not None:
        raise AlreadyDecided(what=Thing.NAMED, called=obligation.title, state="ended", by=None)
    if obligation.kind is Kind.CERTIFICATION:
        raise DateFromOutside(title=obligation.title)
    if obligation.version != version:
        raise Stale(Thing.NAMED, obligation.title)
    return obligation


def _plan(deed: Deed) -> None:
    calendar.tick(deed.by_itself)
    task_commands.tick(deed.by_itself)


def _yesterday(deed: Deed) -> date:
    """Planning begins with today: nothing is dated back."""
    return deed.today - timedelta(days=1)


def _record(deed: Deed, verb: str, obligation: Obligation, *, withdrawn: Sequence[int] = ()) -> None:
    deed.record(
        f"obligation.{verb}",
        obligation,
        title=obligation.title,
        urgency=obligation.urgency.value,
        recurrence=obligation.recurrence,
        starts_on=obligation.starts_on.isoformat(),
        owner=f"{obligation.owner_kind}:{obligation.owner_id}",
        withdrawn=list(withdrawn),
    )


# --- questions ---


def listing(deed: Deed) -> list[Obligation]:
    """Every obligation still kept, by title. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.SEE_OBLIGATIONS)
    people_questions.programme_must_run(deed.uow)
    return sorted(programme_queries.living(deed.uow), key=lambda each: (each.title, each.id))


def to_add(deed: Deed) -> Wishes:
    """What stands in the form when a lead is about to add one. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.CHANGE_OBLIGATIONS)
    people_questions.programme_must_run(deed.uow)
    return Wishes(
        title="",
        kind=Kind.CONTROL,
        urgency=Urgency.NORMAL,
        owner_kind=OwnerKind.PERSON,
        owner_id=deed.by,
        rhythm="quarterly",
        starts_on=deed.today,
        lead_days="14",
        evidence_required=True,
    )
