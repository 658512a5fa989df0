"""Lists and what is drawn from them: good and bad lists, a draw that anybody can take again, and who gets the rows."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from bot.interviews import facts
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, InterviewState, SampleDraw, WayGiven
from storage.record.errands import Errand
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.interviewing import CONTROLS, COUNT, LIST, LIST_FROM_A_SYSTEM, Frozen
from tests.workflows.test_interviews import begun, last_ack, now, posted, says, taps
from tests.workflows.test_interviews import given as given_answers
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, commands, drawing, drawing_again, handing_on, list_files, lists, sealing
from workflows.interviews.lists import GivenList, Listed
from workflows.interviews.questions import step_of
from workflows.interviews.refusals import NothingDrawn
from workflows.interviews.rules import Ack, Reply
from workflows.interviews.shapes import MORE, OTHERS, DrawAgain
from workflows.refusals import InputWanted, NotAllowed, Refusal, UnreadableFile

WANTED = ("staff number", "last day")
FOURTEEN = Listed(("staff number",), tuple(str(1001 + each) for each in range(14)))


# --- the draw ---


@given(st.integers(0, 20_000), st.integers(0, 60), st.integers(0, 10**17), st.text())
def test_a_draw_is_repeatable_without_doubles_and_within_the_list(
    population: int, wanted: int, seed: int, fingerprint: str
) -> None:
    rows = drawing.drawn(population, wanted, seed=seed, fingerprint=fingerprint)
    assert rows == drawing.drawn(population, wanted, seed=seed, fingerprint=fingerprint)
    assert len(set(rows)) == len(rows) == min(population, wanted)
    assert all(1 <= row <= population for row in rows)
    assert rows == sorted(rows)
    assert set(rows) <= set(drawing.drawn(population, wanted + 1, seed=seed, fingerprint=fingerprint))


def test_anybody_takes_a_draw_again_by_what_the_auditors_guide_says() -> None:
    marks = {row: hashlib.sha256(f"20261130:9f3c:{row}".encode()).hexdigest() for row in range(1, 15)}
    by_mark = sorted(marks, key=lambda row: marks[row])
    assert drawing.drawn(14, 3, seed=20261130, fingerprint="9f3c") == sorted(by_mark[:3])


def test_the_seed_is_the_day_and_of_further_draws_their_number_too() -> None:
    assert drawing.seed_of(date(2026, 11, 30)) == 20261130
    assert drawing.seed_of(date(2026, 11, 30), 1) == 2026113002


# --- lists ---


@pytest.mark.parametrize(
    ("data", "columns", "labels"),
    [
        (b"staff number,last day\n1041,2026-01-20\n1077,2026-07-21\n", WANTED, ("1041", "1077")),
        (b"Nr;Tag\n1041;20.1.2026\n", ("Nr", "Tag"), ("1041",)),
        (b"1041,2026-01-20\n1077,2026-07-21\n", (), ("1041", "1077")),
        (b"1041\n", (), ("1041",)),
        (b"Staff number\nAlder\nBirch\n", ("Staff number",), ("Alder", "Birch")),
        (b"Alder\nBirch\n", (), ("Alder", "Birch")),
        (b"\xff\xfe" + "staff number\n1041\n".encode("utf-16-le"), ("staff number",), ("1041",)),
        (b"staff number\n\n1041\n\n1077\n", ("staff number",), ("1041", "1077")),
        (b"number,day\n,2026-01-20\n", ("number", "day"), ("2026-01-20",)),
        (b"number\n" + b"9" * 300, ("number",), ("9" * 60,)),
    ],
)
def test_rows_are_counted_without_the_heading(data: bytes, columns: tuple[str, ...], labels: tuple[str, ...]) -> None:
    assert lists.in_file("leavers.csv", data, wanted=WANTED) == Listed(columns, labels)


@pytest.mark.parametrize(
    ("name", "data", "ack"),
    [
        ("leavers.csv", b"", Ack.NO_ROWS),
        ("leavers.csv", b" \n\n", Ack.NO_ROWS),
        ("leavers.csv", b"staff number,last day\n", Ack.NO_ROWS),
        ("leavers.csv", b"number\n" + b"1041\n" * 100_000, Ack.LIST_TOO_LONG),
        ("leavers.csv", b"1" * 6_000_000, Ack.LIST_TOO_LONG),
        ("leavers.pdf", b"%PDF-1.4", Ack.NO_LIST),
        ("leavers.png", b"\x89PNG", Ack.NO_LIST),
        ("leavers.xlsx", b"no workbook", Ack.NO_LIST),
        ("leavers.csv", b"\x00\x01\x02" * 50, Ack.NO_LIST),
    ],
)
def test_what_no_rows_can_be_drawn_from_is_told_apart(name: str, data: bytes, ack: Ack) -> None:
    with pytest.raises(UnreadableFile) as refused:
        lists.in_file(name, data, wanted=WANTED)
    assert lists.why_not(refused.value.why) is ack


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1041\n1077\n\n1102", ("1041", "1077", "1102")),
        ("staff number\n1041\n1077", ("1041", "1077")),
        ("We have no such list", None),
        ("1041", None),
        ("", None),
    ],
)
def test_a_list_can_be_typed_one_row_a_line(text: str, labels: tuple[str, ...] | None) -> None:
    found = lists.typed(text, wanted=WANTED)
    assert (found.labels if found else None) == labels


# --- in the conversation ---


def drops(uow: UnitOfWork, interview: Interview, name: str, content: str = "") -> Evidence:
    """A file in the thread, fetched and hashed."""
    file = OfferedFile(f"F{name}{len(uow.all(Evidence))}", name, 10, "https://files.example/f")
    [taken] = answering.files_dropped(deed(uow, "UTOM"), now(uow, interview), [file], Place("D0TOM", "100.1"), "")
    digest = hashlib.sha256((content or name).encode()).hexdigest()
    return uow.change(taken, state=EvidenceState.KEPT, sha256=digest, size=10, kept_at=taken.received_at)


def gives(uow: UnitOfWork, interview: Interview, listed: Listed = FOURTEEN, name: str = "leavers.csv") -> Evidence:
    """A list in the thread, whose rows are counted."""
    kept = drops(uow, interview, name)
    list_files.take_list(deed(uow, "UTOM").by_itself, evidence_id=kept.id, listed=listed)
    return kept


def rows_asked(uow: UnitOfWork, interview: Interview) -> list[str]:
    """The questions about rows, in their order."""
    return [each["text"] for each in now(uow, interview).questions or () if each["text"].endswith(": account closed")]


def test_three_of_fourteen_are_drawn_and_asked_for_before_the_next_question(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    kept = gives(programme, interview)
    [draw] = programme.all(SampleDraw)
    rows = drawing.drawn(14, 3, seed=20261123, fingerprint=kept.sha256 or "")
    assert [each["row"] for each in draw.drawn] == rows
    assert rows_asked(programme, interview) == [f"{1000 + each}: account closed" for each in rows]
    for _ in rows:
        assert now(programme, interview).asking != "count"
        says(programme, interview, "Closed on the day")
    assert now(programme, interview).asking == "count"
    answers = given_answers(programme, interview)
    assert {each.follows_id for key, each in answers.items() if key != "list"} == {answers["list"].id}


@pytest.mark.parametrize(("population", "wanted"), [(1, 1), (3, 3), (4, 3), (50, 3), (51, 5), (20_000, 5)])
def test_how_many_are_drawn_is_a_rule_of_the_bank(programme: UnitOfWork, population: int, wanted: int) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview, Listed((), tuple(map(str, range(population)))))
    assert len(rows_asked(programme, interview)) == wanted


def test_it_is_asked_whether_a_list_is_complete_before_it_is_told_what_was_drawn(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST_FROM_A_SYSTEM)
    gives(programme, interview)
    assert rows_asked(programme, interview) == []
    says(programme, interview, "The time clock")
    assert len(rows_asked(programme, interview)) == 3
    [draw] = programme.all(SampleDraw)
    assert draw.completeness == "The time clock"


def test_before_it_is_told_what_was_drawn_another_list_takes_the_place_of_the_first(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST_FROM_A_SYSTEM)
    gives(programme, interview)
    gives(programme, interview, Listed((), ("1", "2")), "other.csv")
    [draw] = programme.all(SampleDraw)
    assert draw.population == 2
    assert len(evidence_queries.for_answer(programme, draw.answer_id)) == 2


def test_nobody_gets_other_rows_by_giving_another_list(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    gives(programme, interview)
    asked = rows_asked(programme, interview)
    commands.change(deed(programme, "UTOM"), interview_id=interview.id, question_id="list")
    gives(programme, interview, Listed((), ("1", "2")), "other.csv")
    assert last_ack(programme, interview) == Ack.OTHER_LIST
    commands.change(deed(programme, "UTOM"), interview_id=interview.id, question_id="list")
    gives(programme, interview)
    assert last_ack(programme, interview) == Ack.LIST_AGAIN
    assert rows_asked(programme, interview) == asked
    assert len(programme.all(SampleDraw)) == 1


def test_the_list_itself_shows_nothing_of_a_row(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    gives(programme, interview)
    row = now(programme, interview).asking
    again = drops(programme, interview, "leavers.csv")
    list_files.file_kept(deed(programme, "UTOM").by_itself, evidence_id=again.id)
    assert (now(programme, interview).asking, last_ack(programme, interview)) == (row, Ack.LIST_AGAIN)


def test_what_is_no_list_is_kept_and_the_question_can_be_left(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    scan = drops(programme, interview, "leavers.pdf")
    list_files.not_a_list(deed(programme, "UTOM").by_itself, evidence_id=scan.id, why="unknown_kind")
    assert last_ack(programme, interview) == Ack.NO_LIST
    answering.leave(deed(programme, "UTOM"), interview_id=interview.id, question_id="list")
    assert now(programme, interview).asking == "count"
    assert [each.evidence.name for each in files_of(programme, interview, "list")] == ["leavers.pdf"]


def files_of(uow: UnitOfWork, interview: Interview, question: str) -> list[Any]:
    return evidence_queries.for_answer(uow, given_answers(uow, interview)[question].id)


def test_a_list_can_be_written_in_the_thread_and_a_sentence_is_none(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    says(programme, interview, "That is in the HR system")
    assert last_ack(programme, interview) == Ack.LIST_IN_WORDS
    says(programme, interview, "1041\n1077")
    [draw] = programme.all(SampleDraw)
    assert (draw.population, draw.fingerprint) == (2, hashlib.sha256(b"1041\n1077").hexdigest())
    assert rows_asked(programme, interview) == ["1041: account closed", "1077: account closed"]


def test_a_list_that_is_counted_while_they_are_elsewhere_waits_for_its_turn(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    kept = drops(programme, interview, "leavers.csv")
    commands.stop_for_now(deed(programme, "UTOM"), interview_id=interview.id)
    list_files.take_list(deed(programme, "UTOM").by_itself, evidence_id=kept.id, listed=FOURTEEN)
    assert now(programme, interview).asking is None
    step = commands.go_on(deed(programme, "UTOM"), interview_id=interview.id)
    assert step.question is not None
    assert step.question.text == rows_asked(programme, interview)[0]


def test_a_list_for_an_interview_that_was_withdrawn_is_only_kept(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST)
    kept = drops(programme, interview, "leavers.csv")
    commands.withdraw(deed(programme, "ULIAM"), interview_id=interview.id, reason="Moved")
    list_files.take_list(deed(programme, "UTOM").by_itself, evidence_id=kept.id, listed=FOURTEEN)
    assert programme.all(SampleDraw) == []


def test_a_colleague_gets_the_rows_that_are_open_and_nothing_else(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST, COUNT)
    gives(programme, interview)
    says(programme, interview, "Closed on the day")
    row = now(programme, interview).asking or ""
    handing_on.hand_on(deed(programme, "UTOM"), interview_id=interview.id, question_id=row, person_id="UJONAS")
    [theirs] = [
        each
        for each in interview_queries.interviews_of(programme, interview.desk_audit_id)
        if each.person_id == "UJONAS"
    ]
    assert [each["text"] for each in theirs.questions or ()] == rows_asked(programme, interview)[1:]
    assert now(programme, interview).asking is None
    commands.decline(deed(programme, "UJONAS"), interview_id=theirs.id)
    assert (now(programme, interview).asking, last_ack(programme, interview)) == (row, Ack.CAME_BACK)


def test_a_colleague_may_know_whether_a_list_is_complete(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST_FROM_A_SYSTEM)
    gives(programme, interview)
    asked = now(programme, interview).asking or ""
    handing_on.hand_on(deed(programme, "UTOM"), interview_id=interview.id, question_id=asked, person_id="UJONAS")
    assert len(rows_asked(programme, interview)) == 3
    [theirs] = [
        each
        for each in interview_queries.interviews_of(programme, interview.desk_audit_id)
        if each.person_id == "UJONAS"
    ]
    commands.go_on(deed(programme, "UJONAS"), interview_id=theirs.id)
    reply = Reply(WayGiven.THREAD, "The time clock")
    answering.said(deed(programme, "UJONAS"), interview_id=theirs.id, reply=reply)
    assert programme.all(SampleDraw)[0].completeness == "The time clock"


def test_controls_are_drawn_from_what_applies_when_they_are_asked_about(programme: UnitOfWork) -> None:
    interview = begun(programme, CONTROLS, COUNT)
    [draw] = programme.all(SampleDraw)
    assert (draw.population, len(draw.drawn), draw.evidence_id) == (93, 5, None)
    for each in draw.drawn:
        assert each["label"] in (now(programme, interview).questions or [])[1 + draw.drawn.index(each)]["text"]
        taps(programme, interview, {"id": now(programme, interview).asking}, "unknown")
    assert now(programme, interview).asking == "count"


def test_what_was_drawn_is_sealed_with_the_answers(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview)
    for _ in range(3):
        says(programme, interview, "Closed on the day")
    assert now(programme, interview).state is InterviewState.CONFIRMING
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    assert sealing.differing(programme) == []
    programme.change(programme.all(SampleDraw)[0], population=3)
    assert [each.id for each in sealing.differing(programme)] == [interview.id]


def test_a_colleague_is_chosen_for_all_open_rows_and_that_is_said_before(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview)
    says(programme, interview, "Closed on the day")
    step = step_of(programme, interview.id)
    [_, *rest] = [each["label"] for each in programme.all(SampleDraw)[0].drawn]
    assert facts.asked(programme, step, step.find(step.interview.asking)).together == rest


# --- the auditor draws again ---


def again(uow: UnitOfWork, who: str, *, reason: str, rows: int = 3, how: str = OTHERS) -> SampleDraw:
    """An auditor has rows drawn again; the list is read once more."""
    answer = uow.all(SampleDraw)[0].answer_id
    later = MONDAY + timedelta(days=1)
    asked = DrawAgain(how, str(rows), reason)
    drawing_again.draw_again(deed(uow, who, later), answer_id=answer, said=asked)
    said = uow.all(Errand, col(Errand.kind) == drawing_again.DRAW_AGAIN)[-1].values
    draw = uow.get(SampleDraw, said["draw"])
    files = drawing_again.files_with(uow, draw, anew=said["anew"])
    if files:
        given = GivenList(FOURTEEN, files[0].sha256 or "", evidence_id=files[0].id)
    else:
        given = drawing_again.without_file(uow, draw, anew=said["anew"])
    wanted = {"rows": said["rows"], "anew": said["anew"], "reason": said["reason"]}
    return drawing_again.drawn_again(deed(uow, who, later), draw_id=draw.id, given=given, **wanted)


def test_the_auditor_draws_more_by_the_same_seed_and_others_by_the_next(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview)
    again(programme, "ULIAM", reason="One of three was late", rows=5, how=MORE)
    first, more = programme.all(SampleDraw)
    assert more.seed == first.seed
    assert [each for each in more.drawn if each in first.drawn] == first.drawn
    assert len(rows_asked(programme, interview)) == 5
    again(programme, "ULIAM", reason="The list was sorted for it")
    assert [each.seed for each in programme.all(SampleDraw)] == [20261123, 20261123, 2026112403]
    assert [each.reason for each in programme.all(SampleDraw)][1:] == [
        "One of three was late",
        "The list was sorted for it",
    ]


SIX, SEVEN = "1001\n1002\n1003\n1004\n1005\n1006", "2001\n2002\n2003\n2004\n2005\n2006\n2007"


def typed(uow: UnitOfWork, question: Frozen = LIST) -> tuple[Interview, SampleDraw]:
    """Tom types a list of six, and rows are drawn from it."""
    interview = begun(uow, question)
    says(uow, interview, SIX)
    return interview, uow.all(SampleDraw)[0]


def retypes(uow: UnitOfWork, interview: Interview, question: Frozen = LIST) -> None:
    """Tom puts another list in its place."""
    reply = Reply(WayGiven.FORM, SEVEN)
    answering.answer(deed(uow, "UTOM"), interview_id=interview.id, question_id=question["id"], reply=reply)


def test_what_was_drawn_from_a_typed_list_stays_when_another_is_typed_and_that_is_said(programme: UnitOfWork) -> None:
    interview, first = typed(programme)
    commands.change(deed(programme, "UTOM"), interview_id=interview.id, question_id="list")
    retypes(programme, interview)
    assert programme.all(SampleDraw) == [first]
    assert (first.listed, first.fingerprint) == (SIX, hashlib.sha256(SIX.encode()).hexdigest())
    assert last_ack(programme, interview) == Ack.OTHER_LIST


def test_another_typed_list_replaces_one_of_which_nobody_saw_what_was_drawn(programme: UnitOfWork) -> None:
    interview, first = typed(programme, LIST_FROM_A_SYSTEM)
    retypes(programme, interview, LIST_FROM_A_SYSTEM)
    [draw] = programme.all(SampleDraw)
    assert (draw.id, draw.population, draw.listed) == (first.id, 7, SEVEN)


def test_other_rows_come_from_the_list_as_it_is_now_and_more_rows_from_the_one_drawn_from(
    programme: UnitOfWork,
) -> None:
    interview, first = typed(programme)
    retypes(programme, interview)
    other = again(programme, "ULIAM", reason="The list has changed")
    assert (other.listed, other.fingerprint) == (SEVEN, hashlib.sha256(SEVEN.encode()).hexdigest())
    assert other.population == 7
    assert programme.get(SampleDraw, first.id) == first
    more = again(programme, "ULIAM", reason="One was late", rows=5, how=MORE)
    assert (more.listed, more.fingerprint, more.seed) == (SEVEN, other.fingerprint, other.seed)


def test_a_second_message_of_a_typed_list_counts_while_nobody_saw_what_was_drawn(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST_FROM_A_SYSTEM)
    posted(programme, interview, "100.1")
    says(programme, interview, SIX, message_ts="100.2")
    posted(programme, interview, "100.4")
    says(programme, interview, "1007", message_ts="100.3")
    [draw] = programme.all(SampleDraw)
    assert (draw.population, draw.listed) == (7, f"{SIX}\n1007")


def test_rows_drawn_after_the_confirmation_are_a_round_of_their_own(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview)
    for _ in range(3):
        says(programme, interview, "Closed on the day")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    again(programme, "ULIAM", reason="One was late", rows=5, how=MORE)
    assert (now(programme, interview).round, now(programme, interview).state) == (2, InterviewState.ANSWERING)
    assert sealing.differing(programme) == []


@pytest.mark.parametrize(
    ("who", "how", "refusal"),
    [
        ("UTOM", {"reason": "I'd like others"}, NotAllowed),
        ("UMIRA", {"reason": "I lead"}, NotAllowed),
        ("ULIAM", {"reason": " "}, InputWanted),
        ("ULIAM", {"reason": "More", "rows": 15}, InputWanted),
        ("ULIAM", {"reason": "Fewer", "rows": -1}, InputWanted),
    ],
)
def test_only_the_team_draws_again_and_says_why(
    programme: UnitOfWork, who: str, how: dict[str, Any], refusal: type[Refusal]
) -> None:
    interview = begun(programme, LIST)
    gives(programme, interview)
    with pytest.raises(refusal):
        again(programme, who, **how)


def test_nothing_is_drawn_again_before_it_was_told_what_was_drawn(programme: UnitOfWork) -> None:
    interview = begun(programme, LIST_FROM_A_SYSTEM)
    gives(programme, interview)
    with pytest.raises(NothingDrawn):
        again(programme, "ULIAM", reason="Others, please")
