"""The five whys, as the auditors' page tells them, and as people really answer."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from sandbox.story.words import readable
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Nonconformity, NonconformityState, Response, ResponseDraft
from tests.journeys.conftest import Journey
from workflows.deed import Deed
from workflows.nonconformities import commands, registers
from workflows.nonconformities.shapes import Finding

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FINDING = Finding(
    requirement="iso27001-2022:A.5.18",
    evidence="One account of three stayed open for eleven days",
    statement="Access of people who leave is not always removed in time",
    place="Leaver process",
    sample="3 of 3 leavers",
    owner_id="U0JONAS",
)
CARD = "Nonconformity NC-1"


def _issued(uow: UnitOfWork, at: datetime) -> None:
    """NC-1, a minor that Mira has issued to Jonas and he has taken on."""
    mira, jonas = (Deed.of(uow, each, at) for each in ("U0MIRA", "U0JONAS"))
    draft = registers.take_over(mira, FINDING, number=1, details={})
    signed: dict[str, Any] = {"tests": [], "grade": "minor", "rationale": "One slip"}
    issued = commands.issue(mira, nonconformity_id=draft.id, version=draft.version, **signed)
    commands.acknowledge(jonas, nonconformity_id=issued.id, version=issued.version)


@pytest.fixture
async def asked(running: Journey) -> Journey:
    """Jonas has the card of NC-1 and has pressed *Find out why*."""
    services = running.service.services
    await services.database.run("T0ALDER", _issued, services.clock.now())
    services.wake()
    await running.sees("Jonas", CARD)
    await running.does("Jonas", "presses", "Find out why", of=CARD, sees="Is it put right", place="thread")
    return running


async def reads_last(journey: Journey, text: str) -> None:
    """Wait until what Jonas reads last in the thread of the card says `text`."""
    jonas = journey.hands.person("U0JONAS")
    card = next(each for each in await jonas.messages() if CARD in readable(each))
    for _ in range(400):
        last = readable((await jonas.thread(card["ts"]))[-1])
        if text in last:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{text!r} should be read last, and not {last!r}")


async def says(journey: Journey, text: str, reads: str) -> None:
    """A sentence in the thread of the card, and what is asked next."""
    await journey.does("Jonas", "says", {"text": text, "thread": CARD}, place="thread")
    await reads_last(journey, reads)


async def presses(journey: Journey, button: str, of: str, reads: str) -> None:
    """A button of the conversation, and what is asked next."""
    await journey.does("Jonas", "presses", button, of=of, place="thread")
    await reads_last(journey, reads)


def _look(uow: UnitOfWork) -> tuple[Nonconformity, ResponseDraft | None, list[Response]]:
    [case] = queries.living(uow)
    return case, queries.draft(uow, case.id), queries.responses(uow, case.id)


async def stands(journey: Journey) -> tuple[Nonconformity, ResponseDraft | None, list[Response]]:
    """The case, what was said so far, and what was sent."""
    return await journey.service.services.database.read("T0ALDER", _look)


async def test_the_five_whys_of_the_auditors_page_to_the_letter(asked: Journey) -> None:
    await says(asked, "Closed 11 October. Log shows no use.", "Who or what was affected")
    await says(asked, "Nobody: no use in the log", "Where did you look for more of it")
    await says(asked, "All 14 leavers since January: no other", "why did it happen?")
    await says(asked, "Somebody forgot the mail.", "People forget and slip. What let it happen")
    await says(asked, "Nobody compares the leavers with the accounts.", "Is that a cause one can remove?")
    await asked.restart()
    await presses(asked, "Another branch", "Is that a cause one can remove?", "why wasn't it noticed earlier?")
    await says(asked, "Only the yearly review would show it", "What else let it happen?")
    await says(asked, "The notice depends on a mail", "And why was that?")
    await says(asked, "It was never anyone's job. HR thinks IT does it.", "Is that a cause one can remove?")
    await presses(asked, "That's a cause one can remove", "It was never anyone's job", "why wasn't it noticed earlier?")
    await says(asked, "A mail that never came leaves no trace", "What removes this one?")
    await says(asked, "Monthly comparison of leavers and accounts", "Who does it?")
    await says(asked, "<@U0PRIYA>", "Until when?")
    await says(asked, "7 January 2027", "What will show that it's done?")
    await says(asked, "The list of January", "What removes this one?")
    await says(asked, "Ticket opens from the HR date", "Who does it?")
    await presses(asked, "I do it", "Who does it?", "Until when?")
    await says(asked, "14 December", "What will show that it's done?")
    await says(asked, "The rule, and the first ticket", "Does it take anything else?")
    await presses(asked, "That's all", "Does it take anything else?", "How will it show that it works?")
    await says(asked, "Leavers whose access closed on the last day, of all leavers", "Which number is good enough?")
    await presses(asked, "100 %", "Which number is good enough?", "does the number come?")
    await says(asked, "The list of leavers", "Over which period?")
    await says(asked, "1 January to 28 February", "When do we look whether it worked?")
    await says(asked, "8 March 2027", "Does this change a risk?")
    await says(asked, "No: it was rated with this in mind", "Does a document or process have to change?")
    await says(asked, "The leaver checklist names the ticket", "Here is what I understood.")
    await presses(asked, "Send", "Here is what I understood.", "This is your answer as it was sent.")
    await reads_last(asked, "Monthly comparison of leavers and accounts")
    case, draft, [sent] = await stands(asked)
    assert case.state is NonconformityState.PLAN_REVIEW
    assert (sent.correction, sent.effect_target) == ("Closed 11 October. Log shows no use.", "100 %")
    assert draft is not None
    assert draft.asking is None


async def test_what_somebody_calls_themselves_or_writes_stays_text(asked: Journey) -> None:
    hostile = "Closed *by* <!channel> & <https://example.org|us> `now` {{ 7 * 7 }}"
    await says(asked, hostile, "Who or what was affected")
    _, draft, _ = await stands(asked)
    assert draft is not None
    assert "{{ 7 * 7 }}" in draft.values["correction"]
    await says(asked, "Nobody: no use in the log", "Where did you look for more of it")
    await says(asked, "All 14 leavers since January: no other", "why did it happen?")
    await says(asked, f"The mail says {hostile}", "And why was that?")
    person = asked.hands.person("U0JONAS")
    card = next(each for each in await person.messages() if CARD in readable(each))
    last = (await person.thread(card["ts"]))[-1]
    assert "<!channel>" not in str(last["blocks"])


async def test_3001_characters_are_refused_and_the_question_stays(asked: Journey) -> None:
    await says(asked, "x" * 3_001, "up to 3,000")
    _, draft, _ = await stands(asked)
    assert draft is not None
    assert (draft.number, draft.values) == (1, {})


async def test_a_question_that_was_answered_has_no_buttons_any_more(asked: Journey) -> None:
    jonas = asked.hands.person("U0JONAS")
    card = next(each for each in await jonas.messages() if CARD in readable(each))
    assert "Not yet" in readable((await jonas.thread(card["ts"]))[1])
    await says(asked, "Closed 11 October. Log shows no use.", "Who or what was affected")
    await asked.service.services.background.finish(seconds=20)
    assert "Not yet" not in readable((await jonas.thread(card["ts"]))[1])


async def test_files_dropped_while_it_is_answered_are_kept_with_the_case(asked: Journey) -> None:
    await says(asked, "Closed 11 October. Log shows no use.", "Who or what was affected")
    log = {"name": "log.txt", "content": "no use", "thread": CARD}
    await asked.does("Jonas", "drops", log, sees="log.txt", place="thread")
    await says(asked, "Nobody: no use in the log", "Where did you look for more of it")


async def sent_with_an_action_of_priya(asked: Journey) -> None:
    """Jonas has answered NC-1, and Priya carries the one action out."""
    for text, reads in (
        ("Closed 11 October. Log shows no use.", "Who or what was affected"),
        ("Nobody: no use in the log", "Where did you look for more of it"),
        ("All 14 leavers since January: no other", "why did it happen?"),
        ("The notice depends on a mail", "And why was that?"),
        ("It was never anyone's job. HR thinks IT does it.", "Is that a cause one can remove?"),
    ):
        await says(asked, text, reads)
    await presses(asked, "That's a cause one can remove", "It was never anyone's job", "noticed earlier?")
    for text, reads in (
        ("A mail that never came leaves no trace", "What removes this one?"),
        ("Monthly comparison of leavers and accounts", "Who does it?"),
        ("<@U0PRIYA>", "Until when?"),
        ("14 December", "What will show that it's done?"),
        ("The list of January", "Does it take anything else?"),
    ):
        await says(asked, text, reads)
    await presses(asked, "That's all", "Does it take anything else?", "How will it show that it works?")
    for text, reads in (
        ("Leavers whose access closed on the last day, of all leavers", "Which number is good enough?"),
        ("100 %", "does the number come?"),
        ("The list of leavers", "Over which period?"),
        ("1 January to 28 February", "When do we look whether it worked?"),
        ("8 March 2027", "Does this change a risk?"),
        ("No: it was rated with this in mind", "Does a document or process have to change?"),
        ("The leaver checklist names the comparison", "Here is what I understood."),
    ):
        await says(asked, text, reads)
    await presses(asked, "Send", "Here is what I understood.", "This is your answer as it was sent.")
    await reads_last(asked, "Monthly comparison of leavers and accounts")


async def test_whoever_carries_an_action_out_shows_it_by_a_file_in_the_thread_of_its_card(asked: Journey) -> None:
    await sent_with_an_action_of_priya(asked)
    await asked.sees("Mira", "Accept the plan")
    await asked.does("Mira", "presses", "Accept the plan", of=CARD)
    await asked.sees("Priya", "An action for NC-1")
    shown = {"name": "january.csv", "content": "14 of 14", "thread": "An action for NC-1"}
    await asked.does("Priya", "drops", shown, sees="Kept", place="thread")
    await asked.does("Priya", "presses", "Done", of="An action for NC-1")
    assert not (await asked.hands.person("U0PRIYA").submit({"proof": ""})).get("errors")
    await asked.sees("Priya", "Reported as done")
    await asked.sees("Jonas", "reported as done")
