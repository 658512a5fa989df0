"""The answer as a conversation: what is asked after what, what is asked back, and what is kept of it."""

from datetime import timedelta
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Asking, Grade, Nonconformity, NonconformityState, ResponseDraft
from storage.record.outbox import OutboxRow, OutboxState
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.test_nonconformities import FINDING, make, put
from workflows.nonconformities import drafts
from workflows.nonconformities.gates import Gate, Remedy, Why
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale
from workflows.responses import commands, questions, rules
from workflows.responses.refusals import NotWithWords
from workflows.responses.rules import SoFar, Tap, asked_back, following

State = NonconformityState


class Talk:
    """Jonas talks about NC-1; every question is there before he answers."""

    def __init__(self, uow: UnitOfWork, finding: Nonconformity, who: str = "UJONAS") -> None:
        self.uow, self.finding, self.who = uow, finding, who
        self.clock = 1000
        self.begin()

    @property
    def draft(self) -> ResponseDraft:
        found = queries.draft(self.uow, self.finding.id)
        assert found is not None
        return found

    def asked(self) -> tuple[Any, str]:
        """What is asked now, and why again."""
        return self.draft.asking, self.draft.asked_back

    def begin(self) -> "Talk":
        commands.find_out_why(deed(self.uow, self.who), nonconformity_id=self.finding.id)
        return self._there()

    def says(self, *texts: str) -> "Talk":
        for text in texts:
            self.clock += 1
            ts = f"{self.clock}.5"
            commands.said(deed(self.uow, self.who), nonconformity_id=self.finding.id, text=text, message_ts=ts)
            self._there()
        return self

    def taps(self, tap: Tap) -> "Talk":
        commands.tap(deed(self.uow, self.who), draft_id=self.draft.id, number=self.draft.number, tap=tap)
        return self._there()

    def sends(self) -> Any:
        return commands.send(deed(self.uow, self.who), draft_id=self.draft.id, number=self.draft.number)

    def _there(self) -> "Talk":
        """What was asked has been sent."""
        for row in self.uow.matching(OutboxRow, kind=questions.QUESTION, state=OutboxState.PENDING):
            self.clock += 1
            self.uow.change(row, state=OutboxState.SENT, ts=f"{self.clock}.0", channel_id="D1")
        return self


@pytest.fixture
def talk(programme: UnitOfWork) -> Talk:
    """A minor whose owner is asked the first question."""
    return Talk(programme, put(programme, State.RESPONDING))


PUT_RIGHT = ("Closed 11 October. Log shows no use.", "Nobody was affected by it", "All leavers of the year: none other")
WHYS = (
    "Somebody forgot the mail.",
    "Nobody compares the leavers with the accounts.",
    "It was never anyone's job. HR thinks IT does it.",
)
MEASURE = (
    "Leavers whose access closed on the last day, of all leavers",
    "100 %",
    "The list of leavers",
    "1 January to 28 February",
    "in 90 days",
    "No change: the risk was rated right",
    "The checklist names the ticket",
)


def through_action(talk: Talk) -> Talk:
    """Put right, found out why, and one action."""
    talk.says(*PUT_RIGHT, *WHYS).taps(Tap.IS_CAUSE).says("No list shows accounts that are left open")
    talk.says("Ticket opens from the HR date").taps(Tap.MYSELF).says(
        "14 December 2026", "The rule, and the first ticket"
    )
    return talk


def whole(talk: Talk) -> Talk:
    """Everything said, and read back."""
    return through_action(talk).taps(Tap.THAT_IS_ALL).says(*MEASURE)


# --- the conversation ---


def test_the_conversation_of_the_auditors_page_asks_one_thing_at_a_time(talk: Talk) -> None:
    seen = [talk.asked()[0], *(talk.says(text).asked()[0] for text in (*PUT_RIGHT, *WHYS))]
    assert seen == [Asking.PUT_RIGHT, Asking.CONSEQUENCES, Asking.EXTENT, *[Asking.WHY] * 2, *[Asking.CAUSE] * 2]
    [cause] = drafts.causes(talk.uow, talk.finding)
    assert tuple(cause.steps) == WHYS


