"""Files on their way from a thread into safe keeping, and what people hear when that fails."""

import base64
from datetime import date
from typing import Any

import pytest
from sqlmodel import col

from sandbox.story import Chapter
from storage.evidence.tables import Classification, Evidence, EvidenceState
from storage.tasks.tables import Task, TaskComment, TaskState
from tests.journeys.conftest import Begin, Journey

TITLE = "Review who has access to what"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def evidence(journey: Journey) -> list[Evidence]:
    """What the bot remembers of files."""
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        return uow.all(Evidence)


def state_of_the_review(journey: Journey) -> TaskState:
    """Where Jonas' task stands."""
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        task = uow.first(Task, col(Task.title) == TITLE, order_by=col(Task.due_on))
    assert task is not None
    return task.state


def drop(name: str = "review.txt", content: str = "Signed", thread: str | None = TITLE) -> dict[str, Any]:
    """A file for a story's `drops`."""
    return {"name": name, "content": content, **({"thread": thread} if thread else {})}


async def pick(journey: Journey, name: str, content: str) -> None:
    """A file picked in the form of Jonas' task: what is said about it then stands beside any thread."""
    await journey.does("Jonas", "presses", "Add evidence", of=TITLE)
    await journey.does("Jonas", "fills", {"Files": [{"name": name, "content": content}]})


