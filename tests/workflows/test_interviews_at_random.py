"""Whatever people do, in whatever order: nothing they said is lost, and there is always a way on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, WayGiven
from storage.record.outbox import OutboxRow, OutboxState
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.interviewing import EVERY_KIND, asked, invited
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, commands, drawing, drawing_again, handing_on, sealing
from workflows.interviews import later as later_on
from workflows.interviews import questions as interview_questions
from workflows.interviews.questions import PAUSED, QUESTION
from workflows.interviews.rules import Reply
from workflows.interviews.sampling import is_shown
from workflows.question_bank.shapes import Tap
from workflows.refusals import Refusal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COLLEAGUES = ("UJONAS", "UPRIYA", "UTOM", "ULIAM", "UOTTO")
LIST_OF_FOUR, LIST_OF_FIVE = "1001\n1002\n1003\n1004", "2001\n2002\n2003\n2004\n2005"
TEXTS = (
    LIST_OF_FOUR,
    LIST_OF_FIVE,
    "By mail",
    "14",
    "a dozen",
    ":+1:",
    "11 October 2026",
    "ask <@UJONAS>",
    " ",
    "https://wiki.example/list",
)
TAPS = (*Tap, "mail", "nothing of this kind")
OVER = (InterviewState.CONFIRMED, InterviewState.DECLINED, InterviewState.WITHDRAWN)

which = st.integers(0, len(EVERY_KIND) + 6)
Do = tuple[str, int, str]
steps: st.SearchStrategy[Do] = st.one_of(
    st.tuples(st.just("say"), st.just(0), st.sampled_from(TEXTS)),
    st.tuples(st.just("form"), which, st.sampled_from(TEXTS)),
    st.tuples(st.just("tap"), which, st.sampled_from(TAPS)),
    st.tuples(st.just("file"), which, st.sampled_from(["", "The log"])),
    st.tuples(st.sampled_from(["edit", "delete"]), which, st.sampled_from(TEXTS)),
    st.tuples(st.sampled_from(["see", "take_edit", "keep_first", "draw_again"]), which, st.just("")),
    st.tuples(st.sampled_from(["leave", "back", "change"]), which, st.just("")),
    st.tuples(st.just("hand_on"), which, st.sampled_from(COLLEAGUES)),
    st.tuples(
        st.sampled_from(["colleague_declines", "colleague_asks_back", "colleague_answers"]), which, st.just("UJONAS")
    ),
    st.tuples(st.sampled_from(["go_on", "stop", "later", "talk", "confirm", "further"]), which, st.just("")),
    st.tuples(st.sampled_from(["decline", "withdraw"]), st.just(0), st.just("Moved")),
)


@dataclass(frozen=True)
class Seen:
    """What somebody saw of a draw."""

    fingerprint: str
    listed: str | None
    seed: int
    rows: str


@dataclass
class Held:
    """One conversation, and what should have been kept of it, by question; `drawn` is what somebody has seen drawn."""

    uow: UnitOfWork
    interview_id: int
    said: dict[str, str] = field(default_factory=dict)
    drawn: dict[int, Seen] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    files: int = 0
    moments: int = 0

    @property
    def interview(self) -> Interview:
        return self.uow.get(Interview, self.interview_id)

    def question(self, place: int) -> str:
        """A question of the interview, or one that is none of it."""
        ids = self.interview.question_ids
        return ids[place] if place < len(ids) else "no such question"

    def next_ts(self) -> str:
        """The place of the next message in Slack, whoever writes it."""
        self.moments += 1
        return f"{self.moments:010d}.000100"

    def answers(self) -> dict[str, Answer]:
        return {each.question_id: each for each in interview_queries.answers_of(self.uow, self.interview_id)}

    def do(self, step: Do) -> None:
        """One step; what is refused changes nothing."""
        name, place, what = step
        before = self.answers()
        try:
            DEEDS[name](self, self.question(place), what)
        except Refusal:
            assert self.answers() == before


def say(held: Held, _: str, text: str) -> None:
    """Words are in the answer to what their writer saw asked last, or where nothing was asked, nowhere."""
    before, ts = held.answers(), held.next_ts()
    reply = Reply(WayGiven.THREAD, text, message_ts=ts)
    answering.said(deed(held.uow, "UTOM"), interview_id=held.interview_id, reply=reply)
    for key, answer in held.answers().items():
        if key not in before or answer.text != before[key].text:
            assert text.strip() in answer.text
            assert key not in before or answer.kind is not AnswerKind.HANDED_ON
            held.said[key] = answer.text
            held.messages.append(ts)


def see(held: Held, _: str, __: str) -> None:
    """What was planned for the conversation stands in Slack."""
    rows = held.uow.all(OutboxRow, col(OutboxRow.kind).in_([QUESTION, PAUSED]), order_by=col(OutboxRow.id))
    for row in rows:
        if row.subject_id == held.interview_id and row.state is OutboxState.PENDING:
            held.uow.change(row, state=OutboxState.SENT, channel_id="D0TOM", ts=held.next_ts())


def edit(held: Held, _: str, text: str) -> None:
    if held.messages:
        ts = held.messages[held.moments % len(held.messages)]
        later_on.edited(deed(held.uow, "UTOM"), channel_id="D0TOM", message_ts=ts, text=text.strip())


def delete(held: Held, _: str, __: str) -> None:
    if held.messages:
        ts = held.messages[held.moments % len(held.messages)]
        later_on.deleted(deed(held.uow, "UTOM"), channel_id="D0TOM", message_ts=ts)


def take_edit(held: Held, question: str, _: str) -> None:
    if answer := held.answers().get(question):
        later_on.take_edit(deed(held.uow, "UTOM"), answer_id=answer.id)
        held.said[question] = (answer.edited_text or "").strip()


def keep_first(held: Held, question: str, _: str) -> None:
    if answer := held.answers().get(question):
        later_on.keep_first(deed(held.uow, "UTOM"), answer_id=answer.id)


def draw_again(held: Held, question: str, _: str) -> None:
    """Other rows of a list that was typed, from the list as it is now."""
    if answer := held.answers().get(question):
        draw = drawing_again.to_draw_again(deed(held.uow, "ULIAM"), answer_id=answer.id)
        given = drawing_again.without_file(held.uow, draw, anew=True)
        drawing_again.drawn_again(
            deed(held.uow, "ULIAM"), draw_id=draw.id, given=given, rows=2, anew=True, reason="Others"
        )


def form(held: Held, question: str, text: str) -> None:
    reply = Reply(WayGiven.FORM, text)
    answering.answer(deed(held.uow, "UTOM"), interview_id=held.interview_id, question_id=question, reply=reply)
    held.said[question] = text.strip()


def tap(held: Held, question: str, chosen: str) -> None:
    reply = Reply(WayGiven.TAP, "Not mine" if chosen == Tap.SKIP else "", chosen=chosen)
    answering.answer(deed(held.uow, "UTOM"), interview_id=held.interview_id, question_id=question, reply=reply)
    held.said[question] = reply.text


def file(held: Held, question: str, note: str) -> None:
    held.files += 1
    offered = OfferedFile(f"F{held.interview_id}.{held.files}", "log.csv", 10, "https://files.example/log", note)
    place, by, reply = Place("D0TOM", "100.1"), deed(held.uow, "UTOM"), Reply(WayGiven.FILE, note)
    answering.give_files(
        by, interview_id=held.interview_id, question_id=question, files=[offered], place=place, reply=reply
    )
    if note:
        held.said[question] = note


def leave(held: Held, question: str, _: str) -> None:
    answering.leave(deed(held.uow, "UTOM"), interview_id=held.interview_id, question_id=question)


def back(held: Held, question: str, _: str) -> None:
    commands.back(deed(held.uow, "UTOM"), interview_id=held.interview_id, question_id=question)


def change(held: Held, question: str, _: str) -> None:
    commands.change(deed(held.uow, "UTOM"), interview_id=held.interview_id, question_id=question)


def hand_on(held: Held, question: str, person: str) -> None:
    by = deed(held.uow, "UTOM")
    handing_on.hand_on(by, interview_id=held.interview_id, question_id=question, person_id=person)


def colleague_declines(held: Held, _: str, person: str) -> None:
    if found := _of(held, person):
        commands.decline(deed(held.uow, person), interview_id=found.id)


def colleague_answers(held: Held, _: str, person: str) -> None:
    found = _of(held, person)
    if found and found.question_ids:
        reply = Reply(WayGiven.FORM, "As it is")
        by = deed(held.uow, person)
        answering.answer(by, interview_id=found.id, question_id=found.question_ids[0], reply=reply)


def colleague_asks_back(held: Held, question: str, person: str) -> None:
    if found := _of(held, person):
        handing_on.hand_on(deed(held.uow, person), interview_id=found.id, question_id=question, person_id="UTOM")


def _of(held: Held, person: str) -> Interview | None:
    found = interview_queries.interviews_of(held.uow, held.interview.desk_audit_id)
    return next((each for each in found if each.person_id == person), None)


def go_on(held: Held, _: str, __: str) -> None:
    commands.go_on(deed(held.uow, "UTOM"), interview_id=held.interview_id)


def stop(held: Held, _: str, __: str) -> None:
    commands.stop_for_now(deed(held.uow, "UTOM"), interview_id=held.interview_id)


def later(held: Held, _: str, __: str) -> None:
    day = MONDAY.date() + timedelta(days=2)
    commands.go_on_later(deed(held.uow, "UTOM"), interview_id=held.interview_id, day=day)


def talk(held: Held, _: str, __: str) -> None:
    commands.want_talk(deed(held.uow, "UTOM"), interview_id=held.interview_id)


def confirm(held: Held, _: str, __: str) -> None:
    commands.confirm(deed(held.uow, "UTOM"), interview_id=held.interview_id)


def further(held: Held, _: str, __: str) -> None:
    more = [asked("welcome", "And then?")]
    commands.ask_further(deed(held.uow, "ULIAM"), interview_id=held.interview_id, questions=more)


def decline(held: Held, _: str, reason: str) -> None:
    commands.decline(deed(held.uow, "UTOM"), interview_id=held.interview_id, reason=reason)


def withdraw(held: Held, _: str, reason: str) -> None:
    commands.withdraw(deed(held.uow, "ULIAM"), interview_id=held.interview_id, reason=reason)


DEEDS: dict[str, Callable[[Held, str, str], None]] = {
    each.__name__: each
    for each in (
        say,
        see,
        edit,
        delete,
        take_edit,
        keep_first,
        draw_again,
        form,
        tap,
        file,
        leave,
        back,
        change,
        hand_on,
        colleague_declines,
        colleague_asks_back,
        colleague_answers,
        go_on,
        stop,
        later,
        talk,
        confirm,
        further,
        decline,
        withdraw,
    )
}


def nothing_is_lost(held: Held) -> None:
    kept = held.answers()
    assert {question: kept[question].text for question in held.said} == held.said


def what_was_seen_drawn_stays(held: Held) -> None:
    """From a list that is there word for word, whoever takes the draw again; nobody changes it once it was seen."""
    step = interview_questions.step_of(held.uow, held.interview_id)
    for answer in step.given.values():
        for draw in interview_queries.draws_for(held.uow, answer.id):
            rows = drawing.drawn(draw.population, len(draw.drawn), seed=draw.seed, fingerprint=draw.fingerprint)
            assert [each["row"] for each in draw.drawn] == rows
            assert draw.listed is None or draw.fingerprint == sealing.digest_of_words(draw.listed)
            if is_shown(step, draw):
                said = Seen(draw.fingerprint, draw.listed, draw.seed, str(draw.drawn))
                assert held.drawn.setdefault(draw.id, said) == said


def there_is_a_way_on(held: Held) -> None:
    step = interview_questions.step_of(held.uow, held.interview_id)
    if step.interview.state is InterviewState.ANSWERING:
        assert step.next is not None
        assert step.interview.asking in {None, *(each.id for each in step.asked)}
    else:
        assert step.interview.asking is None
    if step.interview.state is InterviewState.CONFIRMING:
        assert step.after("") is None


def to_its_end(held: Held) -> None:
    """Whoever goes on answering comes to an end, and what they confirm is what they said."""
    for _ in range(3 * len(held.interview.question_ids)):
        asking = held.interview.asking
        if held.interview.state is InterviewState.CONFIRMING:
            break
        if asking is None:
            go_on(held, "", "")
        else:
            form(held, asking, "It is as it is, and has been so for as long as I can think of")
            leave(held, asking, "") if held.interview.asking == asking else None
    confirm(held, "", "")
    assert sealing.differing(held.uow) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(steps, max_size=25))
def test_nothing_is_lost_and_there_is_always_a_way_on(programme: UnitOfWork, done: Sequence[Do]) -> None:
    held = Held(programme, invited(deed(programme, "ULIAM"), "UTOM", EVERY_KIND).id)
    for step in [("go_on", 0, ""), *done]:
        held.do(step)
        nothing_is_lost(held)
        what_was_seen_drawn_stays(held)
        there_is_a_way_on(held)
    if held.interview.state not in OVER:
        to_its_end(held)
    nothing_is_lost(held)
