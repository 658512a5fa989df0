"""An interview by its rules: every kind of answer, what is asked back, who is asked instead, and what is sealed."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col

from bot.interviews import facts
from storage.engine.canonical import canonical_json
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import EvidenceUse
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, SealedRound, WayGiven
from storage.nudges.tables import Nudge
from storage.record import trail
from storage.record.fingerprints import row_salt
from storage.record.outbox import OutboxRow
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.interviewing import (
    ACCOUNTS,
    CHOICE,
    COUNT,
    DAY,
    EVERY_KIND,
    LEAVERS,
    LIST,
    WELCOME,
    YES_NO,
    Frozen,
    asked,
    invited,
)
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, beside, commands, handing_on, reminding, sealing
from workflows.interviews import questions as interview_questions
from workflows.interviews.refusals import AskedAlready, AuditsItself, InterviewOver, NothingAskedYet, ReadBackFirst
from workflows.interviews.rules import Ack, Reply, Step
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal

A_DAY = timedelta(days=1)


def begun(uow: UnitOfWork, *questions: Frozen) -> Interview:
    """Tom has begun; Liam asks."""
    interview = invited(deed(uow, "ULIAM"), "UTOM", questions)
    commands.go_on(deed(uow, "UTOM"), interview_id=interview.id)
    return interview


def says(uow: UnitOfWork, interview: Interview, text: str, **reply: Any) -> Step:
    """A sentence in the thread."""
    given = Reply(WayGiven.THREAD, text, **reply)
    return answering.said(deed(uow, "UTOM"), interview_id=interview.id, reply=given)


def taps(uow: UnitOfWork, interview: Interview, question: Frozen, chosen: str, text: str = "") -> Step:
    """A button beneath a question."""
    reply = Reply(WayGiven.TAP, text, chosen=chosen)
    return answering.answer(deed(uow, "UTOM"), interview_id=interview.id, question_id=question["id"], reply=reply)


def now(uow: UnitOfWork, interview: Interview) -> Interview:
    return uow.get(Interview, interview.id)


def given(uow: UnitOfWork, interview: Interview) -> dict[str, Answer]:
    return {each.question_id: each for each in interview_queries.answers_of(uow, interview.id)}


def last_ack(uow: UnitOfWork, interview: Interview) -> str:
    """What was said before the question that was asked last."""
    rows = uow.all(OutboxRow, col(OutboxRow.kind) == interview_questions.QUESTION, order_by=col(OutboxRow.id))
    return [str(row.values["what"][1]) for row in rows if row.subject_id == interview.id][-1]


@pytest.mark.parametrize(
    ("question", "text", "value", "asked_back"),
    [
        (WELCOME, "Lock the screen", None, None),
        (WELCOME, ":+1:", None, Ack.ONLY_SIGNS),
        (WELCOME, "\U0001f44d\U0001f3fd", None, Ack.ONLY_SIGNS),
        (WELCOME, "ask <@UJONAS>", None, Ack.ASK_WHOM),
        (WELCOME, "<@UJONAS> closes them and <@UMIRA> looks", None, None),
        (WELCOME, "That is up to <@UJONAS> who does it on the last day", None, None),
        (COUNT, "14, all told", {"number": 14}, None),
        (COUNT, "about 3,5 %", {"number": 3.5}, None),
        (COUNT, "a dozen or so", None, Ack.NO_NUMBER),
        (COUNT, "3 of 14", None, Ack.NO_NUMBER),
        (COUNT, "1,000", None, Ack.NO_NUMBER),
        (DAY, "11 October 2026", {"day": "2026-10-11"}, None),
        (DAY, "11 October", {"day": "2026-10-11"}, None),
        (DAY, "24 November", {"day": "2025-11-24"}, None),
        (DAY, "some time in spring", None, Ack.NO_DAY),
        (CHOICE, "by mail", {"chosen": "mail"}, None),
        (CHOICE, "It depends", None, None),
        (YES_NO, "Mostly", None, None),
        (ACCOUNTS, "https://wiki.example/accounts shows it", None, None),
    ],
)
def test_what_is_written_is_kept_and_read_as_far_as_it_can_be(
    programme: UnitOfWork, question: Frozen, text: str, value: dict[str, Any] | None, asked_back: Ack | None
) -> None:
    interview = begun(programme, question)
    says(programme, interview, text)
    answer = given(programme, interview)[question["id"]]
    assert (answer.text, answer.value) == (text, value)
    state = now(programme, interview).state
    assert state is (InterviewState.ANSWERING if asked_back else InterviewState.CONFIRMING)
    if asked_back:
        assert last_ack(programme, interview) == asked_back
        answering.leave(deed(programme, "UTOM"), interview_id=interview.id, question_id=question["id"])
        assert now(programme, interview).state is InterviewState.CONFIRMING
        assert given(programme, interview)[question["id"]].text == text


@pytest.mark.parametrize(
    ("question", "chosen", "kind", "value"),
    [
        (YES_NO, "no", AnswerKind.GIVEN, {"chosen": "no"}),
        (YES_NO, "unsure", AnswerKind.GIVEN, {"chosen": "unsure"}),
        (CHOICE, "ticket", AnswerKind.GIVEN, {"chosen": "ticket"}),
        (WELCOME, "unknown", AnswerKind.UNKNOWN, None),
        (LIST, "none", AnswerKind.NONE, None),
    ],
)
def test_a_tap_is_an_answer(
    programme: UnitOfWork, question: Frozen, chosen: str, kind: AnswerKind, value: dict[str, Any] | None
) -> None:
    interview = begun(programme, question)
    taps(programme, interview, question, chosen)
    answer = given(programme, interview)[question["id"]]
    assert (answer.kind, answer.value, answer.way) == (kind, value, WayGiven.TAP)


def test_skipping_wants_a_reason(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    with pytest.raises(InputWanted):
        taps(programme, interview, WELCOME, "skip")
    taps(programme, interview, WELCOME, "skip", "I start on Monday")
    answer = given(programme, interview)["welcome"]
    assert (answer.kind, answer.text) == (AnswerKind.SKIPPED, "I start on Monday")


def test_an_answer_gets_one_follow_up_and_a_changed_one_no_other(programme: UnitOfWork) -> None:
    interview = begun(programme, LEAVERS, WELCOME)
    step = says(programme, interview, "By a mail.")
    assert step.question is not None
    assert step.question.text == "And how do you notice when a mail was forgotten?"
    says(programme, interview, "We don't.")
    assert last_ack(programme, interview) == Ack.AFTER_FOLLOW_UP
    commands.change(deed(programme, "UTOM"), interview_id=interview.id, question_id="leavers")
    step = says(programme, interview, "By a letter.")
    assert step.interview.asking == "welcome"
    main, follow_up = given(programme, interview).values()
    assert (main.text, follow_up.text, follow_up.follows_id) == ("By a letter.", "We don't.", main.id)
    assert step.total == 2


def test_two_messages_in_a_row_are_one_answer(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    posted(programme, interview, "100.1")
    says(programme, interview, "Lock the screen.", message_ts="100.2")
    posted(programme, interview, "100.4")
    says(programme, interview, "And ask.", message_ts="100.3")
    says(programme, interview, "14", message_ts="100.5")
    assert {key: each.text for key, each in given(programme, interview).items()} == {
        "welcome": "Lock the screen.\nAnd ask.",
        "count": "14",
    }


def posted(uow: UnitOfWork, interview: Interview, ts: str) -> None:
    """The newest message of the conversation stands in Slack now."""
    ours = (interview_questions.QUESTION, interview_questions.PAUSED)
    rows = uow.all(OutboxRow, col(OutboxRow.kind).in_(ours), order_by=col(OutboxRow.id))
    row = [each for each in rows if each.subject_id == interview.id][-1]
    uow.change(row, state="sent", channel_id="D0TOM", ts=ts)


def test_twenty_thousand_characters_are_kept_to_the_last(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    says(programme, interview, "long " * 4_000)
    assert len(given(programme, interview)["welcome"].text) == 19_999
    with pytest.raises(InputWanted):
        taps(programme, interview, WELCOME, "", "x" * 40_001)


@pytest.mark.parametrize(
    ("name", "ack"), [("log.csv", Ack.FILE_ALONE), ("audio_message.m4a", Ack.VOICE), ("empty.txt", Ack.FILE_ALONE)]
)
def test_a_file_alone_is_kept_and_a_sentence_asked_for(programme: UnitOfWork, name: str, ack: Ack) -> None:
    interview = begun(programme, ACCOUNTS, COUNT)
    drops(programme, interview, name)
    assert last_ack(programme, interview) == ack
    assert now(programme, interview).asking == "accounts"
    says(programme, interview, "All three were closed on the day.")
    answer = given(programme, interview)["accounts"]
    assert answer.text == "All three were closed on the day."
    assert len(programme.matching(EvidenceUse, answer_id=answer.id)) == 1
    assert now(programme, interview).asking == "count"


def test_a_file_with_a_sentence_is_an_answer(programme: UnitOfWork) -> None:
    interview = begun(programme, ACCOUNTS, COUNT)
    drops(programme, interview, "log.csv", "Closed on the day.")
    assert now(programme, interview).asking == "count"


def drops(uow: UnitOfWork, interview: Interview, name: str, note: str = "") -> None:
    file = OfferedFile(f"F{name}", name, 10, "https://files.example/f", note)
    answering.files_dropped(deed(uow, "UTOM"), now(uow, interview), [file], Place("D0TOM", "100.1"), "")


# --- a colleague ---


def test_a_colleague_gets_the_question_alone_and_what_they_decline_comes_back(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    hands_on(programme, interview, "welcome", "UJONAS")
    theirs = of(programme, "UJONAS", interview)
    assert theirs.question_ids == ["welcome"]
    assert now(programme, interview).asking is None
    commands.decline(deed(programme, "UJONAS"), interview_id=theirs.id, reason="I only started")
    answer = given(programme, interview)["welcome"]
    assert (answer.kind, answer.handed_to) == (AnswerKind.HANDED_ON, None)
    assert (now(programme, interview).asking, last_ack(programme, interview)) == ("welcome", Ack.CAME_BACK)


def test_what_a_colleague_declines_after_the_confirmation_changes_nothing_that_is_sealed(
    programme: UnitOfWork,
) -> None:
    interview = begun(programme, WELCOME)
    hands_on(programme, interview, "welcome", "UJONAS")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    commands.decline(deed(programme, "UJONAS"), interview_id=of(programme, "UJONAS", interview).id)
    assert given(programme, interview)["welcome"].handed_to == "UJONAS"
    assert sealing.differing(programme) == []


def test_two_colleagues_who_send_each_other_the_question_end_with_the_first(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    hands_on(programme, interview, "welcome", "UJONAS")
    theirs = of(programme, "UJONAS", interview)
    handing_on.hand_on(deed(programme, "UJONAS"), interview_id=theirs.id, question_id="welcome", person_id="UTOM")
    assert given(programme, interview)["welcome"].handed_to is None


def test_a_colleague_who_is_asked_in_this_audit_gets_one_question_more(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    audit_deed = deed(programme, "ULIAM")
    step = interview_questions.step_of(programme, interview.id)
    theirs = commands.invite(audit_deed, step.audit, person_id="UJONAS", questions=[COUNT])
    hands_on(programme, interview, "welcome", "UJONAS")
    assert now(programme, theirs).question_ids == ["count", "welcome"]
    with pytest.raises(AskedAlready):
        hands_on(programme, interview, "count", "UJONAS")


@pytest.mark.parametrize(
    ("person", "refusal"),
    [("UTOM", InputWanted), ("UOTTO", InputWanted), ("UNOBODY", InputWanted), ("ULIAM", AuditsItself)],
)
def test_nobody_asks_themselves_those_who_left_or_the_auditors(
    programme: UnitOfWork, person: str, refusal: type[Refusal]
) -> None:
    interview = begun(programme, WELCOME)
    with pytest.raises(refusal):
        hands_on(programme, interview, "welcome", person)


def test_a_follow_up_that_is_handed_on_says_what_it_follows_and_not_what_was_answered(programme: UnitOfWork) -> None:
    interview = begun(programme, LEAVERS)
    says(programme, interview, "By a mail.")
    key = now(programme, interview).asking or ""
    hands_on(programme, interview, key, "UJONAS")
    [theirs] = of(programme, "UJONAS", interview).questions or []
    assert theirs[handing_on.FOLLOWS] == LEAVERS["text"]
    assert "By a mail" not in str(theirs)
    step = interview_questions.step_of(programme, of(programme, "UJONAS", interview).id)
    assert facts.asked(programme, step, step.find(key)).follows == LEAVERS["text"]


def hands_on(uow: UnitOfWork, interview: Interview, question: str, person: str) -> None:
    handing_on.hand_on(deed(uow, "UTOM"), interview_id=interview.id, question_id=question, person_id=person)


def of(uow: UnitOfWork, person: str, other: Interview) -> Interview:
    found = interview_queries.interviews_of(uow, other.desk_audit_id)
    return next(each for each in found if each.person_id == person)


# --- at its end ---


def test_a_round_is_sealed_over_everything_that_was_asked_and_said(programme: UnitOfWork) -> None:
    interview = begun(programme, YES_NO, COUNT)
    taps(programme, interview, YES_NO, "no")
    says(programme, interview, "14")
    sealed = commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    copies = [
        _copy("sure", YES_NO["text"], "", {"chosen": "no"}),
        _copy("count", COUNT["text"], "14", {"number": 14}),
    ]
    salt, answers = trail.head(programme).salt, given(programme, interview)
    salts = {key: row_salt(programme.workspace_id, salt, "answer", each.id) for key, each in answers.items()}
    hashes = {each["question_id"]: _sha256(each, salts[each["question_id"]]) for each in copies}
    assert sealed.digest == _sha256(hashes)
    [row] = programme.all(SealedRound)
    assert (row.round, row.scheme, row.digest, row.confirmed_by) == (1, 3, sealed.digest, "UTOM")
    assert sealing.differing(programme) == []
    programme.change(given(programme, interview)["sure"], value={"chosen": "yes"})
    assert [each.id for each in sealing.differing(programme)] == [interview.id]


def _copy(question: str, prompt: str, text: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "question_id": question,
        "prompt": prompt,
        "kind": "given",
        "text": text,
        "value": value,
        "handed_to": None,
        "written_by": None,
        "evidence": [],
        "draws": [],
    }


def _sha256(value: dict[str, Any], salt: str = "") -> str:
    return hashlib.sha256(f"{salt}{canonical_json(value)}".encode()).hexdigest()


def test_a_round_of_the_scheme_before_is_still_held_against_its_fingerprint(programme: UnitOfWork) -> None:
    interview = begun(programme, YES_NO)
    taps(programme, interview, YES_NO, "no")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    [row] = programme.all(SealedRound)
    hashes = {"sure": _sha256(_copy("sure", YES_NO["text"], "", {"chosen": "no"}))}
    programme.change(row, scheme=2, hashes=hashes, digest=_sha256(hashes))
    assert sealing.differing(programme) == []
    programme.change(given(programme, interview)["sure"], value={"chosen": "yes"})
    assert [each.id for each in sealing.differing(programme)] == [interview.id]


def test_the_auditor_asks_further_in_a_round_that_is_sealed_by_itself(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    says(programme, interview, "Lock the screen")
    first = commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    more = asked("welcome", "And on the second day?")
    commands.ask_further(deed(programme, "ULIAM"), interview_id=interview.id, questions=[more])
    assert (now(programme, interview).asking, now(programme, interview).round) == ("welcome-2", 2)
    says(programme, interview, "Nothing new")
    second = commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    assert [each.digest for each in programme.all(SealedRound)] == [first.digest, second.digest]
    assert sealing.differing(programme) == []
    with pytest.raises(NotAllowed):
        commands.ask_further(deed(programme, "UMIRA"), interview_id=interview.id, questions=[more])


@pytest.mark.parametrize("person", ["UMIRA", "ULIAM", "UJONAS"])
def test_only_whoever_is_asked_answers(programme: UnitOfWork, person: str) -> None:
    interview = begun(programme, WELCOME)
    with pytest.raises(NotAllowed):
        answering.said(deed(programme, person), interview_id=interview.id, reply=Reply(WayGiven.THREAD, "Me"))


def test_what_is_said_where_nothing_is_asked_is_answered_and_not_kept(programme: UnitOfWork) -> None:
    interview = invited(deed(programme, "ULIAM"), "UTOM", [WELCOME])
    with pytest.raises(NothingAskedYet):
        says(programme, interview, "Hello")
    commands.go_on(deed(programme, "UTOM"), interview_id=interview.id)
    says(programme, interview, "Lock the screen")
    with pytest.raises(ReadBackFirst):
        says(programme, interview, "Wait")
    commands.confirm(deed(programme, "UTOM"), interview_id=interview.id)
    with pytest.raises(InterviewOver):
        says(programme, interview, "One more thing")
    with pytest.raises(AlreadyDecided):
        taps(programme, interview, WELCOME, "unknown")


def test_an_auditor_takes_an_interview_back_with_a_reason(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    says(programme, interview, "Lock the screen")
    with pytest.raises(InputWanted):
        commands.withdraw(deed(programme, "ULIAM"), interview_id=interview.id, reason=" ")
    commands.withdraw(deed(programme, "ULIAM"), interview_id=interview.id, reason="The audit was moved")
    assert now(programme, interview).state is InterviewState.WITHDRAWN
    assert given(programme, interview)["welcome"].text == "Lock the screen"
    with pytest.raises(InterviewOver):
        says(programme, interview, "14")
    with pytest.raises(AlreadyDecided):
        commands.withdraw(deed(programme, "ULIAM"), interview_id=interview.id, reason="Again")


# --- stopping, going on, reminders ---


def test_somebody_stops_and_is_reminded_on_the_day_they_chose(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT)
    says(programme, interview, "Lock the screen")
    commands.stop_for_now(deed(programme, "UTOM"), interview_id=interview.id)
    day = MONDAY.date() + 2 * A_DAY
    with pytest.raises(InputWanted):
        commands.go_on_later(deed(programme, "UTOM"), interview_id=interview.id, day=MONDAY.date())
    commands.go_on_later(deed(programme, "UTOM"), interview_id=interview.id, day=day)
    reminding.tick(deed(programme, "UTOM", MONDAY + A_DAY))
    assert noted(programme, "UTOM") == []
    for _ in range(2):
        reminding.tick(deed(programme, "UTOM", MONDAY + 2 * A_DAY + timedelta(hours=6)))
    assert noted(programme, "UTOM") == ["goes_on"]
    assert commands.go_on(deed(programme, "UTOM"), interview_id=interview.id).interview.asking == "count"


def test_reminders_climb_their_ladder_until_the_auditor_hears(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    told: list[tuple[str, str, date]] = []
    for day in range(25):
        at = MONDAY + day * A_DAY + timedelta(hours=7)
        reminding.tick(deed(programme, "UTOM", at))
        new = [(who, rung) for who in ("UTOM", "ULIAM") for rung in noted(programme, who)]
        told += [(*each, at.date()) for each in new if each not in [(who, rung) for who, rung, _ in told]]
    assert interview.due_on == date(2026, 12, 3)
    assert told == [
        ("UTOM", "due_soon.3", date(2026, 11, 30)),
        ("UTOM", "due", date(2026, 12, 3)),
        ("UTOM", "overdue.2", date(2026, 12, 7)),
        ("UTOM", "overdue.5", date(2026, 12, 10)),
        ("ULIAM", "overdue.5", date(2026, 12, 10)),
    ]


def noted(uow: UnitOfWork, person: str) -> list[str]:
    """The rungs of which somebody was or will be told, in the order in which they came up."""
    about = (col(Nudge.person_id) == person, col(Nudge.subject) == "interview")
    return [each.rung for each in uow.all(Nudge, *about, order_by=col(Nudge.id))]


def test_going_back_leads_to_where_one_was(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME, COUNT, YES_NO)
    says(programme, interview, "Lock the screen")
    with pytest.raises(InputWanted):
        commands.back(deed(programme, "UTOM"), interview_id=interview.id, question_id="welcome")
    commands.back(deed(programme, "UTOM"), interview_id=interview.id, question_id="count")
    answering.leave(deed(programme, "UTOM"), interview_id=interview.id, question_id="welcome")
    assert now(programme, interview).asking == "count"


def test_words_beside_any_thread_are_taken_where_one_question_waits_and_else_asked_about(
    programme: UnitOfWork,
) -> None:
    interview = begun(programme, WELCOME, COUNT)
    posted(programme, interview, "100.1")
    beside.said_beside(
        deed(programme, "UTOM"), reply=Reply(WayGiven.THREAD, "Lock it", message_ts="100.2"), channel_id="D"
    )
    assert given(programme, interview)["welcome"].text == "Lock it"
    other = begun(programme, LIST)
    beside.said_beside(deed(programme, "UTOM"), reply=Reply(WayGiven.THREAD, "14", message_ts="100.4"), channel_id="D")
    assert set(given(programme, interview)) == {"welcome"}
    [row] = programme.all(OutboxRow, col(OutboxRow.kind) == beside.WHICH)
    beside.take_words(deed(programme, "UTOM"), dropped_id=row.subject_id, interview_id=interview.id)
    assert given(programme, interview)["count"].value == {"number": 14}
    assert given(programme, other) == {}


def test_the_last_question_answered_in_a_form_during_a_pause_ends_it(programme: UnitOfWork) -> None:
    interview = begun(programme, WELCOME)
    commands.stop_for_now(deed(programme, "UTOM"), interview_id=interview.id)
    taps(programme, interview, WELCOME, "unknown")
    assert now(programme, interview).state is InterviewState.CONFIRMING


def test_every_kind_can_be_answered_to_the_end(programme: UnitOfWork) -> None:
    interview = begun(programme, *EVERY_KIND)
    for _ in range(20):
        step = interview_questions.step_of(programme, interview.id)
        if step.question is None:
            break
        taps(programme, interview, {"id": step.question.id}, "unknown")
    assert now(programme, interview).state is InterviewState.CONFIRMING
