"""Samples of what the calendar says: obligations, certificates, the month and its feeds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from messages.frameworks.payloads import EditionRef
from messages.programme import certification, changes, feeds, months, obligations
from messages.programme.payloads import ObligationRef
from messages.tasks import cards as task_cards
from messages.words.kit import Message, Modal
from messages.words.recurrence import Rhythm
from storage.programme.tables import CertificateState
from tests.messages.values import AT, DAVID, DUE, JONAS, LATE, TODAY, Say, requirement, task_card
from workflows.programme.shapes import CertificateDates, Wishes

OBLIGATION = ObligationRef(obligation=3, version=2)
EDITION = EditionRef(edition="iso9001-2015", version=1)
RHYTHM = Rhythm("MONTHLY", interval=3, until=date(2030, 12, 31), month_days=(-1,), workday="BEFORE")
QUARTERLY = Rhythm("MONTHLY", interval=3)
WISHES = Wishes(
    title="",
    kind="control",
    urgency="normal",
    owner_kind="person",
    owner_id=JONAS,
    rhythm="quarterly",
    starts_on=DUE,
    lead_days="14",
    evidence_required=True,
)


def obligation(say: Say, kind: str = "person", owner: str = JONAS) -> obligations.ObligationItem:
    return obligations.ObligationItem(
        ref=OBLIGATION,
        title=say("Review who has access"),
        requirements=[requirement(say)],
        owner=owner,
        owner_kind=kind,
        deputy_id=DAVID,
        rhythm=RHYTHM,
        next_due=DUE,
        ends_on=DUE,
        is_paused=kind == "role",
        may_change=True,
    )


def obligation_list(say: Say) -> Message:
    owners = [("person", JONAS), ("role", "auditor"), ("group", "S0QUALITY")]
    items = [obligation(say, *owner) for owner in owners]
    return obligations.listing(items, page=2, pages=3, total=19, may_change=True)


def obligation_choices(say: Say) -> obligations.ObligationChoices:
    return obligations.ObligationChoices(
        kinds=("control", "audit", "review"),
        urgencies=("low", "normal", "high"),
        owners=("person", "lead", "auditor", "management", "reader", "group"),
        rhythms=[("quarterly", QUARTERLY), ("month_end", RHYTHM)],
        file_kinds=["pdf"],
    )


def obligation_form(say: Say, ref: ObligationRef | None = None) -> Modal:
    given = replace(
        WISHES,
        title=say("Review who has access"),
        purpose=say("People change jobs"),
        requirements=say("A.5.18"),
        deputy_id=DAVID,
        evidence_wanted=say("The signed list"),
    )
    return obligations.form(given, obligation_choices(say), ref)


def certificates(say: Say, state: str) -> Message:
    strengths = ("rule", "cb_policy", "practice", "own")
    coming = [certification.MilestoneItem(say("Surveillance"), LATE, strength, LATE) for strength in strengths]
    item = certification.CertificateItem(
        ref=EDITION,
        standard=say("ISO 9001:2015"),
        state=state,
        certification_body=say("A certification body"),
        scope=say("The cloud service"),
        since=LATE,
        expires_on=DUE,
        restorable_until=LATE if state == "expired_restorable" else None,
        milestones=coming,
    )
    unknown = certification.CertificateItem(EDITION, say("ISO 9001:2015"))
    return certification.listing([unknown, item], today=TODAY, may_set=True)


def certificate_form(say: Say) -> Modal:
    given = CertificateDates(
        state="applicant",
        scope=say("The cloud service"),
        certification_body=say("A certification body"),
        owner_id=JONAS,
        decided_on=LATE,
    )
    return certification.form(EDITION, standard=say("ISO 9001:2015"), given=given, states=tuple(CertificateState))


def change_form(say: Say) -> Modal:
    reviews = [("3", say("Reassess the risks")), ("4", say("Review the policy"))]
    return changes.form(say("We move to another office."), reviews=reviews, standards=[("own", say("ISO 9001:2015"))])


def task_of_a_change(say: Say) -> Message:
    return task_cards.card(replace(task_card(say, "open"), purpose=changes.purpose(say("We move."))), "owner")


def notice_of_a_change(say: Say) -> Message:
    title = changes.notice(say("ISO 9001:2015"))
    purpose, evidence_wanted = changes.about_notices(say("We move."))
    card = replace(task_card(say, "open"), title=title, purpose=purpose, evidence_wanted=evidence_wanted)
    return task_cards.card(card, "owner")


def announced_change(say: Say) -> Message:
    return changes.announced([changes.Asked(say("Reassess the risks"), JONAS, DUE)])


def feed(_: Say, scope: str) -> Message:
    return feeds.standing(made_at=AT, scope=scope)


def revoked_feed(_: Say, scope: str) -> Message:
    return feeds.revoked(scope=scope)


def empty_month() -> months.Month:
    return months.Month(first=date(2026, 3, 1), today=TODAY, entries=(), shows_everybody=False)


def month(say: Say) -> Message:
    states = ("scheduled", "open", "returned", "submitted", "accepted", "waived", "missed")
    entries = [months.Entry(say("Review who has access"), DUE, JONAS, state) for state in states]
    entries.append(months.Entry(say("First surveillance audit"), LATE, DAVID, "scheduled", external=True))
    shown = months.Month(
        first=date(2026, 3, 1), today=TODAY, entries=entries, shows_everybody=True, page=2, pages=3, total=40
    )
    return months.month(replace(shown, holidays=frozenset({date(2026, 3, 9)}), marked=frozenset({LATE, DUE})))


def calendar_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every one by name."""
    return {
        "obligations": obligation_list,
        "obligation, kept": lambda say: obligations.kept(obligation(say)),
        "obligations, none": lambda _: obligations.listing([], page=1, pages=1, total=0, may_change=True),
        **{f"certificates, {state}": partial(certificates, state=state) for state in CertificateState},
        "month": month,
        "month, empty": lambda _: months.month(empty_month()),
        "feed, new": lambda _: feeds.address(url="http://127.0.0.1:8080/calendar/3f9c.ics", scope="own"),
        **{f"feed, {scope}": partial(feed, scope=scope) for scope in ("own", "programme")},
        **{f"feed, {scope}, revoked": partial(revoked_feed, scope=scope) for scope in ("own", "programme")},
        "certificate form": certificate_form,
        "change form": change_form,
        "change form, nothing to tick": lambda _: changes.form("", reviews=[], standards=[]),
        "task card because of a change": task_of_a_change,
        "task card to tell of a change": notice_of_a_change,
        "change announced": announced_change,
        "change announced, nobody asked": lambda _: changes.announced([]),
        "task card of an audit": lambda say: task_cards.card(
            replace(task_card(say, "open"), has_calendar_file=True), "owner"
        ),
        "obligation form": obligation_form,
        "obligation form, change": lambda say: obligation_form(say, ref=OBLIGATION),
    }
