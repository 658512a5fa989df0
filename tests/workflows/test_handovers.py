"""Work that changes hands: delegated, refused, assigned, as a whole, during an absence, after somebody has left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme import queries as programme_queries
from storage.tasks import queries as task_queries
from storage.tasks.tables import Handover, HandoverState, Task, TaskState
from tests.workflows.conftest import MONDAY, PEOPLE, actor, deed, owed, the_bot
from tests.workflows.test_task_moves import verbs
from tests.workflows.test_tasks import give, planned, the_access_review, the_next_access_review
from workflows.deed import Deed
from workflows.people import commands as people_commands
from workflows.people import leaving
from workflows.people import questions as people_questions
from workflows.people.refusals import CannotTakeOver
from workflows.people.rules import DirectoryEntry
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal, Stale
from workflows.tasks import commands as task_commands
from workflows.tasks import handovers

DAY = timedelta(days=1)
TODAY = MONDAY.date()


def delegate(uow: UnitOfWork, to_id: str = "UTOM") -> Handover:
    """Jonas asks somebody to take the access review on."""
    return handovers.delegate(deed(uow, "UJONAS"), task_id=the_access_review(uow).id, to_id=to_id, reason="You know it")


def not_mine(uow: UnitOfWork, suggested_id: str | None = "UTOM") -> Handover:
    """Jonas says that the access review is not his."""
    task = the_access_review(uow)
    return handovers.not_mine(deed(uow, "UJONAS"), task_id=task.id, suggested_id=suggested_id, reason="Support does it")


def person(uow: UnitOfWork, person_id: str) -> Person:
    """The row of somebody."""
    found = people_queries.person(uow, person_id)
    assert found is not None
    return found


def name_deputy(uow: UnitOfWork, person_id: str, deputy_id: str | None) -> None:
    """Somebody says who stands in for them."""
    people_commands.name_manager_and_deputy(
        deed(uow, person_id), person_id=person_id, manager_id=None, deputy_id=deputy_id
    )


def account(person_id: str, *, closed: bool) -> DirectoryEntry:
    """What Slack says of an account."""
    name, zone = PEOPLE[person_id]
    return DirectoryEntry(person_id, name, "", zone, is_deactivated=closed)


def told(uow: UnitOfWork, subject: str, rung: str) -> dict[str, dict[str, Any]]:
    """Who is owed word of a rung, and what stands in it."""
    return {each.person_id: each.values for each in uow.all(Nudge) if (each.subject, each.rung) == (subject, rung)}


# --- delegation ---


def test_the_owner_stays_responsible_until_the_other_accepts(programme: UnitOfWork) -> None:
    asked = delegate(programme)
    task = the_access_review(programme)
    assert (task.owner_id, owed(programme, "task", "delegation", task.id)) == ("UJONAS", {"UTOM"})
    handovers.take(deed(programme, "UTOM"), handover_id=asked.id)
    task = the_access_review(programme)
    assert task.owner_id == "UTOM"
    assert (planned(programme, "task.given", task), owed(programme, "task", "given")) == ({"UTOM"}, {"UJONAS"})
    assert verbs(programme, task)[-2:] == ["task.delegation", "task.take"]
    give(programme, task, by="UTOM")
    assert the_access_review(programme).state is TaskState.SUBMITTED


def test_declined_it_stays_and_the_owner_hears_it(programme: UnitOfWork) -> None:
    asked = delegate(programme)
    handovers.decline(deed(programme, "UTOM"), handover_id=asked.id)
    task = the_access_review(programme)
    assert (task.owner_id, owed(programme, "task", "declined", task.id)) == ("UJONAS", {"UJONAS"})


def test_when_a_period_is_missed_nobody_is_asked_to_take_it_on_any_more(programme: UnitOfWork) -> None:
    asked, following = delegate(programme), the_next_access_review(programme)
    task_commands.tick(the_bot(programme, MONDAY + (following.scheduled_on - TODAY)))
    assert programme.get(Handover, asked.id).state is HandoverState.WITHDRAWN
    with pytest.raises(AlreadyDecided):
        handovers.decline(deed(programme, "UTOM"), handover_id=asked.id)


@pytest.mark.parametrize(
    ("to_id", "refusal"),
    [
        ("UJONAS", CannotTakeOver),
        ("UOTTO", CannotTakeOver),
        ("UBOT", CannotTakeOver),
        ("UNOBODY", CannotTakeOver),
        ("", InputWanted),
    ],
)
def test_who_cannot_be_asked(programme: UnitOfWork, to_id: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        delegate(programme, to_id)


def test_somebody_who_is_away_cannot_be_asked(programme: UnitOfWork) -> None:
    leaving.go_away(deed(programme, "UTOM"), person_id="UTOM", first=TODAY, last=TODAY + DAY)
    with pytest.raises(CannotTakeOver) as refused:
        delegate(programme)
    assert (refused.value.because, refused.value.until) == ("away", TODAY + DAY)


@pytest.mark.parametrize("answer", [handovers.take, handovers.decline])
@pytest.mark.parametrize("who", ["UJONAS", "UMIRA", "ULIAM"])
def test_only_who_was_asked_answers(programme: UnitOfWork, who: str, answer: Callable[..., Task]) -> None:
    asked = delegate(programme)
    with pytest.raises(NotAllowed):
        answer(deed(programme, who), handover_id=asked.id)


def test_a_second_press_and_a_press_on_an_older_offer_learn_what_happened(programme: UnitOfWork) -> None:
    first = delegate(programme)
    second = delegate(programme, "ULIAM")
    with pytest.raises(AlreadyDecided) as withdrawn:
        handovers.take(deed(programme, "UTOM"), handover_id=first.id)
    assert withdrawn.value.state == "withdrawn"
    handovers.take(deed(programme, "ULIAM"), handover_id=second.id)
    with pytest.raises(AlreadyDecided) as taken:
        handovers.take(deed(programme, "ULIAM"), handover_id=second.id)
    assert taken.value.state == "taken"


def test_what_was_handed_in_meanwhile_is_not_taken(programme: UnitOfWork) -> None:
    asked = delegate(programme)
    give(programme, the_access_review(programme))
    with pytest.raises(AlreadyDecided):
        handovers.take(deed(programme, "UTOM"), handover_id=asked.id)


# --- "not me" ---


def test_not_me_goes_to_the_leads_who_agree_in_one_tap(programme: UnitOfWork) -> None:
    asked = not_mine(programme)
    task = the_access_review(programme)
    assert owed(programme, "task", "not_mine", task.id) == {"UMIRA", "UINES"}
    with pytest.raises(NotAllowed):
        handovers.take(deed(programme, "UTOM"), handover_id=asked.id)
    handovers.take(deed(programme, "UMIRA"), handover_id=asked.id)
    assert the_access_review(programme).owner_id == "UTOM"
    with pytest.raises(AlreadyDecided):
        handovers.decline(deed(programme, "UINES"), handover_id=asked.id)


def test_not_me_takes_a_reason_but_no_suggestion(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    with pytest.raises(InputWanted):
        handovers.not_mine(deed(programme, "UJONAS"), task_id=task.id, suggested_id=None, reason=" ")
    asked = not_mine(programme, None)
    assert handovers.to_find_owners(programme) == [the_access_review(programme)]
    with pytest.raises(InputWanted):
        handovers.take(deed(programme, "UMIRA"), handover_id=asked.id)
    handovers.decline(deed(programme, "UMIRA"), handover_id=asked.id)
    assert handovers.to_find_owners(programme) == []


# --- a lead assigns ---


def test_a_lead_assigns_and_what_was_asked_before_is_settled(programme: UnitOfWork) -> None:
    asked, task = not_mine(programme), the_access_review(programme)
    mira = deed(programme, "UMIRA")
    given = handovers.assign(mira, task_id=task.id, version=task.version, to_id="ULIAM")
    assert (given.owner_id, programme.get(Handover, asked.id).state) == ("ULIAM", HandoverState.WITHDRAWN)
    assert owed(programme, "task", "given", task.id) == {"ULIAM", "UJONAS"}
    with pytest.raises(Stale):
        handovers.assign(mira, task_id=task.id, version=task.version, to_id="UTOM")


@pytest.mark.parametrize(("reason", "said"), [(" You set it up ", [("UMIRA", "You set it up")]), (" ", [])])
def test_why_a_lead_assigned_it_stands_on_its_card(
    programme: UnitOfWork, reason: str, said: list[tuple[str, str]]
) -> None:
    task = the_access_review(programme)
    handovers.assign(deed(programme, "UMIRA"), task_id=task.id, version=task.version, to_id="ULIAM", reason=reason)
    assert [(each.person_id, each.text) for each in task_queries.comments(programme, task.id)] == said


@pytest.mark.parametrize("who", ["UJONAS", "ULIAM", "UDAVID", "UTOM"])
def test_nobody_else_assigns(programme: UnitOfWork, who: str) -> None:
    task, somebody = the_access_review(programme), actor(programme, who)
    with pytest.raises(NotAllowed):
        handovers.assign(Deed(programme, somebody, MONDAY), task_id=task.id, version=task.version, to_id="ULIAM")
    with pytest.raises(NotAllowed):
        handovers.to_assign_all(Deed(programme, somebody, MONDAY), from_id="UJONAS", to_id="ULIAM")


@pytest.mark.parametrize("state", [state for state in TaskState if state not in handovers.CHANGES_HANDS])
def test_what_waits_for_nobody_does_not_change_hands(programme: UnitOfWork, state: TaskState) -> None:
    task = programme.change(the_access_review(programme), state=state)
    with pytest.raises(AlreadyDecided):
        handovers.assign(deed(programme, "UMIRA"), task_id=task.id, version=task.version, to_id="ULIAM")


def test_everything_of_one_person_goes_to_another_with_its_obligations(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    seen = handovers.to_assign_all(mira, from_id="UJONAS", to_id="UTOM")
    assert seen.waiting
    assert seen.scheduled
    handovers.assign_all(mira, from_id="UJONAS", to_id="UTOM", numbers=seen.numbers)
    left, got = handovers.load(programme, "UJONAS"), handovers.load(programme, "UTOM")
    assert (left.numbers, got.numbers) == ("0.0.0", seen.numbers)
    assert told(programme, "work", "given")["UTOM"]["from"] == "UJONAS"
    assert {each.owner_id for each in programme_queries.living(programme)} == {"UTOM", "UPRIYA"}


def test_other_numbers_than_were_seen_change_nothing(programme: UnitOfWork) -> None:
    mira = deed(programme, "UMIRA")
    seen = handovers.to_assign_all(mira, from_id="UJONAS", to_id="UTOM")
    give(programme, the_access_review(programme))
    with pytest.raises(Stale):
        handovers.assign_all(mira, from_id="UJONAS", to_id="UTOM", numbers=seen.numbers)
    assert handovers.load(programme, "UTOM").numbers == "0.0.0"


@pytest.mark.parametrize(
    ("from_id", "to_id"), [("UJONAS", "UJONAS"), ("UJONAS", "UOTTO"), ("UJONAS", "UBOT"), ("UNOBODY", "UTOM")]
)
def test_between_whom_nothing_is_handed_over(programme: UnitOfWork, from_id: str, to_id: str) -> None:
    with pytest.raises(CannotTakeOver):
        handovers.to_assign_all(deed(programme, "UMIRA"), from_id=from_id, to_id=to_id)


# --- absence ---


def test_an_absence_hands_over_to_the_deputy_and_back(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    jonas, last = actor(programme, "UJONAS"), TODAY + 3 * DAY
    leaving.go_away(Deed(programme, jonas, MONDAY), person_id="UJONAS", first=TODAY + DAY, last=last)
    assert the_access_review(programme).owner_id == "UJONAS"
    leaving.tick(the_bot(programme, MONDAY + DAY))
    leaving.tick(the_bot(programme, MONDAY + DAY))
    task = the_access_review(programme)
    assert (task.owner_id, task.stands_in_for) == ("UTOM", "UJONAS")
    assert told(programme, "work", "stand_in")["UTOM"]["from"] == "UJONAS"
    leaving.tick(the_bot(programme, MONDAY + 3 * DAY))
    assert the_access_review(programme).owner_id == "UTOM"
    leaving.tick(the_bot(programme, MONDAY + 4 * DAY))
    task = the_access_review(programme)
    assert (task.owner_id, task.stands_in_for) == ("UJONAS", None)
    assert verbs(programme, task).count("task.stand_in") == verbs(programme, task).count("task.take_back") == 1


def test_what_opens_during_an_absence_opens_with_the_deputy(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    jonas = actor(programme, "UJONAS")
    leaving.go_away(Deed(programme, jonas, MONDAY), person_id="UJONAS", first=TODAY, last=TODAY + 400 * DAY)
    following = the_next_access_review(programme)
    assert following.owner_id == "UJONAS"
    task_commands.tick(the_bot(programme, MONDAY + (following.opens_on - TODAY)))
    opened = programme.get(Task, following.id)
    assert (opened.state, opened.owner_id, opened.stands_in_for) == (TaskState.OPEN, "UTOM", "UJONAS")
    leaving.come_back(Deed(programme, jonas, MONDAY + (following.opens_on - TODAY)), person_id="UJONAS")
    assert programme.get(Task, following.id).owner_id == "UJONAS"


def test_the_tasks_own_deputy_comes_first_and_an_absent_one_does_not_count(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    programme.change(the_access_review(programme), deputy_id="ULIAM")
    leaving.go_away(deed(programme, "ULIAM"), person_id="ULIAM", first=TODAY, last=TODAY)
    jonas = deed(programme, "UJONAS")
    leaving.go_away(jonas, person_id="UJONAS", first=TODAY, last=TODAY + DAY)
    assert the_access_review(programme).owner_id == "UTOM"


def test_a_deputy_who_goes_away_too_hands_on_and_it_returns_to_the_first(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    name_deputy(programme, "UTOM", "ULIAM")
    for each in ("UJONAS", "UTOM"):
        leaving.go_away(deed(programme, each), person_id=each, first=TODAY, last=TODAY + DAY)
    task = the_access_review(programme)
    assert (task.owner_id, task.stands_in_for) == ("ULIAM", "UJONAS")
    leaving.tick(the_bot(programme, MONDAY + 2 * DAY))
    assert the_access_review(programme).owner_id == "UJONAS"


def test_without_a_deputy_tasks_wait(programme: UnitOfWork) -> None:
    jonas = deed(programme, "UJONAS")
    leaving.go_away(jonas, person_id="UJONAS", first=TODAY, last=TODAY + DAY)
    assert the_access_review(programme).owner_id == "UJONAS"


@pytest.mark.parametrize(("first", "last"), [(DAY, timedelta(0)), (-3 * DAY, -DAY)])
def test_days_that_make_no_absence(programme: UnitOfWork, first: timedelta, last: timedelta) -> None:
    with pytest.raises(InputWanted):
        leaving.go_away(deed(programme, "UJONAS"), person_id="UJONAS", first=TODAY + first, last=TODAY + last)


@pytest.mark.parametrize(("who", "may"), [("UJONAS", True), ("UMIRA", True), ("UTOM", False), ("UDAVID", False)])
def test_who_says_that_somebody_is_away(programme: UnitOfWork, who: str, may: bool) -> None:
    acting = deed(programme, who)
    if may:
        leaving.go_away(acting, person_id="UJONAS", first=TODAY, last=TODAY)
        assert person(programme, "UJONAS").is_away
    else:
        with pytest.raises(NotAllowed):
            leaving.go_away(acting, person_id="UJONAS", first=TODAY, last=TODAY)


# --- leaving ---


def test_who_leaves_hands_on_to_the_deputy_and_the_leads_hear_it_once(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    before = handovers.load(programme, "UJONAS")
    for _ in range(2):
        leaving.follow_directory(the_bot(programme), [account("UJONAS", closed=True)])
    assert handovers.load(programme, "UTOM").numbers == before.numbers
    count = len(before.waiting) + len(before.scheduled)
    heard = {lead: {"handed_on": count, "without_owner": 0} for lead in ("UMIRA", "UINES")}
    assert told(programme, "leaver", "left") == heard
    assert handovers.without_owner(programme) == []
    leaving.follow_directory(the_bot(programme, MONDAY + DAY), [account("UJONAS", closed=False)])
    assert handovers.load(programme, "UJONAS").numbers == "0.0.0"


def test_without_a_deputy_the_tasks_stand_with_the_leads(programme: UnitOfWork) -> None:
    before = handovers.load(programme, "UJONAS")
    leaving.follow_directory(the_bot(programme), [account("UJONAS", closed=True)])
    assert handovers.without_owner(programme) == before.waiting
    mira = deed(programme, "UMIRA")
    handovers.assign_all(mira, from_id="UJONAS", to_id="UTOM", numbers=before.numbers)
    assert handovers.without_owner(programme) == []


def test_a_deputy_who_leaves_gives_back_to_whoever_is_there_again(programme: UnitOfWork) -> None:
    name_deputy(programme, "UJONAS", "UTOM")
    jonas = deed(programme, "UJONAS")
    leaving.go_away(jonas, person_id="UJONAS", first=TODAY, last=TODAY + DAY)
    leaving.follow_directory(the_bot(programme), [account("UTOM", closed=True)])
    assert the_access_review(programme) in handovers.without_owner(programme)
    leaving.tick(the_bot(programme, MONDAY + 2 * DAY))
    assert the_access_review(programme).owner_id == "UJONAS"


def test_an_offer_to_somebody_who_leaves_is_withdrawn(programme: UnitOfWork) -> None:
    asked = delegate(programme)
    leaving.follow_directory(the_bot(programme), [account("UTOM", closed=True)])
    assert programme.get(Handover, asked.id).state is HandoverState.WITHDRAWN


def test_who_had_nothing_leaves_without_a_word(programme: UnitOfWork) -> None:
    leaving.follow_directory(the_bot(programme), [account("UTOM", closed=True)])
    assert told(programme, "leaver", "left") == {}


# --- the directory page by page ---


def test_every_page_is_kept_with_the_place_of_the_next(directory: UnitOfWork) -> None:
    entry = replace(account("UMIRA", closed=False), locale="de-DE", email="mira@example.com")
    leaving.follow_page(the_bot(directory), [entry], next_cursor="page-2")
    assert directory.workspace().directory_cursor == "page-2"
    # an event tells neither locale nor email; what is known of them stays
    leaving.follow_directory(the_bot(directory), [replace(entry, locale="", email="", title="Lead")])
    found = person(directory, "UMIRA")
    assert (found.locale, found.email, found.title) == ("de-DE", "mira@example.com", "Lead")


def test_roles_do_not_follow_work(programme: UnitOfWork) -> None:
    leaving.follow_directory(the_bot(programme), [account("UINES", closed=True)])
    assert people_questions.holders(programme, Role.LEAD) == ["UMIRA"]