def test_a_cause_that_ends_in_a_person_is_kept_and_asked_back(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, WHYS[0])
    assert talk.asked() == (Asking.WHY, Gate.ENDS_WITH_PERSON)
    assert drafts.causes(talk.uow, talk.finding)[0].steps == [WHYS[0]]


def test_a_cause_that_repeats_the_finding_is_asked_back_and_not_kept(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, FINDING.statement.upper())
    assert talk.asked() == (Asking.WHY, Gate.REPEATS_FINDING)
    assert drafts.causes(talk.uow, talk.finding) == []


def test_what_was_said_is_sent_as_the_answer_with_causes_and_actions_as_rows(talk: Talk) -> None:
    whole(talk)
    assert talk.asked() == (Asking.READ_BACK, "")
    sent = talk.sends()
    assert sent.state is State.PLAN_REVIEW
    [response] = queries.responses(talk.uow, talk.finding.id)
    assert (response.correction, response.effect_target) == (PUT_RIGHT[0], "100 %")
    [cause], [action] = queries.causes(talk.uow, sent.id), queries.actions(talk.uow, sent.id)
    assert (cause.response_id, action.response_id) == (response.id, response.id)
    assert (action.text, action.causes, action.assignee_id) == ("Ticket opens from the HR date", [1], "UJONAS")
    assert (talk.draft.asking, talk.draft.values) == (None, {})


def test_each_of_two_branches_is_asked_for_an_action(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, *WHYS).taps(Tap.BRANCH).says("No list shows accounts that are left open")
    assert talk.asked()[0] is Asking.WHY
    talk.says("The notice depends on a mail", "No system knows the last day").taps(Tap.IS_CAUSE)
    talk.says("Nothing counts mails that never came")
    assert talk.asked()[0] is Asking.ACTION
    talk.says("Ticket opens from the HR date").taps(Tap.MYSELF).says("14 December 2026", "The first ticket")
    assert talk.asked()[0] is Asking.ACTION
    talk.says("Monthly comparison of both lists", "<@UPRIYA>", "18 December 2026", "The list of January")
    assert talk.asked()[0] is Asking.MORE
    told = [(each.place, each.causes, each.assignee_id) for each in drafts.actions(talk.uow, talk.finding)]
    assert told == [(1, [1], "UJONAS"), (2, [2], "UPRIYA")]


def test_what_is_not_put_right_yet_is_contained_first(talk: Talk) -> None:
    texts = ("The account was locked the same hour", "It is deleted by Friday")
    seen = [talk.taps(Tap.NOT_YET).asked()[0], *(talk.says(text).asked()[0] for text in texts)]
    assert seen == [Asking.CONTAINED, Asking.CORRECTION, Asking.CONSEQUENCES]


def test_a_second_message_on_the_heels_of_the_first_belongs_to_the_same_answer(talk: Talk) -> None:
    for text, ts in (("Closed 11 October.", "1001.5"), ("Log shows no use.", "1001.6")):
        commands.said(deed(talk.uow, "UJONAS"), nonconformity_id=talk.finding.id, text=text, message_ts=ts)
    assert talk.asked()[0] is Asking.CONSEQUENCES
    assert talk.draft.values["correction"] == "Closed 11 October.\nLog shows no use."


def test_after_days_it_goes_on_where_it_stood(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, WHYS[0])
    number = talk.draft.number
    assert talk.begin().asked() == (Asking.WHY, Gate.ENDS_WITH_PERSON)
    assert talk.draft.number == number + 1


