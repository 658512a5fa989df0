"""Samples of what the room of case records says, and the record of a case in which everything happened."""

from collections.abc import Callable
from typing import Any

from messages.case_records import cards, register
from messages.case_records.paper import CaseRecord, contents
from messages.case_records.register import RegisterFigures
from messages.words.kit import Message, Modal
from messages.words.wording import words
from storage.nonconformities.tables import NonconformityState
from storage.people.tables import Role
from tests.messages.values import AT, DUE, JONAS, LIAM, MIRA, TODAY, Say
from workflows.case_records.figures import Share

Sample = Callable[[Say], Message | Modal]

DAY = TODAY.isoformat()
KEYS = (*Role, "independence", "competence", "another_team", "taken_over")
"""What a record has words for: roles, and the checks of whoever signs."""

ANSWER: dict[str, Any] = {
    **dict.fromkeys(("contained", "correction", "consequences", "extent", "risk_decision"), "Done"),
    **dict.fromkeys(("system_decision", "stands_because", "corrective_action", "review_comment"), "Said"),
    **dict.fromkeys(("effect_criterion", "effect_target", "effect_source", "effect_period"), "100 %"),
    "number": 1,
    "round": 1,
    "submitted_by": JONAS,
    "submitted_on": DAY,
    "check_effect_on": DAY,
    "reviewed_by": LIAM,
    "found_causes": [{"place": 1, "steps": ["A mail"], "how_unnoticed": "No list"}],
    "actions": [
        {
            "text": "A rule",
            "causes": [1],
            "assignee": JONAS,
            "due_on": DAY,
            "state": "accepted",
            "expected_proof": "The rule",
            "proof": "It runs",
            "files": ["rule.txt"],
            "remark": "",
        }
    ],
}


def facts(say: Say) -> dict[str, Any]:
    """A case of the body in its second round, returned, disputed and extended."""
    by_mira: dict[str, Any] = {"by": MIRA, "round": 1, "roles": ["lead"], "version_seen": 3, "time": "09:00"}
    return {
        "organisation": "Alder",
        "zone": "Europe/Berlin",
        "as_of_on": DAY,
        "case": {
            "number": 12,
            "state": "implementing",
            "criterion": "",
            "source": "interview",
            "reason": "",
            "requirement": {"standard": "ISO/IEC 27001:2022", "number": "A.5.18", "title": "Access rights"},
            "statement": say("Access stays open"),
            "evidence": say("One of three"),
            "place": say("Office"),
            "sample": "3 of 3",
            "process": "Leaving",
            "owner": JONAS,
            "earlier_owners": [LIAM],
            "raised_by": LIAM,
            "raised_on": DAY,
            "issued_by": LIAM,
            "issued_on": DAY,
            "due_on": DUE.isoformat(),
            "closed_on": None,
            "ended_on": DAY,
            "is_correction_only": False,
            "is_taken_over": True,
            "merged_into": None,
            "repeats": [3],
        },
        "grade": {"grade": "major", "tests": [{"id": "M1", "test": "Missing"}], "rationale": "Not in place"},
        "marks": ["extended"],
        "rounds": [
            {
                "number": number,
                "began_on": DAY,
                "begun_by": begun,
                "reason": "It came back",
                "paused_days": 3,
                "extended_to_on": DAY,
                "extended_by": MIRA,
                "extended_on": DAY,
                "extension_reason": "The vendor",
            }
            for number, begun in ((1, "issue"), (2, "recur"))
        ],
        "answers": [ANSWER, {**ANSWER, "number": 2, "round": 2, "review_comment": ""}],
        "checked": {"by": MIRA, "round": 1, "checked_on": DAY, "how": "Looked at it"},
        "effect_checks": [
            {
                "round": 1,
                "value": "80 %",
                "result": "Two late",
                "is_met": False,
                "watched_days": 40,
                "judged_by": MIRA,
                "judged_on": DAY,
            }
        ],
        "signatures": [
            {
                **by_mira,
                "signs": "implementation",
                "checks": [{"check": "independence", "passed": True}, {"check": "competence", "passed": False}],
                "mark": "outsider",
                "signed_on": DAY,
                "lapsed_on": DAY,
                "lapsed_by": "recur",
            }
        ],
        "contests": [
            {
                "by": JONAS,
                "contested_on": DAY,
                "reason": "It was met",
                "heard": "Met",
                "other_side": "Not met",
                "is_upheld": True,
                "decision": "It stands",
                "decided_by": MIRA,
                "decided_on": DAY,
            }
        ],
        "body": [
            {
                "body": "Certo",
                "audit": "Stage 2",
                "body_number": "7",
                "body_text": "Open",
                "letter": "Of today",
                "track": "reported",
                "dispute": "disputed",
                "reply_on": DAY,
                "plan_on": DAY,
                "corrected_on": DAY,
            }
        ],
        "letters": [{"event": "note_body", "by": MIRA, "noted_on": DAY}],
        "seats": [{"seat": "verifier", "person": MIRA, "reason": "Fresh eyes", "by": LIAM, "named_on": DAY}],
        "outsiders": [
            {
                "person": LIAM,
                "from_on": DAY,
                "until_on": DAY,
                "by": MIRA,
                "competence": "Lead auditor.",
                "independence": "No ties.",
            }
        ],
        "evidence": [_piece(each) for each in ("accepted", "returned", "withdrawn", "waiting")],
        "people": {JONAS: "Jonas", LIAM: "Liam", MIRA: "Mira"},
    }


