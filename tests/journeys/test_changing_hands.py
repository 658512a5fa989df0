"""Whole conversations about work that changes hands: delegated, refused, put off, during an absence, after leaving."""

from datetime import timedelta

import pytest

from sandbox.story.words import readable
from tests.journeys.conftest import REVIEW, Journey
from tests.journeys.kit import choose
from workflows.deed import as_the_bot
from workflows.people import leaving
from workflows.people.rules import DirectoryEntry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_delegated_declined_delegated_again_and_done_by_the_other(running: Journey) -> None:
    await choose(running, "U0JONAS", "Ask someone else", of=REVIEW)
    await running.does("Jonas", "fills", {"Who could do it?": "Priya", "What should they know?": "You set it up"})
    await running.sees("Jonas", "Until they accept, it stays with @Jonas")
    await running.sees("Priya", "asks @Priya to take this on")
    await running.does("Priya", "opens", "home", sees="Requests to take on", place="home")
    await running.does("Priya", "presses", "Decline", of="home")
    await running.sees("Jonas", "@Priya declined", "thread")
    await choose(running, "U0JONAS", "Ask someone else", of=REVIEW)
    await running.does("Jonas", "fills", {"Who could do it?": "Tom"})
    await running.does("Tom", "opens", "home", sees="Requests to take on", place="home")
    await running.does("Tom", "presses", "Accept", of="home")
    await running.does("Tom", "opens", "home", sees="Add evidence", place="home")
    await running.sees("Jonas", "@Tom has taken this on", "thread")
    await running.does("Jonas", "types", "/iso tasks", sees="You're all caught up")
    said = [readable(message) for message in await running.hands.person("U0JONAS").messages()]
    assert all("Add evidence" not in message for message in said if "Owner: @Tom" in message)


async def test_not_me_goes_to_a_lead_who_agrees_in_one_tap(running: Journey) -> None:
    await choose(running, "U0JONAS", "Not me", of=REVIEW)
    await running.does("Jonas", "fills", {"Who should do it?": "Priya", "Why isn't it yours?": "I left IT"})
    await running.sees("Mira", "@Jonas says this isn't theirs and suggests @Priya")
    await running.does("Mira", "presses", "Agree", of=REVIEW)
    await running.sees("Jonas", "@Mira assigned this to @Priya", "thread")
    await running.does("Mira", "types", "/iso tasks @priya", sees=REVIEW)


async def test_put_off_in_words_that_are_asked_back_first(running: Journey) -> None:
    await choose(running, "U0JONAS", "Postpone", of=REVIEW)
    person = running.hands.person("U0JONAS")
    await running.sees("Jonas", "Until when?", place="modal")
    answer = await person.submit({"until": "2027-02-30", "reason": "Two of us are ill"})
    assert "a date that exists" in str(answer["errors"]["until"])
    answer = await person.submit({"until": "in 3 weeks", "reason": "Two of us are ill"})
    assert not answer.get("errors")
    await running.sees("Jonas", "Postponed once; originally planned for")


async def test_a_comment_stands_on_the_card_and_a_lead_waives_what_is_not_needed(running: Journey) -> None:
    await choose(running, "U0JONAS", "Comment", of=REVIEW)
    await running.does("Jonas", "fills", {"Your comment": "The old system is switched off"})
    await running.sees("Jonas", "The old system is switched off")
    await running.does("Mira", "types", "/iso tasks @jonas", sees=REVIEW)
    await choose(running, "U0MIRA", "Not needed this time", of=REVIEW)
    await running.does("Mira", "fills", {"Why isn't it needed?": "The system is gone"})
    await running.sees("Jonas", "You don't need to do this one", "thread")
    await running.does("Mira", "types", "/iso tasks @jonas waived", sees=REVIEW)


async def test_away_from_home_the_deputy_stands_in_until_somebody_is_back(running: Journey) -> None:
    await running.does("Jonas", "presses", "I'll be away", of="home")
    await running.does(
        "Jonas",
        "fills",
        {"First day away": {"days": 0}, "Last day away": {"days": 3}, "Who covers?": "Tom"},
        sees="Away from Monday 23 November 2026",
        place="modal",
    )
    await running.does("Mira", "types", "/iso tasks @tom", sees=REVIEW)
    await running.does("Jonas", "opens", "home", sees="You're away from", place="home")
    await running.hands.advance(timedelta(days=4))
    await running.sees("Jonas", "Welcome back, @Jonas")
    await running.does("Mira", "types", "/iso tasks @jonas", sees=REVIEW)


