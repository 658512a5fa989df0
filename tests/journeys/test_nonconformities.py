"""Whole conversations about findings, on the card that `/iso nc` shows to one person only."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.story.words import readable
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries as nonconformity_queries
from tests.journeys.conftest import Journey
from workflows.deed import Deed
from workflows.nonconformities import commands, independence, registers
from workflows.nonconformities.lifecycle import State
from workflows.nonconformities.shapes import Finding

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AT = datetime(2026, 11, 23, 8, 6, tzinfo=UTC)
FINDING = Finding(
    requirement="iso27001-2022:7.2",
    evidence="3 of 9 records were missing",
    statement="Training is not recorded",
    place="HR",
    sample="9 records",
    owner_id="U0JONAS",
)


def drafted(uow: UnitOfWork, *, is_issued: bool) -> None:
    """NC-1, as Mira has brought it, and perhaps issued it."""
    mira = Deed.of(uow, "U0MIRA", AT)
    draft = registers.take_over(mira, FINDING, number=1, details={})
    if is_issued:
        signed: dict[str, Any] = {"tests": [], "grade": "minor", "rationale": "One slip"}
        commands.issue(mira, nonconformity_id=draft.id, version=draft.version, **signed)


async def shown_only_to(journey: Journey, person_id: str) -> list[str]:
    """Every card of NC-1 that only this person sees."""
    found = await journey.hands.person(person_id).messages()
    return [readable(each) for each in found if each.get("ephemeral") and "NC-1" in readable(each)]


async def test_a_press_on_a_card_that_only_you_see_shows_it_as_it_is_now_in_its_place(running: Journey) -> None:
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        drafted(uow, is_issued=True)
    await running.does("Jonas", "types", "/iso nc 1", sees="I have seen it")
    [before] = await shown_only_to(running, "U0JONAS")
    await running.does("Jonas", "presses", "I have seen it", of="NC-1", sees="A response is needed")
    await running.service.services.background.finish(seconds=20)
    [after] = await shown_only_to(running, "U0JONAS")
    assert ("I have seen it" in before, "I have seen it" in after) == (True, False)


async def test_so_does_a_form_that_was_opened_from_it(running: Journey) -> None:
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        drafted(uow, is_issued=False)
    await running.does("Mira", "types", "/iso nc 1", sees="Discard the draft")
    await running.does("Mira", "presses", "Discard the draft", of="NC-1")
    assert not (await running.hands.person("U0MIRA").submit({"reason": "Seen twice"})).get("errors")
    await running.service.services.background.finish(seconds=20)
    [after] = await shown_only_to(running, "U0MIRA")
    assert "Discard the draft" not in after


async def test_what_else_one_may_do_stands_behind_more_and_a_dispute_is_decided_by_somebody_else(
    running: Journey,
) -> None:
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        drafted(uow, is_issued=True)
    await running.does("Jonas", "types", "/iso nc 1", sees="I have seen it")
    await running.does("Jonas", "presses", "More", of="NC-1")
    jonas = running.hands.person("U0JONAS")
    assert not (await jonas.submit({"deed": "contest"})).get("errors")
    assert not (await jonas.submit({"reason": "The rule asks for eleven days"})).get("errors")
    await running.service.services.background.finish(seconds=20)
    [after] = await shown_only_to(running, "U0JONAS")
    assert "Disputed" in after
    assert "Let it stand" not in after
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        [contested] = nonconformity_queries.living(uow)
        assert (contested.state, independence.actors_next(uow, contested)) == (State.CONTESTED, ["U0LIAM"])


async def test_a_finding_of_the_certification_body_is_noted_and_its_letters_have_forms(running: Journey) -> None:
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        drafted(uow, is_issued=False)
    mira = running.hands.person("U0MIRA")
    letter = {"body": "Certo", "body_number": "2026-7", "body_text": "Not kept", "audit": "Stage 2", "letter": "20 Nov"}
    await running.does("Mira", "types", "/iso nc 1", sees="Discard the draft")
    await running.does("Mira", "presses", "More", of="NC-1")
    assert not (await mira.submit({"deed": "note_body"})).get("errors")
    assert not (await mira.submit(letter)).get("errors")
    await running.service.services.background.finish(seconds=20)
    [after] = await shown_only_to(running, "U0MIRA")
    assert "Discard the draft" not in after