def _piece(verdict: str) -> dict[str, Any]:
    return {
        "name": "rule.txt",
        "sha256": None,
        "shows_on": DAY,
        "received_on": DAY,
        "by": JONAS,
        "state": "kept",
        "verdict": verdict,
        "is_refused": verdict == "returned",
        "judged_by": MIRA,
        "reason": "Off",
        "is_older": True,
        "is_late": True,
    }


def bare(say: Say, **case: Any) -> dict[str, Any]:
    """A case of which nothing is on record but the finding."""
    lists = ("marks", "rounds", "answers", "effect_checks", "signatures", "contests", "body", "letters", "seats")
    known = facts(say)
    return {
        **known,
        **{name: [] for name in (*lists, "outsiders", "evidence")},
        "grade": {"grade": None, "tests": [], "rationale": ""},
        "case": {**known["case"], "is_taken_over": False, "repeats": [], "issued_by": None, **case},
        "checked": {"by": None, "round": 0, "checked_on": None, "how": ""},
    }


def say_every_record() -> None:
    """Set a case in which everything happened, and one of nothing, open and closed; and the register as a file."""
    answered = {**bare(str), "answers": [ANSWER]}
    for each in (facts(str), bare(str), bare(str, state="closed", closed_on=DAY), answered):
        contents(CaseRecord(each, AT))
    for key in KEYS:
        assert words("case_records/words")[str(key)].plain
    for state in NonconformityState:
        assert words("case_records/states")[state].plain
    register.xlsx([], at=AT)


def figures(*, nothing: bool = False) -> RegisterFigures:
    """The figures of a register, or of an empty one."""
    share = Share(0, 0) if nothing else Share(3, 4)
    return RegisterFigures(
        {
            "by_grade_and_phase": {} if nothing else {("major", "do_it"): 1, ("minor", "find_out_why"): 1200},
            "by_age": dict.fromkeys((30, 90, 180, None), 0) if nothing else {30: 1, 90: 1200, 180: 0, None: 0},
            "median_age": None if nothing else 41,
            "by_source": {} if nothing else {"interview": 7, "incident": 1},
            **dict.fromkeys(register.COUNTED, share),
        }
    )


def case_samples() -> dict[str, Sample]:
    """Every message of the room."""
    return {
        "case record, being made": lambda say: cards.making(file=say("NC-12.pdf")),
        "register, figures": lambda _: register.figures(figures(), may_export=True),
        "register, figures of nothing": lambda _: register.figures(figures(nothing=True), may_export=False),
    }
