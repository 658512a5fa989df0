"""After an answer was written: a secret in it, an edit or a deletion in Slack, words taken out, a talk, and people."""

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage
from storage.interviews.tables import Answer, HeldBack, HeldBackAs, Interview, InterviewState, WayGiven
from storage.nudges.tables import Nudge
from storage.people import queries as people_queries
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from storage.schema import METADATA
from tests.workflows.conftest import deed
from tests.workflows.interviewing import COUNT, LEAVERS, WELCOME, YES_NO
from tests.workflows.test_interviews import begun, given, now, posted, says, taps
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, beside, commands, held_back, later, people, redacting, sealing, talks
from workflows.interviews.held_back import Written
from workflows.interviews.questions import QUESTION
from workflows.interviews.refusals import AskedAlready, InterviewOver
from workflows.interviews.rules import Reply
from workflows.refusals import AlreadyDecided, InputWanted, LooksLikeSecret, NotAllowed, Refusal, Stale

SECRET = "Tr0ub4dor&3"
TEXT = f"IT closes the account.\nThe password is {SECRET}"


def everything(uow: UnitOfWork) -> str:
    """All that stands in the database."""
    uow.all(TrailEntry)  # what was done so far stands on the trail
    return str([uow.connection.execute(table.select()).all() for table in METADATA.sorted_tables])


# --- secrets ---


def writes_secret(uow: UnitOfWork, interview: Interview) -> HeldBack:
    reply = Reply(WayGiven.THREAD, TEXT, message_ts="100.2")
    answering.said(deed(uow, "UTOM"), interview_id=interview.id, reply=reply, where=Written("D0TOM", "100.0"))
    [held] = uow.all(HeldBack)
    return held


