"""Whatever people do, in whatever order: nothing they said is lost, and there is always a way on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, InterviewState, WayGiven
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.interviewing import EVERY_KIND, asked, invited
from workflows.evidence.rules import OfferedFile, Place
from workflows.interviews import answering, commands, handing_on, sealing
from workflows.interviews import questions as interview_questions
from workflows.interviews.rules import Reply
from workflows.question_bank.shapes import Tap
from workflows.refusals import Refusal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COLLEAGUES = ("UJONAS", "UPRIYA", "UTOM", "ULIAM", "UOTTO")
TEXTS = ("By mail", "14", "a dozen", ":+1:", "11 October 2026", "ask <@UJONAS>", " ", "https://wiki.example/list")
TAPS = (*Tap, "mail", "nothing of this kind")
OVER = (InterviewState.CONFIRMED, InterviewState.DECLINED, InterviewState.WITHDRAWN)

which = st.integers(0, len(EVERY_KIND) + 2)
Do = tuple[str, int, str]
steps: st.SearchStrategy[Do] = st.one_of(
    st.tuples(st.just("say"), st.just(0), st.sampled_from(TEXTS)),
    st.tuples(st.just("form"), which, st.sampled_from(TEXTS)),
    st.tuples(st.just("tap"), which, st.sampled_from(TAPS)),
    st.tuples(st.just("file"), which, st.sampled_from(["", "The log"])),
    st.tuples(st.sampled_from(["leave", "back", "change"]), which, st.just("")),
    st.tuples(st.just("hand_on"), which, st.sampled_from(COLLEAGUES)),
    st.tuples(st.sampled_from(["colleague_declines", "colleague_asks_back"]), which, st.just("UJONAS")),
    st.tuples(st.sampled_from(["go_on", "stop", "later", "talk", "confirm", "further"]), which, st.just("")),
    st.tuples(st.sampled_from(["decline", "withdraw"]), st.just(0), st.just("Moved")),
)


@dataclass
class Held:
    """One conversation, and what should have been kept of it, by question."""

    uow: UnitOfWork
    interview_id: int
    said: dict[str, str] = field(default_factory=dict)
    files: int = 0

    @property
    def interview(self) -> Interview:
        return self.uow.get(Interview, self.interview_id)

    def question(self, place: int) -> str:
        """A question of the interview, or one that is none of it."""
        ids = self.interview.question_ids
        return ids[place] if place < len(ids) else "no such question"

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
    asking = held.interview.asking
    answering.said(deed(held.uow, "UTOM"), interview_id=held.interview_id, reply=Reply(WayGiven.THREAD, text))
    if asking is not None:
        held.said[asking] = text.strip()


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
        form,
        tap,
        file,
        leave,
        back,
        change,
        hand_on,
        colleague_declines,
        colleague_asks_back,
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
        there_is_a_way_on(held)
    if held.interview.state not in OVER:
        to_its_end(held)
    nothing_is_lost(held)
