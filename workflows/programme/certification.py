"""The certification cycle: what follows from the dates of a certificate, and keeping those dates.

The arithmetic is of pure functions over `workflows/programme/certification.yaml`; dates of certification are
dates, in no zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.programme import queries as programme_queries
from storage.programme.tables import Certificate, CertificateState, Kind, Obligation
from storage.tasks.tables import UNDECIDED, TaskState
from workflows.deed import Deed
from workflows.files.data import read_data
from workflows.frameworks import rules as framework_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.programme import calendar
from workflows.programme.shapes import CertificateDates
from workflows.refusals import EndBeforeStart, InputWanted, Stale, Thing
from workflows.shapes import values_of
from workflows.tasks import commands as task_commands
from workflows.wishes import Wish

# --- rules ---

YEARS_OF_A_CERTIFICATE = relativedelta(months=36)
TIME_TO_RESTORE = relativedelta(months=6)
ONCE = "FREQ=DAILY;COUNT=1"
LONGEST_NAME = 200

HELD = "last_surveillance_on"
ANCHORS = ("stage_1_on", "stage_2_on", "decided_on", "expires_on", "suspended_on", "transition_by", "next_audit_on")
"""The dates of a certificate from which others are counted; each is a column of it."""

WANTED: Mapping[CertificateState, tuple[str, ...]] = MappingProxyType(
    {
        CertificateState.STAGE_1_DONE: ("stage_1_on",),
        CertificateState.STAGE_2_DONE: ("stage_2_on",),
        CertificateState.CERTIFIED: ("decided_on",),
        CertificateState.REDUCED_SCOPE: ("decided_on",),
        CertificateState.SUSPENDED: ("decided_on", "suspended_on"),
    }
)
"""The dates without which a certificate cannot stand in a state."""

HAPPENED = ("decided_on",)
"""Dates of what has happened, whatever the state; those that a state cannot do without have happened too."""

ORDER = (
    ("stage_1_on", "stage_2_on"),
    ("stage_2_on", "decided_on"),
    ("decided_on", "suspended_on"),
    ("decided_on", HELD),
)
"""Of each pair the second day cannot come before the first."""

AUDITS = (
    *("stage_1", "stage_2", "surveillance_1", "surveillance_2", "recertification", "transition_audit"),
    "external_audit",
)
"""The milestones that are audits by the certification body."""

VALID = (CertificateState.CERTIFIED, CertificateState.REDUCED_SCOPE, CertificateState.SUSPENDED)
"""States that end by themselves on the day of expiry."""

LAPSED = (CertificateState.EXPIRED_RESTORABLE, CertificateState.EXPIRED)
"""Those that follow that day."""


@dataclass(frozen=True)
class Milestone:
    """A rule of the cycle: an entry of the catalogue, which says on top what its fields mean."""

    key: str
    title: str
    purpose: str
    anchor: str
    strength: str
    warn_days: tuple[int, ...]
    external: bool
    evidence_wanted: str
    states: tuple[CertificateState, ...]
    months: int = 0
    days: int = 0
    window: Mapping[str, tuple[int, int]] | None = None
    held_on: str = ""
    once_per_calendar_year: bool = False


@dataclass(frozen=True)
class Dated:
    """A milestone with the day by which it is due, and the days between which it is best done."""

    milestone: Milestone
    due_on: date
    window: tuple[date, date] | None

    @property
    def lead_days(self) -> int:
        """How long before its due day it is opened: with its window, or the first warning if that is earlier."""
        begins = self.window[0] if self.window else self.due_on
        return max((self.due_on - begins).days, *self.milestone.warn_days)


@cache
def milestones() -> tuple[Milestone, ...]:
    """Every rule of the cycle, in the order in which they come."""
    rows: list[dict[str, Any]] = read_data("programme/certification.yaml")["milestones"]
    return tuple(_milestone(row) for row in rows)


def _milestone(row: Mapping[str, Any]) -> Milestone:
    states = tuple(CertificateState(state) for state in row["states"])
    return Milestone(**{**row, "warn_days": tuple(row["warn_days"]), "states": states})


def expiry(decided_on: date, *, previous_expiry: date | None = None) -> date:
    """The last day of a certificate: three years after the decision, or after the end of the cycle it goes on with."""
    return (previous_expiry or decided_on) + YEARS_OF_A_CERTIFICATE


def restorable_until(expires_on: date) -> date:
    """The last day on which an expired certificate can be restored without a new stage 2."""
    return expires_on + TIME_TO_RESTORE


def state_on(state: CertificateState, expires_on: date | None, day: date) -> CertificateState:
    """The state on a day: a certificate is valid up to its last day, then restorable for a while, then expired."""
    ends_by_itself = state in VALID or state is CertificateState.EXPIRED_RESTORABLE
    if expires_on is None or not ends_by_itself or day <= expires_on:
        return state
    in_time = day <= restorable_until(expires_on)
    return CertificateState.EXPIRED_RESTORABLE if in_time else CertificateState.EXPIRED


def dated(milestone: Milestone, anchor: date) -> Dated:
    """When a milestone is due, counted from its anchor."""
    due_on = anchor + relativedelta(months=milestone.months, days=milestone.days)
    window = _window(milestone, anchor)
    if window and milestone.once_per_calendar_year:
        due_on = min(due_on, date(window[0].year, 12, 31))
    if window:
        window = window[0], min(window[1], due_on)
    return Dated(milestone, due_on, window)


def _window(milestone: Milestone, anchor: date) -> tuple[date, date] | None:
    if milestone.window is None:
        return None
    ((unit, (first, last)),) = milestone.window.items()
    return anchor + _after(unit, first), anchor + _after(unit, last)


def _after(unit: str, number: int) -> relativedelta:
    return relativedelta(months=number) if unit == "months" else relativedelta(days=number)


def cycle(state: CertificateState, anchors: Mapping[str, date | None]) -> list[Dated]:
    """What follows from the dates of a certificate in its state and is still to come, in order of the due days."""
    rules = [(each, anchors.get(each.anchor)) for each in milestones() if state in each.states]
    found = [dated(milestone, anchor) for milestone, anchor in rules if anchor is not None]
    return sorted((each for each in found if not _is_held(each, anchors)), key=lambda each: each.due_on)


def _is_held(each: Dated, days: Mapping[str, date | None]) -> bool:
    """Whether it was held already: on or after the day on which its window opened."""
    held_on = days.get(each.milestone.held_on)
    return held_on is not None and each.window is not None and held_on >= each.window[0]


def checked(uow: UnitOfWork, wanted: CertificateDates, known: Certificate | None, *, today: date) -> dict[str, Any]:
    """The columns that the dates come to. Raises `InputWanted` or `EndBeforeStart`, also for days in no right order."""
    if wanted.state not in set(CertificateState):
        raise InputWanted("state", Wish.CHOOSE_STATUS)
    people_questions.must_be_an_owner(uow, wanted.owner_id)
    if len(wanted.certification_body) > LONGEST_NAME:
        raise InputWanted("certification_body", Wish.ENTER_NAME_UP_TO, {"most": LONGEST_NAME})
    state = CertificateState(wanted.state)
    for name in WANTED.get(state, ()):
        if getattr(wanted, name) is None:
            raise InputWanted(name, Wish.ENTER_DATE_OF_STATUS)
    expires_on = wanted.expires_on or _counted_expiry(wanted, known)
    _in_order(wanted, expires_on)
    _in_the_past(wanted, state, today)
    return {**values_of(wanted), "state": state, "expires_on": expires_on}


def _counted_expiry(wanted: CertificateDates, known: Certificate | None) -> date | None:
    """Three years from the decision; a later decision than the one known goes on with the old cycle."""
    if wanted.decided_on is None:
        return None
    renewed = known is not None and known.decided_on is not None and wanted.decided_on > known.decided_on
    before = known.expires_on if known is not None and renewed else None
    restorable = before is not None and wanted.decided_on <= restorable_until(before)
    return expiry(wanted.decided_on, previous_expiry=before if restorable else None)


def _in_the_past(wanted: CertificateDates, state: CertificateState, today: date) -> None:
    for name in (*WANTED.get(state, ()), *HAPPENED):
        if (getattr(wanted, name) or today) > today:
            raise InputWanted(name, Wish.CHOOSE_DATE_UP_TO_TODAY)
    if wanted.last_surveillance_on and wanted.last_surveillance_on > today:
        raise InputWanted(HELD, Wish.ENTER_PAST_DATE)


def _in_order(wanted: CertificateDates, expires_on: date | None) -> None:
    for earlier, later in ORDER:
        first, second = getattr(wanted, earlier), getattr(wanted, later)
        if first and second and second < first:
            raise InputWanted(later, Wish.CHOOSE_DATE_FROM, {"first": first.isoformat()})
    if wanted.decided_on and expires_on and expires_on <= wanted.decided_on:
        raise EndBeforeStart(starts_on=wanted.decided_on, ends_on=expires_on, field_name="expires_on")


# --- commands ---


def set_dates(deed: Deed, *, edition: str, wanted: CertificateDates, version: int | None) -> Certificate:
    """Keep what a lead says about the certificate of an edition, and plan what follows from it.

    `version` is that of the certificate as the lead saw it, None where there was none yet.
    Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted`, `EndBeforeStart`, or `Stale`.
    """
    deed.must(Permission.SET_DATES_OF_CERTIFICATION)
    people_questions.programme_must_run(deed.uow)
    if edition not in deed.uow.workspace().standards:
        raise InputWanted("edition", Wish.CHOOSE_STANDARD_YOU_FOLLOW)
    known = programme_queries.certificate_of(deed.uow, edition)
    if version != (known.version if known else None):
        raise Stale(Thing.NAMED, framework_rules.catalogue(edition).standard)
    values = checked(deed.uow, wanted, known, today=deed.today)
    kept = deed.uow.change(known, **values) if known else deed.uow.add(Certificate(edition=edition, **values))
    _plan(deed, kept)
    task_commands.tick(deed.by_itself)
    dates = {name: _text(values[name]) for name in (*ANCHORS, HELD)}
    deed.record("certificate.set", kept, edition=edition, state=kept.state.value, **dates)
    return kept


def give_up(deed: Deed, edition: str) -> None:
    """Ask for nothing more about the certificate of an edition that is followed no longer."""
    known = programme_queries.certificate_of(deed.uow, edition)
    if known is not None:
        _plan(deed, deed.uow.change(known, state=CertificateState.WITHDRAWN))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def tick(deed: Deed) -> None:
    """Let certificates expire whose last day is over; what can be done then is planned."""
    for certificate in programme_queries.certificates(deed.uow):
        state = state_on(certificate.state, certificate.expires_on, deed.today)
        if state is not certificate.state:
            changed = deed.uow.change(certificate, state=state)
            _plan(deed, changed)
            deed.record("certificate.expire", certificate, edition=certificate.edition, state=state.value)


def _plan(deed: Deed, certificate: Certificate) -> None:
    """An obligation for each milestone: new ones, those whose day is another now, and those that are none any more."""
    wanted = {_key(certificate, each.milestone): each for each in of_certificate(certificate)}
    known = {each.key: each for each in programme_queries.beginning_with(deed.uow, f"certificate:{certificate.id}:")}
    today = deed.today
    for key, obligation in known.items():
        if key not in wanted and obligation.ended_at is None:
            _take_back(deed, obligation, today)
            deed.uow.change(obligation, ended_at=deed.at)
    for key, each in wanted.items():
        values = {**_values(certificate, each), "planned_until": today - timedelta(days=1), "ended_at": None}
        if key not in known:
            deed.uow.add(Obligation(key=key, **values))
        elif _is_another(known[key], values):
            _take_back(deed, known[key], today)
            deed.uow.change(known[key], **values)
    calendar.tick(deed.by_itself)


def _take_back(deed: Deed, obligation: Obligation, today: date) -> None:
    """Withdraw what lies ahead, open or not; what is overdue stays for somebody to explain."""
    calendar.withdraw(
        deed,
        obligation,
        states=(TaskState.SCHEDULED, *UNDECIDED),
        since=today,
        reason="The certificate has other dates now.",
    )


def _is_another(obligation: Obligation, values: Mapping[str, Any]) -> bool:
    compared = ("starts_on", "owner_id", "requirements", "ended_at")
    return any(getattr(obligation, name) != values[name] for name in compared)


def _key(certificate: Certificate, milestone: Milestone) -> str:
    return f"certificate:{certificate.id}:{milestone.key}"


def _values(certificate: Certificate, each: Dated) -> dict[str, Any]:
    milestone = each.milestone
    return {
        "title": f"{framework_rules.catalogue(certificate.edition).standard}: {milestone.title}",
        "purpose": milestone.purpose,
        "kind": Kind.CERTIFICATION,
        "owner_id": certificate.owner_id,
        "requirements": [],
        "recurrence": ONCE,
        "starts_on": each.due_on,
        "lead_days": each.lead_days,
        "external": milestone.external,
        "evidence_wanted": milestone.evidence_wanted,
        "evidence_required": bool(milestone.evidence_wanted),
    }


# --- questions ---


def next_audit(uow: UnitOfWork, edition: str, *, after: date) -> date | None:
    """The day of the certification body's next audit against an edition; None where none is to come."""
    certificate = programme_queries.certificate_of(uow, edition)
    if certificate is None:
        return None
    coming = (each.due_on for each in of_certificate(certificate) if each.milestone.key in AUDITS)
    return next((day for day in coming if day > after), None)


def of_certificate(certificate: Certificate) -> list[Dated]:
    """What follows from a certificate as it stands, in order of the due days."""
    return cycle(certificate.state, {name: getattr(certificate, name) for name in (*ANCHORS, HELD)})


def foreseen(wanted: CertificateDates) -> list[Dated]:
    """What would follow from dates that no certificate was known to have before."""
    days = {name: getattr(wanted, name) for name in (*ANCHORS, HELD)}
    days["expires_on"] = wanted.expires_on or _counted_expiry(wanted, None)
    return cycle(CertificateState(wanted.state), days)


def days_told(certificate: Certificate) -> dict[str, date | None]:
    """The days that say something of a certificate in its state, by what they tell."""
    state, expires_on = certificate.state, certificate.expires_on
    is_restorable = state is CertificateState.EXPIRED_RESTORABLE and expires_on is not None
    return {
        "since": {
            CertificateState.CERTIFIED: certificate.decided_on,
            CertificateState.REDUCED_SCOPE: certificate.decided_on,
            CertificateState.SUSPENDED: certificate.suspended_on,
        }.get(state),
        "expires_on": expires_on if state in (*VALID, *LAPSED) else None,
        "restorable_until": restorable_until(expires_on) if expires_on and is_restorable else None,
    }


def listing(deed: Deed) -> Sequence[Certificate]:
    """Every certificate. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.SEE_CERTIFICATES)
    people_questions.programme_must_run(deed.uow)
    return programme_queries.certificates(deed.uow)


def to_set(deed: Deed, *, edition: str) -> Certificate | None:
    """The certificate of an edition that a lead is about to set the dates of, if there is one yet."""
    deed.must(Permission.SET_DATES_OF_CERTIFICATION)
    people_questions.programme_must_run(deed.uow)
    return programme_queries.certificate_of(deed.uow, edition)