def test_a_returned_answer_is_carried_forward_with_all_its_causes_and_actions(talk: Talk) -> None:
    sent = whole(talk).sends()
    returned = make(talk.uow, "return_plan", sent, "ULIAM")
    assert len(drafts.causes(talk.uow, returned)) == len(drafts.actions(talk.uow, returned)) == 1
    assert talk.begin().asked() == (Asking.READ_BACK, "")
    again = talk.sends()
    assert (again.state, again.round) == (State.PLAN_REVIEW, 2)
    assert len(queries.causes(talk.uow, again.id)) == 2


# --- who, when, how much ---


@pytest.mark.parametrize("person", ["ULIAM", "UMIRA", "UDAVID", "UPRIYA", "UTOM"])
def test_nobody_but_the_owner_answers(talk: Talk, person: str) -> None:
    with pytest.raises(NotAllowed):
        commands.said(deed(talk.uow, person), nonconformity_id=talk.finding.id, text="It was me", message_ts="1.5")
    with pytest.raises(NotAllowed):
        commands.tap(deed(talk.uow, person), draft_id=talk.draft.id, number=talk.draft.number, tap=Tap.NOT_YET)
    assert talk.draft.values == {}


def test_an_old_button_changes_nothing(talk: Talk) -> None:
    talk.says(PUT_RIGHT[0])
    with pytest.raises(Stale):
        commands.tap(deed(talk.uow, "UJONAS"), draft_id=talk.draft.id, number=1, tap=Tap.NOT_YET)
    assert talk.asked()[0] is Asking.CONSEQUENCES


def test_nothing_is_asked_once_the_answer_was_sent(talk: Talk) -> None:
    whole(talk).sends()
    with pytest.raises(AlreadyDecided):
        talk.begin()


def test_an_answer_of_3001_characters_is_refused_and_the_question_stays(talk: Talk) -> None:
    with pytest.raises(InputWanted):
        talk.says("x" * 3_001)
    talk.says("It was closed on the day " + "x" * 2_975)
    assert talk.asked()[0] is Asking.CONSEQUENCES


def test_words_send_nothing_that_was_read_back(talk: Talk) -> None:
    whole(talk)
    with pytest.raises(NotWithWords):
        talk.says("yes, send it")


@pytest.mark.parametrize("text", ["soon", "when there is time", "31 February"])
def test_a_day_that_cannot_be_read_is_asked_again(talk: Talk, text: str) -> None:
    talk.says(*PUT_RIGHT, *WHYS).taps(Tap.IS_CAUSE).says("No list shows it", "Ticket opens from the HR date")
    talk.taps(Tap.MYSELF).says(text)
    assert talk.asked() == (Asking.ACTION_DUE, commands.NO_DAY)


def test_a_day_out_of_bounds_and_a_guest_are_refused(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, *WHYS).taps(Tap.IS_CAUSE).says("No list shows it", "Ticket opens from the HR date")
    with pytest.raises(InputWanted):
        commands.choose_person(
            deed(talk.uow, "UJONAS"), draft_id=talk.draft.id, number=talk.draft.number, person_id="UOTTO"
        )
    talk.taps(Tap.MYSELF)
    with pytest.raises(InputWanted):
        commands.choose_day(
            deed(talk.uow, "UJONAS"),
            draft_id=talk.draft.id,
            number=talk.draft.number,
            day=(MONDAY + timedelta(days=400)).date(),
        )
    assert talk.asked()[0] is Asking.ACTION_DUE


def test_what_only_needs_a_reason_stands_for_one_that_the_reviewer_reads(talk: Talk) -> None:
    talk.says(*PUT_RIGHT, "The mail goes to one inbox", "Nobody reads it, so Priya forgot it").taps(Tap.STANDS)
    assert talk.asked() == (Asking.STANDS, Gate.ENDS_WITH_PERSON)
    talk.says("The next question shows what let it happen")
    assert talk.asked()[0] is Asking.CAUSE
    assert talk.draft.values["stands_because"] == "The next question shows what let it happen"


