"""What an auditor asks to see: the list, every move of a request, and who may make it."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlmodel import col

from messages.words.wording import words
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestState
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, deed, owed, the_bot
from tests.workflows.test_tasks import give, the_access_review
from workflows.evidence import commands as evidence_commands
from workflows.evidence import dropping, retention
from workflows.evidence.refusals import OwnEvidence
from workflows.evidence.rules import OfferedFile, Place
from workflows.files import spreadsheets
from workflows.packs import requests
from workflows.packs.requests import MOVES
from workflows.people.refusals import CannotTakeOver
from workflows.refusals import AlreadyDecided, BadRows, InputWanted, NotAllowed, Refusal, Stale, UnreadableFile

LIST = b"""Number;Request;Requirement;Period;Sample;Owner;Due
A-1;Show me the last access review;A.5.18;Q3 2026;25 of 180 leavers;Jonas;2026-12-04
;=1+1 shows how you count;;;;;
"""


def bring(uow: UnitOfWork, data: bytes = LIST, by: str = "UMIRA") -> list[AuditRequest]:
    return requests.bring(deed(uow, by), file="list.csv", table=spreadsheets.read("list.csv", data))


def in_state(uow: UnitOfWork, state: RequestState) -> AuditRequest:
    """A request that Jonas answers, put into a state by hand."""
    [asked, _] = bring(uow)
    answered = {"answer": "See E1.", "answered_by": "UJONAS", "answered_at": MONDAY}
    settled = {"settled_by": "ULIAM"} if state is RequestState.ACCEPTED else {}
    return uow.change(asked, state=state, **answered, **settled)


Deed = Callable[[UnitOfWork, AuditRequest, str], AuditRequest]

DEEDS: dict[str, Deed] = {
    "assign": lambda uow, each, who: requests.assign(
        deed(uow, who), request_id=each.id, version=each.version, owner_id="UPRIYA"
    ),
    "answer": lambda uow, each, who: requests.answer(
        deed(uow, who), request_id=each.id, version=each.version, text="Here it is."
    ),
    "return": lambda uow, each, who: requests.return_(
        deed(uow, who), request_id=each.id, version=each.version, reason="Of which quarter?"
    ),
    "accept": lambda uow, each, who: requests.accept(deed(uow, who), request_id=each.id, version=each.version),
    "withdraw": lambda uow, each, who: requests.withdraw(
        deed(uow, who), request_id=each.id, version=each.version, reason="Seen on site."
    ),
}
WHO_MAY = {
    "assign": {"UMIRA", "UINES"},
    "answer": {"UMIRA", "UINES", "UJONAS"},
    "return": {"UMIRA", "UINES", "ULIAM"},
    "accept": {"UMIRA", "UINES", "ULIAM"},
    "withdraw": {"UMIRA", "UINES"},
}


@pytest.mark.parametrize("state", list(RequestState))
@pytest.mark.parametrize("move", list(MOVES))
def test_every_move_begins_where_the_table_says_and_nowhere_else(
    programme: UnitOfWork, state: RequestState, move: str
) -> None:
    request = in_state(programme, state)
    begins, ends = MOVES[move]
    if state in begins:
        assert DEEDS[move](programme, request, "UINES").state is ends
    else:
        with pytest.raises(AlreadyDecided):
            DEEDS[move](programme, request, "UINES")


@pytest.mark.parametrize("who", ["UMIRA", "UINES", "UJONAS", "ULIAM", "UDAVID", "UPRIYA", "UTOM"])
@pytest.mark.parametrize("move", list(MOVES))
def test_who_may_make_a_move(programme: UnitOfWork, move: str, who: str) -> None:
    begins, _ = MOVES[move]
    request = in_state(programme, RequestState.ANSWERED if RequestState.ANSWERED in begins else RequestState.ASSIGNED)
    if who in WHO_MAY[move]:
        DEEDS[move](programme, request, who)
    else:
        with pytest.raises(NotAllowed):
            DEEDS[move](programme, request, who)


@pytest.mark.parametrize(("who", "refusal"), [("UMIRA", None), ("ULIAM", NotAllowed), ("UJONAS", NotAllowed)])
@pytest.mark.parametrize("move", ["assign", "withdraw"])
def test_only_leads_are_shown_the_form_by_which_a_request_is_assigned_or_withdrawn(
    programme: UnitOfWork, move: str, who: str, refusal: type[Refusal] | None
) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    with nullcontext() if refusal is None else pytest.raises(refusal):
        requests.to_move(deed(programme, who), move=move, request_id=request.id)


@pytest.mark.parametrize("move", ["accept", "return"])
def test_nobody_judges_their_own_answer(programme: UnitOfWork, move: str) -> None:
    request = programme.change(in_state(programme, RequestState.ANSWERED), answered_by="UMIRA")
    with pytest.raises(OwnEvidence):
        DEEDS[move](programme, request, "UMIRA")


@pytest.mark.parametrize("move", list(MOVES))
def test_what_has_changed_since_it_was_seen_is_told(programme: UnitOfWork, move: str) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    programme.change(request)
    with pytest.raises(Stale):
        DEEDS[move](programme, request, "UINES")


def test_a_list_is_taken_whole_and_owners_hear_of_theirs(programme: UnitOfWork) -> None:
    first, second = bring(programme)
    assert (first.number, first.label, first.requirement, first.owner_id) == (
        1,
        "A-1",
        "iso27001-2022:A.5.18",
        "UJONAS",
    )
    assert (first.state, str(first.due_on), first.sample) == (
        RequestState.ASSIGNED,
        "2026-12-04",
        "25 of 180 leavers",
    )
    assert (second.number, second.what, second.state) == (2, "=1+1 shows how you count", RequestState.OPEN)
    assert owed(programme, "audit_request", "assigned", first.id) == {"UJONAS"}
    assert owed(programme, "audit_request", "assigned", second.id) == set()


def test_a_list_brought_again_asks_only_for_what_is_new_in_it(programme: UnitOfWork) -> None:
    first, _ = bring(programme)
    assert bring(programme) == []
    assert [each.label for each in bring(programme, LIST + b"A-3;Show me the register;;;;;\n")] == ["A-3"]
    DEEDS["withdraw"](programme, first, "UINES")
    assert [each.label for each in bring(programme)] == ["A-1"]


@pytest.mark.parametrize(
    "typed", ["A.5.18", "ISO/IEC 27001:2022 A.5.18", "iso/iec 27001 A.5.18", "ISO 27001 a.5.18", "iso27001-2022:A.5.18"]
)
def test_a_requirement_is_known_by_what_people_call_it(programme: UnitOfWork, typed: str) -> None:
    [asked, _] = bring(programme, LIST.replace(b"A.5.18", typed.encode()))
    assert asked.requirement == "iso27001-2022:A.5.18"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (b";;;;;;", "the request is empty"),
        (b";Show it;A.99.1;;;;", "A.99.1 is not a requirement"),
        (
            b";Show it;7.2;;;;",
            "7.2 could be several requirements; name one in full: ISO/IEC 27001:2022 7.2, ISO 9001:2015 7.2",
        ),
        (b";Show it;;;;Nobody;", "no one, or more than one person, is called “Nobody”"),
        (b";Show it;;;;;2027-02-30", "2027-02-30 is not a date"),
        (b";" + b"a" * 3001 + b";;;;;", "longer than 3000 characters"),
    ],
)
def test_one_bad_row_and_none_is_taken(programme: UnitOfWork, row: bytes, fault: str) -> None:
    data = LIST + b"x" + row if fault == "the request is empty" else LIST + row
    with pytest.raises(BadRows) as no:
        bring(programme, data)
    [(number, said)] = no.value.rows
    assert number == 4
    assert fault in words("words/refusals/row_fault", fault=said).words.plain
    assert stored_requests.every(programme) == []


def test_everything_that_is_wrong_with_a_row_is_told_at_once(programme: UnitOfWork) -> None:
    with pytest.raises(BadRows) as no:
        bring(programme, LIST + b";;A.99.1;;;Nobody;2027-02-30")
    assert [number for number, _ in no.value.rows] == [4, 4, 4, 4]


@pytest.mark.parametrize("data", [b"Number;What\n1;Show it\n", b"Request\n"])
def test_a_list_without_requests_is_none(programme: UnitOfWork, data: bytes) -> None:
    with pytest.raises(BadRows):
        bring(programme, data)


def test_a_file_that_is_no_table_is_told(programme: UnitOfWork) -> None:
    with pytest.raises(UnreadableFile):
        spreadsheets.read("list.pdf", b"%PDF")


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID"])
def test_who_brings_a_list(programme: UnitOfWork, who: str) -> None:
    with pytest.raises(NotAllowed):
        bring(programme, by=who)


@pytest.mark.parametrize(
    ("move", "more", "refusal"),
    [
        (requests.answer, {"text": "  "}, InputWanted),
        (requests.return_, {"reason": " "}, InputWanted),
        (requests.withdraw, {"reason": ""}, InputWanted),
        (requests.assign, {"owner_id": "UOTTO"}, CannotTakeOver),
        (requests.assign, {"owner_id": "UBOT"}, CannotTakeOver),
    ],
)
def test_what_is_missing_is_asked_for(
    programme: UnitOfWork, move: Callable[..., AuditRequest], more: dict[str, str], refusal: type[Refusal]
) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    with pytest.raises(refusal):
        move(deed(programme, "UINES"), request_id=request.id, version=request.version, **more)


def test_an_answer_names_evidence_that_was_offered_and_no_other(programme: UnitOfWork) -> None:
    kept = give(programme, the_access_review(programme))
    request = in_state(programme, RequestState.ASSIGNED)
    assert [each.id for each in requests.suggested(programme, request)] == [kept.id]
    requests.answer(
        deed(programme, "UJONAS"),
        request_id=request.id,
        version=request.version,
        text="See there.",
        evidence_ids=[kept.id, 99],
    )
    assert [each.evidence_id for each in stored_requests.evidence_of(programme, request.id)] == [kept.id]
    assert owed(programme, "audit_request", "assigned") == {"UJONAS"}
    assert owed(programme, "audit_request", "answered") == {"UMIRA"}


def test_everybody_sees_what_concerns_them(programme: UnitOfWork) -> None:
    bring(programme)
    seen = {
        who: [each.number for each in requests.listed(deed(programme, who))]
        for who in ("UMIRA", "ULIAM", "UJONAS", "UTOM")
    }
    assert seen == {"UMIRA": [1, 2], "ULIAM": [1, 2], "UJONAS": [1], "UTOM": []}


def test_each_deed_is_on_the_trail(programme: UnitOfWork) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    for move, who in (("answer", "UJONAS"), ("return", "ULIAM"), ("answer", "UJONAS"), ("accept", "ULIAM")):
        request = DEEDS[move](programme, request, who)
    entries = programme.all(
        TrailEntry, col(TrailEntry.subject) == "audit_request", col(TrailEntry.subject_id) == str(request.id)
    )
    assert [each.verb.removeprefix("audit_request.") for each in entries] == [
        "ask",
        "answer",
        "return",
        "answer",
        "accept",
    ]


# --- files dropped on a request ---


def drop(uow: UnitOfWork, request: AuditRequest, who: str) -> Evidence:
    file = OfferedFile("F7", "count.csv", 5, "https://example.com/count.csv")
    return dropping.give_for_request(deed(uow, who), request_id=request.id, files=[file], place=Place("D1", "1.1"))[0]


@pytest.mark.parametrize("who", ["UMIRA", "UINES", "UJONAS", "UPRIYA", "ULIAM", "UDAVID"])
def test_whoever_may_answer_may_show_it_by_a_file(programme: UnitOfWork, who: str) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    if who not in WHO_MAY["answer"]:
        with pytest.raises(NotAllowed):
            drop(programme, request, who)
        return
    given = drop(programme, request, who)
    assert drop(programme, request, who) == given
    assert [each.evidence_id for each in stored_requests.evidence_of(programme, request.id)] == [given.id]


@pytest.mark.parametrize("state", [RequestState.OPEN, RequestState.ACCEPTED, RequestState.WITHDRAWN])
def test_a_request_takes_files_while_it_is_answered_only(programme: UnitOfWork, state: RequestState) -> None:
    with pytest.raises(AlreadyDecided):
        drop(programme, in_state(programme, state), "UMIRA")


def test_what_answers_an_open_request_is_kept_however_old_it_is(programme: UnitOfWork) -> None:
    request = in_state(programme, RequestState.ASSIGNED)
    given = drop(programme, request, "UJONAS")
    evidence_commands.keep(the_bot(programme), evidence_id=given.id, sha256="ab" * 32, size=5, media_type="text/csv")
    much_later = MONDAY + timedelta(days=40 * 365)
    assert retention.past_their_day(programme, much_later) == []
    programme.change(programme.get(AuditRequest, request.id), state=RequestState.WITHDRAWN)
    assert [each.id for each in retention.past_their_day(programme, much_later)] == [given.id]
