"""Samples of what is said at the auditor's desk, and about what was found."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from messages.desk_audits import cards, desk, findings
from messages.desk_audits.payloads import AuditRef, FindingRef, FindRef, SeatRef, SheetRef
from messages.nudges.day import DayItem
from messages.words.kit import Message, Modal
from tests.messages.interview_samples import answers, given
from tests.messages.values import ANSWER, AT, DAVID, DUE, JONAS, LIAM, MIRA, TODAY, Say, files, requirement

AUDIT = AuditRef(audit=7)
SEAT = SeatRef(answer=9, version=2, by="question")
PROGRESS = ("invited", "answering", "paused", "confirming", "confirmed", "declined", "withdrawn", "left")
KINDS = ("conformity", "good_practice", "opportunity", "observation", "nonconformity")
FOUND_STATES = ("raised", "shown", "agreed", "differs", "withdrawn")


def finding(say: Say, number: int, state: str) -> findings.FindingItem:
    kind = KINDS[number % len(KINDS)]
    return findings.FindingItem(
        ref=FindingRef(number, 1),
        number=number,
        kind=kind,
        statement=say("Nothing compares the leavers with the accounts."),
        evidence=say("One account of three was open for eleven days, leavers.csv (9f3c00000000)"),
        place=say("Leavers, Berlin"),
        sample=say("3 of 14 rows, drawn by chance"),
        owner_id=JONAS,
        state=state,
        requirement=requirement(say) if number % 2 else None,
        case=12 if kind == "nonconformity" else None,
        owner_view=say("It was the old form.") if state == "differs" else "",
        reason=say("Seen twice") if state == "withdrawn" else "",
        may_withdraw=state != "withdrawn",
    )


def found(say: Say) -> list[findings.FindingItem]:
    return [finding(say, number, state) for number, state in enumerate(FOUND_STATES, 1)]


def desk_card(say: Say, sight: str, **more: Any) -> Message:
    people = [
        desk.PersonProgress(
            (JONAS, MIRA, DAVID)[number % 3],
            state,
            number,
            8,
            1,
            DUE if state == "paused" else None,
            number == 1,
            further=int(state == "confirmed"),
        )
        for number, state in enumerate(PROGRESS)
    ]
    values: dict[str, Any] = {
        "ref": AUDIT,
        "sight": sight,
        "title": say("Access rights, spring 2026"),
        "standard": say("ISO/IEC 27001:2022"),
        "auditor_id": LIAM,
        "state": "running",
        "objective": say("To see whether access ends when people leave."),
        "scope": say("Leavers since January, Berlin"),
        "begins_on": TODAY,
        "ends_on": DUE,
        "people": () if sight == "own" else people,
        "readable": 8,
        "unrated": 3,
        "findings": found(say),
        "to_show": 1,
    }
    return desk.desk(desk.DeskCard(**{**values, **more}))


def bare_desk(say: Say, **more: Any) -> Message:
    bare = {"state": None, "objective": "", "scope": "", "begins_on": None, "ends_on": None, "people": ()}
    none = {"findings": (), "readable": 0, "unrated": 0, "to_show": 0}
    return desk_card(say, "desk", **{**bare, **none, **more})


def rating_line(say: Say, rating: str) -> desk.RatingLine:
    return desk.RatingLine(
        rating, "corroboration_2", say("Seen in the log"), LIAM, AT, [say("Ticket 12"), desk.missing_document()]
    )


def answer(say: Say, **more: Any) -> desk.AnswerOnDesk:
    values: dict[str, Any] = {
        "ref": SEAT,
        "audit": AUDIT.audit,
        "person_id": JONAS,
        "prompt": say("Take one leaver. Show me when their access ended."),
        "said": given(say),
        "answered_at": AT,
        "requirements": [requirement(say)],
    }
    return desk.AnswerOnDesk(**{**values, **more})


def beside(say: Say) -> dict[str, Any]:
    return {
        "intent": say("Whether access ends in time"),
        "listen_for": [say("a ticket"), say("a date")],
        "red_flags": [say("by word of mouth")],
        "wanted": [say("The list of leavers")],
    }


def whole_answer(say: Say, **more: Any) -> Modal:
    rated = {"rating": rating_line(say, "rating_1"), "earlier": [rating_line(say, "not_applicable")]}
    kept = [desk.KeptEvidence(say("The tickets of leavers"), say("tickets.csv"), TODAY)]
    shown = {"said": answers(say)[-1], "files": files(say, ("kept",)), "kept": kept}
    values = {**beside(say), **rated, "suggestion": "nonconformity", **shown}
    return desk.answer(answer(say, **{**values, **more}), SheetRef(AUDIT.audit, "question", 2))


def bare_answer(say: Say, **more: Any) -> Modal:
    return desk.answer(answer(say, **more), SheetRef(AUDIT.audit, "person", 1))


def sheet(say: Say, by: str) -> Modal:
    first = answer(say, **(beside(say) if by == "question" else {}), rating=rating_line(say, "rating_3"))
    others = [answer(say, said=each, wants_rating=False) for each in answers(say)]
    return desk.sheet(desk.Sheet(SheetRef(AUDIT.audit, by, 2), 3, [first, *others]))


def rows_sheet(say: Say) -> Modal:
    rows = [answer(say, prompt=say(f"What shows when account {number} was closed?")) for number in (1041, 1077)]
    after = say("Could you drop the list of leavers here?")
    return desk.sheet(desk.Sheet(SheetRef(AUDIT.audit, "question", 3), 3, rows, after))


def notes(say: Say) -> Modal:
    note = answer(say, mode="observation", person_id=LIAM)
    return desk.sheet(desk.Sheet(SheetRef(AUDIT.audit, "question", 1), 1, [note]))


def nothing_to_read(say: Say, by: str) -> Modal:
    return desk.sheet(desk.Sheet(SheetRef(AUDIT.audit, by, 1), 1))


def comparison(say: Say, *, is_empty: bool) -> Modal:
    rows = [
        desk.ComparedRequirement(requirement(say), then, now)
        for then, now in (("rating_0", "rating_3"), (None, "rating_1"), ("rating_2", None))
    ]
    return desk.comparison(
        desk.ComparisonCard(
            number=3,
            title=say("Access rights, autumn 2025"),
            opened_at=AT,
            ratings=[] if is_empty else rows,
            still_open=[] if is_empty else found(say)[:2],
        )
    )


def owners_card(say: Say) -> Message:
    title = say("Access rights, spring 2026")
    return findings.found(ref=AUDIT, title=title, auditor_id=LIAM, items=found(say)[1:])


def closed_owners_card(say: Say) -> Message:
    items = [replace(each, is_closed=True) for each in found(say)[1:]]
    return findings.found(ref=AUDIT, title=say("Access rights, spring 2026"), auditor_id=LIAM, items=items)


def finding_modal(say: Say, *, is_known: bool) -> Modal:
    given = {
        "kind": "nonconformity",
        "requirement": "iso27001-2022:A.5.18",
        "evidence": say("5 of 42 accounts were still open."),
        "statement": say("Access is not ended in time."),
        "place": say("Leavers"),
        "owner_id": DAVID,
    }
    sampled = [findings.Sampled(14, [say("1041"), say("1077")], 20_261_130), findings.Sampled(5, people=5)]
    return findings.finding_modal(
        ref=FindRef(AUDIT.audit, 9 if is_known else 0, "question" if is_known else ""),
        requirements=[findings.Choosable("iso27001-2022:A.5.18", requirement(say))],
        given=given if is_known else {},
        sampled=sampled if is_known else (),
    )


def note_modal(say: Say, *, is_planned: bool) -> Modal:
    return findings.note_modal(
        ref=AUDIT,
        prompts=[say("Checklist for leavers"), say("Rule for access")] if is_planned else (),
        requirements=[findings.Choosable("iso27001-2022:A.5.18", requirement(say))],
        files=[("3", say("leavers.csv"))] if is_planned else (),
    )


def rate_draft(say: Say) -> cards.RateDraft:
    return cards.RateDraft(
        said=given(say),
        ratings=["0", "1", "2", "3", "not_applicable"],
        corroborations=range(4),
        files=[("evidence:3", say("leavers.csv"))],
        elsewhere=[("answer:4", say("Priya: How do you notice?"))],
        given={"rating": "1", "corroboration": "2", "backed_by": ("evidence:3",), "rating_note": say("Seen on site")},
    )


def rate_modal(say: Say, *, is_first: bool) -> Modal:
    draft = rate_draft(say)
    return cards.rate_modal(replace(draft, files=(), elsewhere=(), given={}) if is_first else draft, ANSWER)


def seen_differently(say: Say) -> DayItem:
    return findings.differs(finding(say, 4, "differs"), say("Access rights, spring 2026"))


def own_audit(say: Say, **more: Any) -> desk.OwnAudit:
    values = {"confirmed": 3, "asked": 6, "unrated": 5, "to_show": 2, "is_due": True}
    return desk.OwnAudit(ref=AUDIT, title=say("Access rights, spring 2026"), **{**values, **more})


def desk_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    return {
        **{f"desk, for {sight}": partial(desk_card, sight=sight) for sight in ("desk", "overview", "own")},
        "desk, report due": partial(desk_card, sight="desk", unrated=0, to_show=0, is_due=True),
        "desk, findings to show": partial(desk_card, sight="desk", unrated=0),
        "desk, nothing waits": partial(desk_card, sight="desk", unrated=0, to_show=0),
        "desk, reported": partial(desk_card, sight="overview", state="reported"),
        "desk, withdrawn": partial(desk_card, sight="overview", state="withdrawn"),
        "desk, report signed": partial(desk_card, sight="desk", state="reported", closed="reported", has_report=True),
        "desk, called off": partial(desk_card, sight="desk", state="withdrawn", closed="withdrawn"),
        "desk, of an earlier version": bare_desk,
        **{f"answers by {by}": partial(sheet, by=by) for by in ("question", "person")},
        **{f"answers by {by}, none": partial(nothing_to_read, by=by) for by in ("question", "person")},
        "answers to a sample": rows_sheet,
        "notes of the team": notes,
        "answer on the desk": whole_answer,
        "answer on the desk, long": lambda say: whole_answer(say, rest=[say("It goes on."), say("It ends.")]),
        "answer on the desk, bare": bare_answer,
        "answer on the desk, report signed": lambda say: whole_answer(say, is_closed=True),
        "answer on the desk, wanted": lambda say: bare_answer(say, wanted=[say("A list")]),
        "answer on the desk, handed on": lambda say: bare_answer(say, said=given(say, "handed_on")),
        "answer on the desk, a file": lambda say: bare_answer(say, said=answers(say)[-1]),
        **{
            f"answer on the desk, {suggestion}": partial(whole_answer, suggestion=suggestion)
            for suggestion in ("verify_further", "observation", "conformity", "unverified")
        },
        **{f"note, {mode}": partial(bare_answer, mode=mode) for mode in ("observation", "document_review")},
        "comparison": partial(comparison, is_empty=False),
        "comparison, nothing rated": partial(comparison, is_empty=True),
        "comparison, no earlier audit": lambda _: desk.comparison(None),
        "findings": lambda say: findings.findings(found(say)),
        "findings, for their owner": owners_card,
        "findings, for their owner after the report": closed_owners_card,
        "finding modal": partial(finding_modal, is_known=True),
        "finding modal, of nothing": partial(finding_modal, is_known=False),
        "note modal": partial(note_modal, is_planned=True),
        "note modal, nothing planned": partial(note_modal, is_planned=False),
        "further modal": lambda say: findings.further_modal(
            SEAT, prompt=say("Take one leaver. Show me when their access ended."), person_id=JONAS
        ),
        "differ modal": lambda say: findings.differ_modal(finding(say, 4, "shown")),
        "withdraw modal": lambda say: findings.withdraw_modal(finding(say, 4, "shown")),
        "rate modal": partial(rate_modal, is_first=True),
        "rate modal, again": partial(rate_modal, is_first=False),
    }
