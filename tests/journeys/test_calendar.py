"""The calendar as people meet it: obligations, certificates, the month and its feeds."""

import re

import httpx
import pytest
from icalendar import Calendar

from sandbox.story import Chapter, StoryFailed
from tests.journeys.conftest import Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_lead_adds_changes_and_ends_an_obligation(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso obligations", sees="Add an obligation")
    await journey.does("Mira", "presses", "Add an obligation", of="by title")
    wrong = {
        "What needs to be done?": "Check the fire doors",
        "How often?": "by the rule below",
        "Rule": "every monday",
    }
    with pytest.raises(StoryFailed, match="I don't understand"):
        await journey.does("Mira", "fills", wrong)
    right = wrong | {"Rule": "FREQ=MONTHLY;BYDAY=1MO"}
    await journey.does("Mira", "fills", right, sees="every month on the first Monday", place="modal")
    await journey.does("Mira", "types", "/iso obligations", sees="every month on the first Monday")
    await journey.does("Mira", "presses", "Pause", of="Check the fire doors", sees="· paused")
    await journey.does("Mira", "types", "/iso obligations 3", sees="page 3 of 4")
    await journey.does("Mira", "presses", "Pause", of="page 3 of 4", sees="· paused")
    await journey.does("Mira", "presses", "Resume", of="page 3 of 4")
    await journey.does("Tom", "types", "/iso obligations", sees="compliance lead")


async def test_a_lead_sets_the_dates_of_a_certificate(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso certification", sees="no status entered yet")
    await journey.does("Mira", "presses", "Set the dates", of="Certification status")
    certified = {"What's the status?": "Certified", "Date of the decision": "2026-11-02"}
    await journey.does("Mira", "fills", certified, sees="First surveillance audit, best from", place="modal")
    await journey.does("Mira", "types", "/iso certification", sees="Friday 2 November 2029")
    await journey.does("Liam", "types", "/iso certification", sees="First surveillance audit, best from")
    await journey.does("Tom", "types", "/iso certification", sees="compliance lead")


async def test_a_lead_announces_a_change_and_its_owners_look_again(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso certification", sees="Set the dates")
    await journey.does("Mira", "presses", "Set the dates", of="Certification status")
    await journey.does("Mira", "fills", {"What's the status?": "Certified", "Date of the decision": "2026-11-02"})
    await journey.does("Mira", "types", "/iso change We move to <!channel> Hamburg")
    await journey.does("Mira", "fills", {}, sees="Tell the certification body about the change")
    await journey.sees("Mira", "when something significant changes: We move to")
    await journey.does("Mira", "types", "/iso tasks all open", sees="Check the scope of the system")
    await journey.does("Tom", "types", "/iso change", sees="compliance lead")


async def test_a_month_shows_everybodys_dates_to_a_lead_and_ones_own_to_all(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso calendar december", sees="December 2026")
    await journey.sees("Mira", "Evaluate the key suppliers")
    await journey.does("Mira", "presses", "Next month", of="December 2026", sees="January 2027")
    await journey.does("Tom", "types", "/iso calendar", sees="You have nothing due this month")
    await journey.does("Tom", "types", "/iso calendar someday", sees="as a month")
    await journey.does("Mira", "opens", "home", sees="Coming up", place="home")


async def test_a_calendar_program_reads_what_is_due_until_the_address_is_revoked(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "types", "/iso calendar feed", sees="I only show this address once")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{journey.service.port}") as calendars:
        path = await _newest_address(journey)
        first = await calendars.get(path)
        found = Calendar.from_ical(first.content)
        assert str(found["X-WR-CALNAME"]).startswith("Deskaudit: my tasks")
        assert "Review who has access to what" in {str(event["summary"]) for event in found.walk("VEVENT")}
        unchanged = await calendars.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        await journey.does("Jonas", "types", "/iso calendar feed", sees="I keep only its fingerprint")
        await journey.does("Jonas", "presses", "Make a new address", of="I keep only its fingerprint")
        assert (await calendars.get(path)).status_code == 404
        renewed = await _newest_address(journey)
        assert (await calendars.get(renewed)).status_code == 200
        await journey.does("Jonas", "presses", "Revoke it", of="I only show this address once", sees="no longer works")
        assert (await calendars.get(renewed)).status_code == 404
        assert (await calendars.get("/calendar/00ff.ics")).status_code == 404
    await journey.does("Jonas", "types", "/iso calendar feed programme", sees="compliance lead")


async def _newest_address(journey: Journey) -> str:
    said = str(await journey.hands.person("U0JONAS").messages())
    found: list[str] = re.findall(r"/calendar/[0-9a-f]{64}\.ics", said)
    return found[-1]


async def test_the_card_of_an_audit_gives_a_calendar_file(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso certification", sees="no status entered yet")
    await journey.does("Mira", "presses", "Set the dates", of="Certification status")
    agreed = {"What's the status?": "Certified", "Date of the decision": "2026-11-02"}
    await journey.does("Mira", "fills", agreed | {"Next audit agreed for": "2026-12-07"})
    await journey.does("Mira", "presses", "Calendar file", of="Audit by the certification body")
    await journey.sees("Mira", "audit.ics", place="thread")