ANSWERS = (
    ("/iso away back", "no absence of yours on record"),
    ("/iso away tomorrow to next friday", "Away from Tuesday 24 November 2026 until Friday 27 November 2026"),
    ("/iso away bis 31.12.", "until Thursday 31 December 2026"),
    ("/iso away 2027-02-30", "a date that exists"),
    ("/iso away next friday to today", "is before the start"),
    ("/iso people", "Roles: none"),
    ("/iso people @mira", "compliance lead"),
    ("/iso people @nobody", "I don't know who “@nobody” is"),
    ("/iso nudges the other one", "I don't know who “the other one” is"),
    ("/iso tasks latest", "filter the list by “latest”"),
    ("/iso tasks team", "no tasks like that in your team"),
    ("/iso assign @jonas @tom", "compliance lead"),
)
"""What Jonas types and reads, in this order: the second begins an absence, and there is none before."""


async def test_what_a_command_of_people_answers(running: Journey) -> None:
    for command, sees in ANSWERS:
        await running.answers("Jonas", command, sees)


async def test_roles_are_given_and_the_last_lead_stays(running: Journey) -> None:
    await running.does("Mira", "types", "/iso people @sofia", sees="Roles: none")
    await running.does("Mira", "presses", "Working days", of="Roles: none")
    days = {"On which days do people work?": ["Monday", "Tuesday"], "Whose public holidays count?": "Portugal"}
    await running.does("Mira", "fills", days)
    works = "Works on Monday and Tuesday, with the holidays of Portugal"
    await running.does("Mira", "types", "/iso people @sofia", sees=works)
    await running.does("Mira", "presses", "Roles", of="Roles: none")
    await running.does("Mira", "fills", {"Roles": ["Compliance lead: runs the programme, decides"]})
    await running.does("Sofia", "opens", "home", sees="Tasks for you to review", place="home")
    await running.does("Sofia", "types", "/iso people @mira", sees="compliance lead")


async def test_when_somebody_leaves_a_lead_hears_it_once_and_hands_everything_over(running: Journey) -> None:
    closed = DirectoryEntry("U0JONAS", "Jonas Weber", "IT operations", "Europe/Berlin", is_deactivated=True)
    services = running.service.services
    await services.database.run("T0ALDER", as_the_bot(leaving.follow_directory, services.clock.now()), [closed])
    services.wake()
    await running.sees("Mira", "@Jonas has left")
    await running.does("Mira", "opens", "home", sees="Tasks that need an owner", place="home")
    await running.does("Mira", "types", "/iso assign", sees="no owner; @Jonas has left")
    await running.does("Mira", "types", "/iso assign @jonas @elena")
    await running.sees("Mira", "Everything @", place="modal")
    person = running.hands.person("U0MIRA")
    assert not (await person.submit({})).get("errors")
    await running.sees("Elena", "You now own what @Jonas owned", "thread")
    await running.does("Mira", "types", "/iso people @jonas", sees="the account is closed")


async def test_lists_are_chosen_on_home_and_turned_in_the_answer_to_a_command(running: Journey) -> None:
    await running.does("Mira", "presses", "Everyone's", of="home")
    await running.does("Mira", "opens", "home", sees="Everyone's tasks", place="home")
    await running.sees("Mira", REVIEW, place="home")
    await running.does("Mira", "presses", "Mine", of="home")
    await running.does("Mira", "opens", "home", sees="Waiting for you", place="home")
    await running.does("Jonas", "types", "/iso tasks scheduled", sees="page 1 of")
    await running.does("Jonas", "presses", "Next page", of="page 1 of", sees="page 2 of")
    said = [readable(message) for message in await running.hands.person("U0JONAS").messages()]
    assert not any("page 1 of" in message for message in said)
    await running.does("Jonas", "presses", "Previous page", of="page 2 of", sees="page 1 of")