def test_a_message_with_a_secret_stands_in_no_table(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    held = writes_secret(programme, interview)
    writes_secret(programme, interview)
    assert (held.looks_like, held.line, given(programme, interview)) == ("password", 2, {})
    held_back.write_again(deed(programme, "UTOM"), held_id=held.id)
    with pytest.raises(AlreadyDecided):
        later.keep(deed(programme, "UTOM"), held_id=held.id, text=TEXT)
    assert SECRET not in everything(programme)
    assert now(programme, interview).asking == "welcome"


def test_what_is_no_secret_is_kept_when_its_writer_says_so(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    held = writes_secret(programme, interview)
    with pytest.raises(NotAllowed):
        later.keep(deed(programme, "ULIAM"), held_id=held.id, text=TEXT)
    later.keep(deed(programme, "UTOM"), held_id=held.id, text=TEXT)
    assert given(programme, interview)["welcome"].text == TEXT
    assert (programme.get(HeldBack, held.id).settled_as, now(programme, interview).asking) == ("no_secret", "count")


def test_a_held_message_that_is_edited_clean_is_the_answer_and_one_deleted_is_settled(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    held = writes_secret(programme, interview)
    place = {"channel_id": "D0TOM", "message_ts": "100.2"}
    later.edited(deed(programme, "UTOM"), **place, text="IT closes the account.")
    assert given(programme, interview)["welcome"].text == "IT closes the account."
    assert programme.get(HeldBack, held.id).settled_as is HeldBackAs.REWRITTEN
    assert SECRET not in everything(programme)


def a_form(uow: UnitOfWork, interview: Interview) -> None:
    reply = Reply(WayGiven.FORM, TEXT)
    answering.answer(deed(uow, "UTOM"), interview_id=interview.id, question_id="welcome", reply=reply)


def a_reason(uow: UnitOfWork, interview: Interview) -> None:
    taps(uow, interview, WELCOME, "skip", TEXT)


def a_file(uow: UnitOfWork, interview: Interview) -> None:
    file = OfferedFile("F1", "log.csv", 10, "https://files.example/f", TEXT)
    answering.files_dropped(deed(uow, "UTOM"), now(uow, interview), [file], Place("D0TOM", "100.1"), "")


def notes(uow: UnitOfWork, interview: Interview) -> None:
    talks.write_notes(deed(uow, "ULIAM"), interview_id=interview.id, notes={"welcome": TEXT})


def beside_any_thread(uow: UnitOfWork, _: Interview) -> None:
    beside.said_beside(deed(uow, "UTOM"), reply=Reply(WayGiven.THREAD, TEXT, message_ts="9.9"), channel_id="D0TOM")


@pytest.mark.parametrize("way", [a_form, a_reason, a_file, notes, beside_any_thread])
def test_every_other_way_says_no_to_a_secret(programme: UnitOfWork, way: Any) -> None:
    interview = begun(programme, WELCOME, COUNT)
    with pytest.raises(LooksLikeSecret) as no:
        way(programme, interview)
    assert no.value.line == 2
    assert programme.all(DroppedMessage) == []
    assert given(programme, interview) == {}


# --- edits and deletions in Slack ---

HERE = {"channel_id": "D0TOM", "message_ts": "100.2"}


def edits(uow: UnitOfWork, text: str, message_ts: str = "100.2") -> None:
    later.edited(deed(uow, "UTOM"), channel_id="D0TOM", message_ts=message_ts, text=text)


def written(uow: UnitOfWork) -> Interview:
    interview = begun(uow, WELCOME)
    says(uow, interview, "Lock the screen", message_ts="100.2")
    return interview


def verbs(uow: UnitOfWork) -> list[str]:
    found = uow.all(TrailEntry, order_by=col(TrailEntry.sequence))
    return [each.verb for each in found if each.verb.startswith(("answer.", "interview."))]


@pytest.mark.parametrize(("counts", "text"), [(True, "Lock it, and ask"), (False, "Lock the screen")])
def test_before_the_confirmation_new_words_are_offered(programme: UnitOfWork, counts: bool, text: str) -> None:
    interview = written(programme)
    edits(programme, "Lock it, and ask")
    answer = given(programme, interview)["welcome"]
    assert (answer.text, answer.edited_text, later.waits(programme, answer)) == (
        "Lock the screen",
        "Lock it, and ask",
        True,
    )
    decide = later.take_edit if counts else later.keep_first
    decide(deed(programme, "UTOM"), answer_id=answer.id)
    kept = given(programme, interview)["welcome"]
    assert (kept.text, later.waits(programme, kept)) == (text, False)
    assert (kept.edited_text is None) is counts
    with pytest.raises(AlreadyDecided):
        decide(deed(programme, "UTOM"), answer_id=answer.id)


def test_after_the_confirmation_an_edit_and_a_deletion_are_marks_only(programme: UnitOfWork) -> None:
    interview = written(programme)
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    edits(programme, "Never mind")
    edits(programme, "Never mind")
    later.deleted(deed(programme, "UTOM"), **HERE)
    later.deleted(deed(programme, "UTOM"), **HERE)
    answer = given(programme, interview)["welcome"]
    assert (answer.text, answer.edited_at, answer.deleted_at) == (
        "Lock the screen",
        answer.deleted_at,
        answer.edited_at,
    )
    assert verbs(programme)[-2:] == ["answer.edited_in_slack", "answer.deleted_in_slack"]
    assert sealing.differing(programme) == []
    with pytest.raises(AlreadyDecided):
        later.take_edit(deed(programme, "UTOM"), answer_id=answer.id)


def written_in_two(uow: UnitOfWork) -> Interview:
    """Tom's answer is two messages, of which the second was heard of first."""
    interview = begun(uow, WELCOME, COUNT)
    posted(uow, interview, "100.1")
    says(uow, interview, "And ask.", message_ts="100.3")
    posted(uow, interview, "100.4")
    says(uow, interview, "Lock the screen", message_ts="100.2")
    return interview


def test_messages_in_a_row_stand_in_the_order_in_which_they_were_written(programme: UnitOfWork) -> None:
    assert given(programme, written_in_two(programme))["welcome"].text == "Lock the screen\nAnd ask."


def test_an_edit_of_any_message_of_an_answer_changes_its_part(programme: UnitOfWork) -> None:
    interview = written_in_two(programme)
    edits(programme, "And ask twice.", "100.3")
    edits(programme, "Lock it")
    assert given(programme, interview)["welcome"].edited_text == "Lock it\nAnd ask twice."
    later.take_edit(deed(programme, "UTOM"), answer_id=given(programme, interview)["welcome"].id)
    assert given(programme, interview)["welcome"].text == "Lock it\nAnd ask twice."
    edits(programme, "And ask thrice.", "100.3")
    assert given(programme, interview)["welcome"].edited_text == "Lock it\nAnd ask thrice."


@pytest.mark.parametrize("message_ts", ["100.2", "100.3"])
def test_a_deletion_of_any_message_of_an_answer_is_noted_once(programme: UnitOfWork, message_ts: str) -> None:
    interview = written_in_two(programme)
    for _ in range(2):
        later.deleted(deed(programme, "UTOM"), channel_id="D0TOM", message_ts=message_ts)
    answer = given(programme, interview)["welcome"]
    assert (answer.text, answer.deleted_at is not None) == ("Lock the screen\nAnd ask.", True)
    assert verbs(programme).count("answer.deleted_in_slack") == 1


def test_new_words_of_a_message_that_are_secret_are_not_kept(programme: UnitOfWork) -> None:
    written_in_two(programme)
    edits(programme, TEXT)
    assert SECRET not in everything(programme)


def test_messages_of_an_answer_that_was_given_anew_are_no_part_of_it(programme: UnitOfWork) -> None:
    interview = written_in_two(programme)
    reply = Reply(WayGiven.FORM, "Shut the door")
    answering.answer(deed(programme, "UTOM"), interview_id=interview.id, question_id="welcome", reply=reply)
    edits(programme, "Lock it")
    assert given(programme, interview)["welcome"].edited_text is None


def test_two_messages_that_hold_a_secret_together_are_asked_about(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    posted(programme, interview, "100.1")
    says(programme, interview, "The password is", message_ts="100.2")
    posted(programme, interview, "100.4")
    reply = Reply(WayGiven.THREAD, SECRET, message_ts="100.3")
    answering.said(deed(programme, "UTOM"), interview_id=interview.id, reply=reply, where=Written("D0TOM", "100.0"))
    [held] = programme.all(HeldBack)
    assert SECRET not in everything(programme)
    later.keep(deed(programme, "UTOM"), held_id=held.id, text=SECRET)
    assert given(programme, interview)["welcome"].text == f"The password is\n{SECRET}"


@pytest.mark.parametrize(("is_sent", "kept"), [(False, "14"), (True, None)])
def test_words_to_a_question_that_is_being_sent_are_its_answer(
    programme: UnitOfWork, is_sent: bool, kept: str | None
) -> None:
    interview = begun(programme, WELCOME, COUNT)
    says(programme, interview, "Lock it")
    commands.stop_for_now(deed(programme, "UTOM"), interview_id=interview.id)
    posted(programme, interview, "100.1")
    commands.go_on(deed(programme, "UTOM"), interview_id=interview.id)
    for each in programme.all(OutboxRow, col(OutboxRow.kind) == QUESTION):
        programme.change(each, state="sent" if is_sent or each.ts else each.state, ts=each.ts or "100.4")
    says(programme, interview, "14", message_ts="100.3")
    count = given(programme, interview).get("count")
    assert (count.text if count else None) == kept


def test_a_sentence_beside_a_file_leaves_what_was_tapped(programme: UnitOfWork) -> None:
    interview = begun(programme, YES_NO, COUNT)
    taps(programme, interview, YES_NO, "yes")
    posted(programme, interview, "100.4")
    file = OfferedFile("F1", "log.csv", 10, "https://files.example/f", "The log says so")
    by = deed(programme, "UTOM")
    answering.give_files(
        by,
        interview_id=interview.id,
        question_id="sure",
        files=[file],
        place=Place("D0TOM", "100.1"),
        reply=Reply(WayGiven.FILE, file.note, message_ts="100.3"),
        goes_on=True,
    )
    answer = given(programme, interview)["sure"]
    assert (answer.value, answer.text) == ({"chosen": "yes"}, "The log says so")


# --- words taken out ---


def sealed(uow: UnitOfWork) -> Interview:
    interview = begun(uow, WELCOME, YES_NO)
    says(uow, interview, "Ask Anna Schmidt on the first floor")
    taps(uow, interview, YES_NO, "no")
    commands.confirm(deed(uow, "UTOM"), interview_id=interview.id)
    return interview


def takes_out(uow: UnitOfWork, interview: Interview, who: str = "ULIAM", **how: Any) -> Answer:
    answer = given(uow, interview)["welcome"]
    kept = redacting.without(answer.text, "Anna Schmidt")
    asked = {"version": answer.version, "reason": "a name", "kept_text": kept, **how}
    return redacting.redact(deed(uow, who), answer_id=answer.id, **asked)


def test_words_go_and_the_trace_of_it_stays_and_all_other_answers_are_still_checked(programme: UnitOfWork) -> None:
    interview = sealed(programme)
    redacted = takes_out(programme, interview)
    assert (redacted.text, redacted.redaction, redacted.redacted_by) == (
        "Ask […] on the first floor",
        "a name",
        "ULIAM",
    )
    assert "Schmidt" not in everything(programme)
    assert verbs(programme)[-1] == "answer.redact"
    assert [each.person_id for each in programme.all(Nudge, col(Nudge.rung) == "redacted")] == ["UTOM"]
    assert sealing.differing(programme) == []
    programme.change(given(programme, interview)["sure"], value={"chosen": "yes"})
    assert [each.id for each in sealing.differing(programme)] == [interview.id]


@pytest.mark.parametrize(
    ("who", "how", "no"),
    [
        ("UMIRA", {}, NotAllowed),
        ("UTOM", {}, NotAllowed),
        ("ULIAM", {"reason": " "}, InputWanted),
        ("ULIAM", {"version": 99}, Stale),
        ("ULIAM", {"kept_text": "Ask Ben on the first floor"}, InputWanted),
        ("ULIAM", {"kept_text": "Ask Anna Schmidt on the first floor"}, InputWanted),
    ],
)
def test_nobody_else_redacts_and_nothing_is_put_in(
    programme: UnitOfWork, who: str, how: dict[str, Any], no: type[Refusal]
) -> None:
    with pytest.raises(no):
        takes_out(programme, sealed(programme), who, **how)


def test_what_is_not_confirmed_is_not_redacted(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    says(programme, interview, "Ask Anna Schmidt")
    with pytest.raises(AlreadyDecided):
        takes_out(programme, interview)


NO_NUL = st.characters(exclude_characters="\0")  # which no message brings: the edge drops it


@drawn(st.text(NO_NUL, min_size=1, max_size=40), st.integers(0, 40), st.integers(1, 40))
def test_words_left_out_are_an_answer_with_words_left_out(text: str, begins: int, length: int) -> None:
    words = text[begins : begins + length]
    kept = redacting.without(text, words)
    assert not words or words not in kept.replace(redacting.MARK, "\0") or words in redacting.MARK
    if redacting.MARK not in text:
        assert redacting.is_left_of(kept, text) is (kept.strip() != text.strip())


# --- a talk ---


def test_notes_of_a_talk_are_read_back_and_sealed_as_what_they_are(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT, YES_NO)
    says(programme, interview, "Lock the screen")
    said = {"welcome": "Overwritten", "count": "Fourteen or so", "sure": ""}
    talks.write_notes(deed(programme, "ULIAM"), interview_id=interview.id, notes=said)
    answers = given(programme, interview)
    assert {key: (each.text, each.written_by) for key, each in answers.items()} == {
        "welcome": ("Lock the screen", None),
        "count": ("Fourteen or so", "ULIAM"),
    }
    assert (now(programme, interview).state, now(programme, interview).asking) == (InterviewState.ANSWERING, None)
    commands.go_on(deed(programme, "UTOM"), interview_id=interview.id)
    taps(programme, interview, YES_NO, "yes")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    assert sealing.differing(programme) == []
    programme.change(given(programme, interview)["count"], written_by=None)
    assert [each.id for each in sealing.differing(programme)] == [interview.id]


def test_notes_of_everything_are_read_back_at_once_and_changed_words_are_the_persons(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    with pytest.raises(NotAllowed):
        talks.write_notes(deed(programme, "UTOM"), interview_id=interview.id, notes={"welcome": "x"})
    with pytest.raises(InputWanted):
        talks.write_notes(deed(programme, "ULIAM"), interview_id=interview.id, notes={"nothing": "x"})
    talks.write_notes(deed(programme, "ULIAM"), interview_id=interview.id, notes={"welcome": "Lock it"})
    assert now(programme, interview).state is InterviewState.CONFIRMING
    reply = Reply(WayGiven.FORM, "Lock the screen")
    answering.answer(deed(programme, "UTOM"), interview_id=interview.id, question_id="welcome", reply=reply)
    answer = given(programme, interview)["welcome"]
    assert (answer.text, answer.written_by, answer.way) == ("Lock the screen", None, WayGiven.FORM)


# --- people ---


def changes(uow: UnitOfWork, who: str, **values: Any) -> None:
    person = people_queries.person(uow, who)
    assert person is not None
    uow.change(person, **values)


def told(uow: UnitOfWork, rung: str) -> list[str]:
    return sorted(each.person_id for each in uow.all(Nudge, col(Nudge.rung) == rung))


def test_whoever_leaves_ends_their_interview_and_somebody_else_is_asked(programme: UnitOfWork) -> None:
    interview = begun(programme, LEAVERS, COUNT)
    says(programme, interview, "By mail.")
    changes(programme, "UTOM", is_deactivated=True)
    for _ in range(2):
        people.tick(deed(programme, "ULIAM").by_itself)
    assert (now(programme, interview).state, told(programme, "left")) == (InterviewState.LEFT, ["ULIAM"])
    with pytest.raises(NotAllowed):
        people.ask_instead(deed(programme, "UMIRA"), interview_id=interview.id, person_id="UJONAS")
    asked = people.ask_instead(deed(programme, "ULIAM"), interview_id=interview.id, person_id="UJONAS")
    assert (asked.person_id, asked.question_ids, asked.due_on) == ("UJONAS", ["leavers", "count"], interview.due_on)
    with pytest.raises(AskedAlready):
        people.ask_instead(deed(programme, "ULIAM"), interview_id=interview.id, person_id="UJONAS")


def test_somebody_who_comes_back_finds_it_ended(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    changes(programme, "UTOM", is_deactivated=True)
    people.tick(deed(programme, "ULIAM").by_itself)
    changes(programme, "UTOM", is_deactivated=False)
    with pytest.raises(InterviewOver):
        says(programme, interview, "Here I am")


def test_a_guest_answers_like_everybody(programme: UnitOfWork) -> None:
    changes(programme, "UTOM", is_guest=True)
    interview = begun(programme, WELCOME)
    says(programme, interview, "Lock the screen")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    assert now(programme, interview).state is InterviewState.CONFIRMED


@pytest.mark.parametrize(("manager", "whom"), [("ULIAM", ["UINES", "ULIAM", "UMIRA"]), ("UDAVID", [])])
def test_an_auditor_who_comes_to_manage_whoever_answers_is_pointed_out_once(
    programme: UnitOfWork, manager: str, whom: list[str]
) -> None:
    interview = begun(programme, WELCOME)
    changes(programme, "UTOM", manager_id=manager)
    for _ in range(2):
        people.tick(deed(programme, "ULIAM").by_itself)
    assert told(programme, "manages") == whom
    assert verbs(programme).count("interview.auditor_manages") == bool(whom)
    says(programme, interview, "Lock the screen")
    assert now(programme, interview).state is InterviewState.CONFIRMING


def test_answers_to_a_withdrawn_interview_are_not_kept(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    commands.withdraw(deed(programme, "ULIAM"), interview_id=interview.id, reason="Another plan")
    with pytest.raises(InterviewOver):
        says(programme, interview, "Lock the screen")
    assert given(programme, interview) == {}


def test_what_was_confirmed_is_not_changed_by_a_later_round(programme: UnitOfWork) -> None:
    interview = sealed(programme)
    commands.ask_further(deed(programme, "ULIAM"), interview_id=interview.id, questions=[COUNT])
    with pytest.raises(AlreadyDecided):
        commands.change(deed(programme, "UTOM"), interview_id=interview.id, question_id="welcome")
    with pytest.raises(AlreadyDecided):
        taps(programme, interview, WELCOME, "unknown")
    assert sealing.differing(programme) == []
