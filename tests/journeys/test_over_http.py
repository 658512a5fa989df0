"""The same conversation without Socket Mode: Slack calls the bot with signed requests."""

import httpx
import pytest

from sandbox.story import Chapter
from tests.journeys.conftest import Begin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_file_from_nudge_to_acceptance(begin: Begin, opening: Chapter) -> None:
    journey = await begin(over_http=True)
    assert await journey.sandbox.verify_request_url()
    await journey.play(*opening.steps)
    drop = {"name": "review.txt", "content": "Signed", "thread": "Review who has access to what"}
    await journey.does("Jonas", "drops", drop, sees="Kept", place="thread")
    await journey.does("Mira", "presses", "Accept", of="review.txt", sees="Accepted by @Mira")
    await journey.does("Mira", "types", "/iso status", sees="1 accepted")


async def test_a_request_nobody_signed_is_refused_and_changes_nothing(begin: Begin) -> None:
    journey = await begin(over_http=True)
    forged = {"command": "/iso", "text": "start", "team_id": "T0ALDER", "user_id": "U0MIRA", "trigger_id": "1.2"}
    async with httpx.AsyncClient() as anybody:
        answer = await anybody.post(f"http://127.0.0.1:{journey.service.port}/slack/events", data=forged)
    assert answer.status_code == 401


async def test_health_is_told_on_the_port(begin: Begin) -> None:
    journey = await begin(over_http=True)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{journey.service.port}") as anybody:
        assert (await anybody.get("/healthz")).status_code == 200
        assert (await anybody.get("/readyz")).status_code == 200
        assert "deskaudit" in (await anybody.get("/metrics")).text