async def test_a_sign_in_page_is_no_evidence_and_the_lead_learns_of_the_missing_scope(
    begin: Begin, opening: Chapter
) -> None:
    def without_files_read(manifest: dict[str, Any]) -> None:
        manifest["oauth_config"]["scopes"]["bot"].remove("files:read")

    journey = await begin(granted=without_files_read)
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(), sees="sign-in page", place="thread")
    await journey.sees("Mira", "files:read")
    assert [each.state for each in evidence(journey)] == [EvidenceState.REFUSED]
    assert state_of_the_review(journey) is TaskState.OPEN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_empty_file_is_refused_and_the_task_stays_open(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(content=""), sees="is empty", place="thread")
    assert state_of_the_review(journey) is TaskState.OPEN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "=cmd()|' /C calc'!A0.csv",
        "<!channel> *bold*.txt",
        "x" * 300 + ".txt",
        "\u202egnp.exe",
        "a\nb.txt",
    ],
)
async def test_a_hostile_name_is_only_a_name(begin: Begin, opening: Chapter, name: str) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(name=name), sees="Kept", place="thread")
    [kept] = evidence(journey)
    assert kept.state is EvidenceState.KEPT
    assert await journey.service.services.blobs.check(kept.sha256 or "")
    await journey.sees("Mira", "With the compliance leads")
    for message in await journey.hands.person("U0MIRA").messages():
        assert "<!channel>" not in str(message.get("blocks"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_beside_any_thread_goes_to_the_one_task_that_asks(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(thread=None), sees="Kept", place="thread")
    assert state_of_the_review(journey) is TaskState.SUBMITTED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_nobody_asked_for_is_answered_with_a_sentence(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.hands.person("U0TOM").upload(("holiday.txt", b"Sun"))
    await journey.sees("Tom", "No file is needed here", place="thread")
    assert evidence(journey) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_files_picked_in_the_form_are_kept_with_their_note(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "presses", "Add evidence", of=TITLE)
    files = [{"name": "one.txt", "content": "1"}, {"name": "two.txt", "content": "2"}]
    await journey.does("Jonas", "fills", {"Files": files, "Note": "Third quarter"}, sees="Kept two.txt")
    assert {(each.name, each.note) for each in evidence(journey)} == {
        ("one.txt", "Third quarter"),
        ("two.txt", "Third quarter"),
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_returned_task_is_handed_in_again(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(), sees="Kept", place="thread")
    await journey.does("Mira", "presses", "Return", of="With the compliance leads")
    await journey.does("Mira", "fills", {"What is missing?": "The signature"})
    await journey.sees("Jonas", "The signature")
    await journey.does("Jonas", "drops", drop("signed.txt", "Signed, really"), sees="signed.txt", place="thread")
    await journey.does("Mira", "presses", "Accept", of="signed.txt", sees="Accepted by @Mira")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_same_file_as_before_is_asked_about_and_handed_in_after_yes(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "drops", drop(), sees="Kept", place="thread")
    await journey.does("Mira", "presses", "Return", of="With the compliance leads")
    await journey.does("Mira", "fills", {"What is missing?": "The signature"})
    await journey.sees("Jonas", "The signature")
    await pick(journey, "again.txt", "Signed")
    await journey.sees("Jonas", "which was returned then")
    assert state_of_the_review(journey) is TaskState.RETURNED
    await journey.does(
        "Jonas", "presses", "Yes, it's still right", of="identical to", sees="You confirmed that it's still"
    )
    assert state_of_the_review(journey) is TaskState.SUBMITTED
    [_, again] = evidence(journey)
    assert again.revision == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_kept_file_is_said_to_serve_a_further_task(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await pick(journey, "review.txt", "Signed")
    await journey.sees("Jonas", "Kept review.txt")
    await journey.does("Jonas", "presses", "Use for another task", of="Kept", sees="no other open task")
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        other = uow.first(Task, col(Task.owner_id) == "U0JONAS", col(Task.state) == TaskState.SCHEDULED)
        assert other is not None
        uow.change(other, state=TaskState.OPEN)
    await journey.does("Jonas", "presses", "Use for another task", of="Kept")
    await journey.does("Jonas", "fills", {"Other open tasks": other.title})
    await journey.sees("Mira", other.title)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_is_described_accepted_and_after_its_time_disposed_of_by_two_people(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await pick(journey, "review.txt", "Signed")
    await journey.does("Jonas", "presses", "Details", of="Kept review.txt")
    await journey.does(
        "Jonas",
        "fills",
        {"What date is it from?": "2026-09-30", "Who may see it": "A few named people (restricted)"},
    )
    await journey.does("Mira", "presses", "Accept", of="review.txt", sees="Accepted by @Mira")
    [kept] = evidence(journey)
    assert (kept.collected_on, kept.classification) == (date(2026, 9, 30), Classification.RESTRICTED)
    blobs = journey.service.services.blobs
    assert await blobs.check(kept.sha256 or "")

    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        uow.change(kept, retain_until=date(2026, 1, 1))
    await journey.does("Mira", "types", "/iso retention", sees="1 file is past its")
    await journey.does("Mira", "presses", "Propose disposal", of="past its", sees="proposes to dispose of 1 file")
    await journey.does("David", "types", "/iso retention", sees="proposes to dispose of 1 file")
    await journey.does("David", "presses", "Dispose of it", of="proposes to dispose", sees="1 file was disposed of")
    assert "disposal.approve" not in str(await journey.hands.person("U0DAVID").messages())
    await journey.does("David", "types", "/iso retention", sees="No evidence is past its")
    await journey.service.services.background.finish(seconds=10)
    [gone] = evidence(journey)
    assert gone.state is EvidenceState.DISPOSED
    assert gone.erased_at is not None
    assert not await blobs.exists(kept.sha256 or "")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_picture_stands_under_the_card_of_whoever_judges_it_once(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    jonas, mira = journey.hands.person("U0JONAS"), journey.hands.person("U0MIRA")
    [asked] = [each["ts"] for each in await jonas.messages() if TITLE in str(each.get("blocks"))]
    dropped = await jonas.upload(("plan.png", PNG), thread_ts=asked)
    await journey.sees("Mira", "provided by @Jonas", place="thread")
    journey.sandbox.world.files.delete(dropped["files"][0]["id"])  # as its owner may
    await journey.restart()
    await jonas.upload(("drawing.svg", SVG), ("second.png", PNG + b"2"), thread_ts=asked)
    await journey.sees("Mira", "second.png, provided by @Jonas", place="thread")
    [card] = [each for each in await mira.messages() if "With the compliance leads" in str(each.get("blocks"))]
    shown = [file for reply in await mira.thread(card["ts"]) for file in reply.get("files", ())]
    assert [(file["title"], await mira.file(file["id"])) for file in shown] == [
        ("plan.png", PNG),
        ("second.png", PNG + b"2"),
    ]


async def test_nobody_speaks_into_silence(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "says", "Hello", sees="I'm Deskaudit")
    offer = "Do you want me to add this"
    await journey.does(
        "Jonas", "says", {"text": "Half done", "thread": TITLE}, sees=f"{offer} to Review", place="thread"
    )
    await journey.does("Jonas", "presses", "Add as comment", of=offer, sees="Added to", place="thread")
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        assert [each.text for each in uow.all(TaskComment)] == ["Half done"]
