"""Samples of what is said about the reports of audits, and about letting go of what people said in them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from messages.audit_reports import cards, letting_go
from messages.audit_reports.cards import LedTo, Outcome, ReportCard
from messages.audit_reports.letting_go import AnswersCard, DueAnswers
from messages.audit_reports.paper import Report, contents
from messages.audit_reports.payloads import AnswersRef, ReportRef
from messages.audit_reports.workbook import xlsx
from messages.evidence import retention
from messages.words import papers
from messages.words.kit import Message, Modal
from messages.words.wording import words
from storage.desk_audits.tables import Approach, Mode, Part, Party
from tests.messages.values import AT, DUE, JONAS, LIAM, MIRA, SHA256, Say
from workflows.audit_reports.rules import WORDS, Gap

REF = ReportRef(report=4, version=3)
KINDS = ("nonconformity", "observation", "opportunity", "good_practice", "conformity")
LEAVERS = "iso27001-2022:A.6.5"


def finding(say: Say, number: int, kind: str, **more: Any) -> dict[str, Any]:
    """A finding among the facts."""
    return {
        "number": number,
        "kind": kind,
        "requirement": LEAVERS,
        "statement": say("Nobody notices a forgotten mail."),
        "evidence": say("Two of three said so."),
        "place": say("Berlin"),
        "sample": say("3 of 14"),
        "answers": [31],
        "owner": JONAS,
        "raised_by": LIAM,
        "raised_on": "2026-03-02",
        "shown_on": "2026-03-03",
        "owner_agrees": None,
        "owner_view": "",
        "nonconformity": None,
        "grade": None,
        "withdrawn_on": None,
        "reason": "",
        **more,
    }


def note(say: Say, mode: str, **more: Any) -> dict[str, Any]:
    """Something that the auditor read or watched, among the facts."""
    return {
        "mode": mode,
        "requirements": [LEAVERS],
        "about": say("Leaver procedure 3.2"),
        "text": say("Version 4 of March names who closes accounts."),
        "rating": 2,
        "not_applicable": False,
        "noted_by": LIAM,
        "noted_on": "2026-03-03",
        **more,
    }


def facts(say: Say, **more: Any) -> dict[str, Any]:
    """The facts of an audit in which there is something of everything."""
    counts = {"0": 0, "1": 1, "2": 2, "3": 1, "not_applicable": 1}
    leavers = {"standard": say("ISO/IEC 27001:2022"), "number": say("A.6.5"), "title": say("Leavers")}
    row = {"requirement": LEAVERS, "people": 4, "answers": counts, "notes": counts}
    row["corroboration"] = {"0": 1, "1": 2, "2": 1, "3": 0}
    graded = [
        finding(say, 6, "nonconformity", grade=grade, nonconformity=number)
        for number, grade in enumerate(("major", "minor"), start=12)
    ]
    opinions = [
        finding(say, 8, "observation", owner_agrees=False, owner_view=say("We do."), shown_on=None),
        finding(say, 9, "observation", owner_agrees=True, withdrawn_on=None),
        finding(say, 10, "observation", withdrawn_on="2026-03-04", reason=say("Told twice")),
    ]
    check = {"check": "competence", "passed": False, "about": ""}
    member: dict[str, Any] = {
        "person": LIAM,
        "part": "lead",
        "checks": [],
        "exception": "",
        "named_on": "2026-03-01",
        "left_on": None,
    }
    sampled = {"audience": say("Everyone"), "population": 9, "left_out": {"away": 1}, "wanted": 4, "seed": 20260302}
    draw = {"list": say("leavers.csv"), "sha256": SHA256, "population": 14, "seed": 20260302, "rows": [2, 5, 11]}
    return {
        "format": "deskaudit-report/1",
        "organisation": say("Aldermoor"),
        "zone": "Europe/Berlin",
        "audit": {
            "id": 7,
            "title": say("How people leave"),
            "objective": say("See whether access ends."),
            "scope": say("Leavers"),
            "party": "first",
            "approach": "process",
            "auditee": JONAS,
            "places": [say("Berlin"), say("Singapore")],
            "processes": [say("IT")],
            "begins_on": "2026-03-02",
            "ends_on": "2026-03-13",
            "started_on": "2026-02-27",
            "reported_on": "2026-03-12",
            "announced_on": "2026-02-20",
            "opening_confirmed_by": JONAS,
            "opening_confirmed_on": "2026-02-27",
        },
        "criteria": {"standards": [say("ISO/IEC 27001:2022")], "requirements": [LEAVERS], "other": say("Procedure 3")},
        "team": [
            member,
            {**member, "checks": [{**check, "passed": True}]},
            {**member, "part": "expert", "checks": [check], "exception": say("Nobody else"), "left_on": "2026-03-05"},
        ],
        "sampling": [{**sampled, "drawn": 4, "asked": 4, "reason": say("All shifts")}],
        "interviews": {
            "asked": 9,
            "not_reached": 1,
            "confirmed": 4,
            "declined": 1,
            "withdrawn": 2,
            "running": 2,
            "handed_on": 1,
            "unknown": 1,
            "skipped": 1,
        },
        "modes": {"planned": [], "used": ["interview", "document_review"], "in_talks": 1, "in_writing": 3},
        "evidence": [{"id": 1, "name": say("leavers.csv"), "sha256": SHA256, "size": 512, "backs": 2}],
        "records": [say("Ticket 4711")],
        "notes": [note(say, "document_review"), note(say, "observation", rating=None, requirements=[])],
        "draws": [
            {**draw, "completeness": say("All of them"), "reason": say("More, as asked")},
            {**draw, "list": "", "sha256": None, "completeness": "", "reason": "", "rows": [1]},
        ],
        "not_covered": {"requirements": [LEAVERS], "people": 3, "modes": ["observation"]},
        "findings": [*graded, *(finding(say, each, kind) for each, kind in enumerate(KINDS, 1)), *opinions],
        "statistics": {"rows": [row, {**row, "requirement": ""}], "too_few_people": 1, "total": row},
        "unrated": 2,
        "requirements": {LEAVERS: leavers},
        "people": {JONAS: say("Jonas"), LIAM: say("Liam")},
        **more,
    }


NOTHING_FOUND: dict[str, Any] = {
    "findings": [],
    "team": [],
    "sampling": [],
    "draws": [],
    "evidence": [],
    "records": [],
    "notes": [],
    "unrated": 0,
    "interviews": dict.fromkeys(
        ("asked", "not_reached", "confirmed", "declined", "withdrawn", "running", "handed_on", "unknown", "skipped"), 0
    ),
    "modes": {"planned": [], "used": [], "in_talks": 0, "in_writing": 0},
    "not_covered": {"requirements": [], "people": 0, "modes": []},
    "statistics": {"rows": [], "too_few_people": 0, "total": None},
}


def report(say: Say, **more: Any) -> Report:
    """A report in which everything is written, not signed yet."""
    values: dict[str, Any] = {
        "audit_id": 7,
        "title": say("How people leave"),
        "revision": 2,
        "facts": facts(say),
        "summary": say("We looked at leavers."),
        "obstacles": say("Singapore was away."),
        "not_covered": say("Contractors."),
        "conclusion": say("Sound but for one thing."),
        "follow_up": say("Look again in May."),
        "reason": say("The place was wrong."),
        "distribution": [say("Jonas"), say("Mira")],
        "drafted_at": AT,
        **more,
    }
    return Report(**values)


def signed(say: Say, **more: Any) -> Report:
    """The same, signed by Liam."""
    return report(say, signed_by=say("Liam"), signed_at=AT, signed_as="lead", digest=SHA256, **more)


def empty(say: Say, **more: Any) -> Report:
    """A report of an audit in which nothing was done, and in which nobody wrote anything."""
    bare = dict.fromkeys(("summary", "obstacles", "not_covered", "conclusion", "follow_up", "reason"), "")
    return report(say, **bare, revision=1, distribution=(), facts=facts(say, **NOTHING_FOUND), **more)


def shown(of: Report, *deeds: str, **more: Any) -> ReportCard:
    """The card of a report, with some deeds on it."""
    return ReportCard(ref=REF, report=of, lead_id=LIAM, deeds=frozenset(deeds), **{"gaps": {}, **more})


def answers_card(state: str, say: Say, **more: Any) -> AnswersCard:
    """A proposal to let answers go."""
    audits = [DueAnswers(7, say("How people leave"), 31, None)]
    return AnswersCard(AnswersRef(5), state, MIRA, audits, JONAS if state == "approved" else None, **more)


def _overview(say: Say, *, due: bool) -> Message:
    audits = [DueAnswers(7, say("How people leave"), 31, DUE)] if due else []
    proposals = [] if due else [answers_card("proposed", say, deeds=frozenset({"approve", "decline"}))]
    also = letting_go.overview(audits, proposals, months=36, may_propose=True, may_set=True)
    return retention.overview([], [], may_propose=True, also=also)


def _none_due(_: Say) -> Message:
    also = letting_go.overview([], [], months=36, may_propose=True, may_set=False)
    return retention.overview([], [], may_propose=True, also=also)


def _led_to(say: Say) -> Outcome:
    asked = [(kind, [say("How?")] if number else []) for number, kind in enumerate(KINDS)]
    found = [LedTo(kind, say("Nobody notices a forgotten mail."), prompts) for kind, prompts in asked]
    return Outcome(say("How people leave"), LIAM, AT, found)


def _written(say: Say, shape: type) -> Modal:
    given = {name: say("As it was") for name in ("summary", "conclusion", "obstacles", "not_covered", "follow_up")}
    return cards.write_modal(REF, shape, given={**given, "distribution": (JONAS,)})


CHECKS = ("audited_self", "own_work", "own_team", "own_findings", "competence")
LEFT_OUT = ("bot", "account_closed", "guest", "away", "in_the_team", "reports_to_the_team", "asked_elsewhere")
KEYS = (*Part, *Mode, *Party, *Approach, *CHECKS, *LEFT_OUT)
"""What a report has words for: parts, methods, kinds of audits, checks of the team, why somebody was left out."""


def say_every_paper() -> None:
    """Set and write a report of everything, one of nothing, drafts, and signs that no font of a paper has."""
    of_few = {**NOTHING_FOUND["statistics"], "too_few_people": 2}
    drafts = [facts(str, **one) for one in ({"interviews": NOTHING_FOUND["interviews"]}, {"statistics": of_few})]
    for each in (signed(str), empty(str), *(report(str, facts=draft) for draft in drafts)):
        contents(each)
        xlsx(each)
    papers.legible({"text": "\U0001f642 \u4f60\u597d"})
    for key in KEYS:
        assert words("audit_reports/words")[str(key)].plain


def report_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every message and modal of the room."""
    gaps = {each.value: number for number, each in enumerate(Gap, start=1)}
    return {
        "report, a draft": lambda say: cards.card(shown(report(say), "write", gaps=gaps)),
        "report, an empty draft": lambda say: cards.card(shown(empty(say), "write")),
        "report, a draft for the team": lambda say: cards.card(shown(report(say))),
        "report, signed": lambda say: cards.card(shown(signed(say), "send", "correct", has_papers=True)),
        "report, signed, its papers to come": lambda say: cards.card(
            shown(replace(signed(say), revision=1, conclusion=""))
        ),
        "report, of nothing": lambda say: cards.card(shown(replace(empty(say), signed_at=AT, signed_as="lead"))),
        **{f"report, {each.__name__.lower()} form": partial(_written, shape=each) for each in WORDS},
        "report, sign form": lambda say: cards.sign_modal(shown(report(say), gaps=gaps)),
        "report, sign form, nobody gets it": lambda say: cards.sign_modal(shown(empty(say))),
        "report, correct form": lambda _: cards.correct_modal(REF),
        "outcome, findings": lambda say: cards.outcome(_led_to(say)).alone(),
        "outcome, none": lambda say: cards.outcome(replace(_led_to(say), led_to=[])).alone(),
        "answers, past their day": partial(_overview, due=True),
        "answers, proposed": partial(_overview, due=False),
        **{f"answers, {each}": partial(_decided, state=each) for each in ("proposed", "approved", "declined")},
        "answers, in the day": lambda say: letting_go.day_item(answers_card("proposed", say)).alone(),
        "answers, none past their day": _none_due,
        "answers, keep form": lambda _: letting_go.keep_for_modal(months=36, least=6, most=120),
        "answers, kept for": lambda _: letting_go.kept_for(36),
    }


def _decided(say: Say, state: str) -> Message:
    return letting_go.decided(answers_card(state, say))
