"""`/iso` and App Home as every kind of person, also as the wrong one."""

import pytest

from bot.rooms import ROUTES
from bot.slack.routes import Verb
from sandbox.story import Chapter
from tests.journeys.conftest import Begin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_help_lists_every_command(begin: Begin) -> None:
    journey = await begin()
    await journey.does("Tom", "types", "/iso help")
    for verb in (each.name for each in ROUTES if isinstance(each, Verb)):
        await journey.sees("Tom", f"/iso {verb}")
    await journey.sees("Tom", "For everyone")


async def test_an_unknown_word_names_the_nearest_and_the_help(begin: Begin) -> None:
    journey = await begin()
    await journey.does("Tom", "types", "/iso taks", sees="/iso tasks")


async def test_before_the_programme_is_started_people_are_told_so(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    for command in ("tasks", "status", "audit", "digest"):
        await journey.answers("Mira", f"/iso {command}", "programme hasn't been started")


ANSWERS = (
    ("Mira", "/iso start", "has been running since"),
    ("Tom", "/iso start", "compliance lead"),
    ("Tom", "/iso auditors", "Only an auditor who has been given access can see this"),
    ("Tom", "/iso status", "You can't see the programme status"),
    ("Tom", "/iso soa A.5.18", "You can't see the Statement of Applicability"),
    ("Liam", "/iso soa A.5.18", "Not decided yet"),
    ("Tom", "/iso requests", "You have no auditor requests"),
    ("Tom", "/iso away smurf", "`/iso away` alone opens a form"),
    ("Tom", "/iso digest", "management"),
    ("Tom", "/iso audit", "an auditor"),
    ("Tom", "/iso tasks", "You're all caught up"),
    ("Tom", "/iso tasks @jonas", "compliance lead"),
    ("Liam", "/iso nc NC-7", "There's no NC-7"),
    ("Tom", "/iso away back", "no absence of yours on record"),
    ("Tom", "/iso nc", "There are no open nonconformit"),
    ("Tom", "/iso evidence", "no evidence you can see yet"),
    ("Jonas", "/iso tasks", "Review who has access to what"),
    ("Mira", "/iso tasks @jonas", "Review who has access to what"),
    ("Mira", "/iso status", "ISO/IEC 27001:2022"),
    ("David", "/iso digest", "Management system status"),
    ("Liam", "/iso audit list", "no desk audits yet"),
    ("Liam", "/iso nc 7", "There's no NC-7"),
)
"""Who types what and reads what; none of it changes anything, so that one company serves for all."""


async def test_what_a_command_answers_to_whom(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    for who, command, sees in ANSWERS:
        await journey.answers(who, command, sees)


@pytest.mark.parametrize(("who", "sees"), [("Mira", "you can take the role"), ("Tom", "please ask one of them")])
async def test_before_anybody_leads_start_says_how_somebody_can(begin: Begin, who: str, sees: str) -> None:
    journey = await begin()
    await journey.does(who, "types", "/iso start", sees=sees)


async def test_words_get_an_answer_and_the_bots_own_do_not(begin: Begin) -> None:
    journey = await begin()
    await journey.does("Tom", "says", "hello?", sees="I'm Deskaudit")
    said = [message["text"] for message in await journey.hands.person("U0TOM").messages()]
    assert len(said) == 2


async def test_leads_named_in_the_settings_lead_and_nobody_else_can_claim(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0SOFIA")
    await journey.does("Sofia", "opens", "home", sees="Start the programme", place="home")
    await journey.does("Mira", "opens", "home", sees="hasn't been started", place="home")
    home = await journey.hands.person("U0MIRA").home()
    assert "lead.claim" not in str(home)


async def test_home_shows_a_lead_the_queue_and_an_employee_their_tasks(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "opens", "home", sees="Review who has access to what", place="home")
    drop = {"name": "review.txt", "content": "Signed", "thread": "Review who has access to what"}
    await journey.does("Jonas", "drops", drop, sees="Kept", place="thread")
    await journey.does("Mira", "opens", "home", sees="Programme status", place="home")
    await journey.does("Mira", "presses", "Accept", of="home")
    await journey.sees("Jonas", "Accepted by @Mira")
    await journey.does("Mira", "opens", "home", sees="Nothing is waiting for review", place="home")


async def test_a_guest_reads_only_of_what_is_for_everybody(begin: Begin) -> None:
    journey = await begin()
    await journey.does("Tom", "types", "/iso help", sees="/iso obligations")
    await journey.does("Vera", "types", "/iso help", sees="/iso tasks")
    assert "/iso obligations" not in str(await journey.hands.person("U0VERA").messages())