def test_a_major_is_asked_for_three_steps(programme: UnitOfWork) -> None:
    talk = Talk(programme, put(programme, State.RESPONDING, Grade.MAJOR))
    talk.says(*PUT_RIGHT, "The notice depends on a mail", "No system knows the last day")
    assert talk.asked()[0] is Asking.WHY
    assert talk.says("Two teams each think the other does it").asked()[0] is Asking.CAUSE


def test_the_next_owner_goes_on_with_what_was_said(talk: Talk) -> None:
    talk.says(PUT_RIGHT[0])
    make(talk.uow, "reassign_owner", talk.finding, "UMIRA")
    owner = talk.uow.get(Nonconformity, talk.finding.id).owner_id
    assert owner != "UJONAS"
    talk.who = owner
    assert talk.begin().asked()[0] is Asking.CONSEQUENCES
    assert talk.draft.person_id == owner


# --- the rules alone ---

ONE = SoFar(causes=[Why(WHYS, "No list")])
COVERED = SoFar(causes=[Why(WHYS, "No list")], actions=[Remedy("A ticket", (1,))])


@pytest.mark.parametrize(
    ("asking", "so_far", "coming"),
    [
        (Asking.PUT_RIGHT, SoFar(), Asking.CONSEQUENCES),
        (Asking.CONTAINED, SoFar(), Asking.CORRECTION),
        (Asking.WHY, ONE, Asking.CAUSE),
        (Asking.UNNOTICED, ONE, Asking.ACTION),
        (Asking.UNNOTICED, SoFar(branches=True), Asking.WHY),
        (Asking.PROOF, ONE, Asking.ACTION),
        (Asking.PROOF, COVERED, Asking.MORE),
        (Asking.MORE, COVERED, Asking.ASSIGNEE),
        (Asking.SYSTEM, COVERED, Asking.READ_BACK),
        (Asking.EXTENT, SoFar(was_read_back=True), Asking.READ_BACK),
        (Asking.ACTION, SoFar(was_read_back=True), Asking.ASSIGNEE),
        (Asking.PROOF, SoFar(causes=COVERED.causes, actions=COVERED.actions, was_read_back=True), Asking.READ_BACK),
    ],
)
def test_what_is_asked_after_what(asking: Asking, so_far: SoFar, coming: Asking) -> None:
    assert following(asking, so_far) is coming


@pytest.mark.parametrize(
    ("asking", "text", "gate"),
    [
        (Asking.PUT_RIGHT, "fine", Gate.FILLER),
        (Asking.WHY, "Jonas was on holiday", Gate.ENDS_WITH_PERSON),
        (Asking.CAUSE, "hr thinks it does it: it was never anyone's job", Gate.REPEATS_FINDING),
        (Asking.UNNOTICED, "Everybody was busy that week", Gate.ENDS_WITH_PERSON),
        (Asking.ACTION, "Train all the staff again", Gate.ONLY_TRAINING),
        (Asking.ACTION, "The account was closed at once", Gate.CORRECTION_AGAIN),
        (Asking.MORE, "Send the mail to two people", Gate.SAME_AS_BEFORE),
        (Asking.TARGET, "better than now", Gate.NO_NUMBER),
        (Asking.TARGET, "100 %", None),
        (Asking.SOURCE, "HR list", None),
    ],
)
def test_what_is_asked_back(asking: Asking, text: str, gate: Gate | None) -> None:
    so_far = SoFar(
        statement=FINDING.statement,
        correction="The account was closed at once",
        causes=[Why(WHYS)],
        tried=["Send the mail to two people"],
        names=frozenset({"Jonas"}),
    )
    assert asked_back(asking, text, so_far) is gate


def test_every_question_leads_on_and_every_field_is_asked_again_somewhere() -> None:
    assert set(rules.FOLLOWS) == set(Asking) - {Asking.READ_BACK}
    assert set(rules.FIELDS.values()) <= {*rules.AGAIN, "correction"}
