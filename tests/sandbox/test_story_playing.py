"""Steps of stories against a running sandbox: every deed reaches the app, and what goes wrong is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.server import Sandbox
from sandbox.story import Chapter, Player, Step, Story, StoryFailed, StoryRefused, read_story, tell
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import MONDAY
from tests.sandbox.kit import actions, button, home, input_block, modal, option, overflow, plain, section, select

Json = dict[str, Any]
MIRA = "U0MIRA"
A_DAY = timedelta(days=1)
TEA = input_block(select(option("a", "Assam, strong"), option("g", "Green")), "Kind of tea", "kind")


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


@pytest.fixture
def player(hands: Hands) -> Player:
    return Player(hands, patience_seconds=0.5)


def step(deed: str = "", what: Any = None, who: str = "Mira", **more: Any) -> Step:
    return Step("It happens.", who, deed, what, **more)


async def payload(app: SocketApp, kind: str = "interactive") -> Json:
    found: Json = (await app.next(kind))["payload"]
    return found


async def event(app: SocketApp, kind: str) -> Json:
    """The next event of a kind that a person caused."""
    while True:
        found: Json = (await payload(app, "events_api"))["event"]
        if found["type"] == kind and "bot_id" not in found:
            return found


async def open_modal(app: SocketApp, slack: AsyncWebClient, player: Player, *blocks: Json) -> None:
    await player.play(step("types", "/tea"))
    trigger = (await payload(app, "slash_commands"))["trigger_id"]
    await slack.views_open(trigger_id=trigger, view=modal(blocks=list(blocks)))


# --- Deeds ---


async def test_a_command_is_typed_in_a_channel(app: SocketApp, player: Player) -> None:
    await player.play(step("types", "/tea green and hot", at="#general"))
    typed = await payload(app, "slash_commands")
    assert (typed["command"], typed["text"], typed["channel_id"]) == ("/tea", "green and hot", "C0GENERAL")


async def test_words_and_files_go_into_a_thread(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    root = (await slack.chat_postMessage(channel=MIRA, text="Tea time, <@U0TOM>"))["ts"]
    await player.play(step("says", {"text": "Green", "thread": "Tea time, @Tom"}, sees=("Green",), thread="Tea time"))
    assert (await event(app, "message"))["thread_ts"] == root
    await player.play(step("drops", {"name": "proof.txt", "content": "thirst", "thread": "Tea time"}))
    assert (await event(app, "message"))["thread_ts"] == root
    await player.play(step("says", "Beside it", sees=("Beside it",), never_sees=("Green",)))


async def test_words_are_taken_back(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    await slack.chat_postMessage(channel=MIRA, text="Which tea?")
    await player.play(step("says", {"text": "Coffee, @Tom", "thread": "Which tea?"}))
    said = await event(app, "message")
    edit = step("edits", "Green, @Tom", of="Coffee", place="thread", sees=("Green, @Tom",), never_sees=("Coffee",))
    await player.play(edit)
    changed = await event(app, "message")
    assert (changed["subtype"], changed["message"]["ts"]) == ("message_changed", said["ts"])
    await player.play(step("deletes", "the message", of="Green", place="thread", never_sees=("Green",)))
    assert (await event(app, "message"))["deleted_ts"] == said["ts"]
    await player.play(step("deletes", "the message", of="Which tea?", who="Tom", fails="No message says"))


async def test_people_come_and_go(app: SocketApp, slack: AsyncWebClient, player: Player, hands: Hands) -> None:
    for whom in ("Tom", "the app"):
        await player.play(step("invites", whom, at="#it-operations"))
    joined = await event(app, "member_joined_channel")
    assert (joined["user"], joined["inviter"]) == ("U0APP", MIRA)
    await player.play(step("invites", "Tom", at="#it-operations", fails="already"))
    await player.play(step("says", "I am here", who="Tom", at="#it-operations"))
    await player.play(step("deactivates", "Tom"))
    assert (await event(app, "user_change"))["user"]["deleted"]
    await player.play(step("says", "And now?", who="Tom", fails="deactivated"))
    await player.play(step("reactivates", "Tom"))
    await player.play(step("says", "Back", who="Tom", sees=("Back",)))
    with pytest.raises(StoryFailed, match="after `at`"):
        await player.play(step("invites", "Tom"))


async def test_a_button_is_pressed_on_the_newest_message_that_says_it(
    app: SocketApp, slack: AsyncWebClient, player: Player
) -> None:
    for value in ("old", "new"):
        blocks = [section("Tea is ready"), actions(button("pour", "Pour a cup", value=value))]
        await slack.chat_postMessage(channel=MIRA, text="Tea", blocks=blocks)
    await slack.chat_postMessage(channel=MIRA, text="Coffee", blocks=[actions(button("pour", "Pour it out"))])
    await player.play(step("presses", "Pour", of="Tea is ready"))
    assert (await payload(app))["actions"][0]["value"] == "new"


async def test_a_button_is_pressed_in_a_channel_and_on_home(
    app: SocketApp, slack: AsyncWebClient, player: Player
) -> None:
    await slack.chat_postMessage(channel="C0MGMT", text="Tea", blocks=[section("Tea"), actions(button("pour", "Pour"))])
    await player.play(step("presses", "Pour", of="Tea", at="#management-review"))
    assert (await payload(app))["channel"]["id"] == "C0MGMT"
    await slack.views_publish(user_id="U0MIRA", view=home(actions(button("brew", "Brew"))))
    await player.play(step("presses", "Brew", of="home"))
    assert (await payload(app))["actions"][0]["action_id"] == "brew"


@pytest.mark.parametrize(
    ("element", "name", "wanted", "chosen"),
    [
        (select(option("a", "Assam"), option("g", "Green")) | {"placeholder": plain("Kind")}, "Kind", "Gre", "g"),
        (overflow(option("a", "Again"), option("s", "Stop")), "Again", "Stop", "s"),
        ({"type": "datepicker", "action_id": "d", "placeholder": plain("Day")}, "Day", "2030-05-06", "2030-05-06"),
        ({"type": "users_select", "action_id": "u", "placeholder": plain("Who")}, "Who", "Tom", "U0TOM"),
        (
            {"type": "multi_users_select", "action_id": "m", "placeholder": plain("Guests")},
            "Guests",
            ["Tom", "Jonas"],
            "U0JONAS",
        ),
        ({"type": "timepicker", "action_id": "t", "placeholder": plain("Hour")}, "Hour", "10:30", "10:30"),
    ],
)
async def test_something_is_chosen_outside_a_modal(
    app: SocketApp, slack: AsyncWebClient, player: Player, element: Json, name: str, wanted: Any, chosen: str
) -> None:
    block = section("Tea", accessory=element)
    await slack.chat_postMessage(channel=MIRA, text="Tea", blocks=[block])
    await player.play(step("chooses", {name: wanted}, of="Tea"))
    assert chosen in str((await payload(app))["actions"][0])


async def test_a_form_is_filled_by_its_labels(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    day = input_block({"type": "datepicker", "action_id": "day"}, "Day", "day")
    await open_modal(app, slack, player, TEA, day)
    await player.play(step("fills", {"Kind": "Assam", "Day": {"days": "0"}}))
    values = (await payload(app))["view"]["state"]["values"]
    assert values["kind"]["choose"]["selected_option"]["value"] == "a"
    assert values["day"]["day"]["selected_date"]


async def test_a_modal_is_closed(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    await open_modal(app, slack, player, TEA)
    await player.play(step(sees=("Kind of tea",), place="modal"))
    await player.play(step("closes", "modal", never_sees=("Kind of tea",), place="modal"))


async def test_shortcuts_are_taken_by_name(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    await player.play(step("takes", "Brew"))
    assert (await payload(app))["callback_id"] == "brew"
    ts = (await slack.chat_postMessage(channel=MIRA, text="Tea time"))["ts"]
    await player.play(step("takes", "Keep", of="Tea time"))
    taken = await payload(app)
    assert (taken["callback_id"], taken["message_ts"]) == ("keep", ts)


async def test_the_app_is_opened_and_removed(app: SocketApp, hands: Hands, player: Player) -> None:
    await player.play(step("opens", "home"))
    assert (await event(app, "app_home_opened"))["user"] == "U0MIRA"
    await player.play(step("uninstalls", "the app"))
    assert not (await hands.workspaces())[0]["installed"]


async def test_the_clock_goes_forward(hands: Hands, player: Player) -> None:
    await player.play(step("clock", {"pauses": "yes"}))
    assert (await hands.clock())["playing"] is False
    await player.play(step("clock", {"to": "2040-01-02 09:00"}))
    assert (await hands.clock())["now"] == "2040-01-02T08:00:00+00:00"
    await player.play(step("clock", {"advance": {"days": "1", "hours": "2"}}))
    assert (await hands.clock())["now"] == "2040-01-03T10:00:00+00:00"
    await player.play(step("clock", {"next": "Monday 09:05"}, who="Priya"))
    assert (await hands.clock())["now"] == "2040-01-09T01:05:00+00:00"
    await player.play(step("clock", {"plays": "60"}))
    assert (await hands.clock())["speed"] == 60


async def test_faults_are_injected_and_taken_back(hands: Hands, player: Player) -> None:
    await player.play(step("breaks", {"kind": "429_storm", "match": "chat.*", "lasts": None}, who=""))
    await player.play(step("breaks", "cut_download", who=""))
    assert [fault["match"] for fault in (await hands.faults())["faults"]] == ["chat.*", "*"]
    await player.play(step("mends", "cut_download", who=""))
    assert [fault["kind"] for fault in (await hands.faults())["faults"]] == ["429_storm"]
    await player.play(step("mends", "everything", who=""))
    assert (await hands.faults())["faults"] == []
    await player.play(step("breaks", "a_leg", who="", fails="`kind` is one of"))
    await player.prepare(Story("Tea", (), seed=7))
    assert (await hands.faults())["seed"] == 7


async def test_something_is_chosen_from_what_the_app_offers(
    app: SocketApp, slack: AsyncWebClient, player: Player
) -> None:
    offers = {"options": [option("a1", "Assam, strong"), option("g1", "Green")]}
    app.answer = lambda envelope: offers if envelope["payload"].get("type") == "block_suggestion" else {}
    element = {"type": "external_select", "action_id": "kind", "placeholder": plain("Kind of tea")}
    await slack.chat_postMessage(channel=MIRA, text="Tea", blocks=[section("Tea", accessory=element)])
    await player.play(step("chooses", {"Kind": "Assam"}, of="Tea"))
    assert (await payload(app))["value"] == "Assam"
    assert (await payload(app))["actions"][0]["selected_option"]["value"] == "a1"


async def test_an_emoji_is_put_under_a_message(slack: AsyncWebClient, hands: Hands, player: Player) -> None:
    await slack.chat_postMessage(channel=MIRA, text="Tea time")
    await player.play(step("reacts", "eyes", of="Tea time"))
    [message] = await hands.person("U0MIRA").messages()
    assert message["reactions"] == [{"name": "eyes", "users": ["U0MIRA"], "count": 1}]


async def test_the_host_lends_a_deed(hands: Hands) -> None:
    done: list[Any] = []

    async def restart(what: Any) -> None:
        done.append(what)

    await Player(hands, {"restarts": restart}).play(step("restarts", "the app"))
    assert done == ["the app"]


# --- What is seen ---


async def test_an_answer_is_new_and_for_one_person_alone(app: SocketApp, slack: AsyncWebClient, player: Player) -> None:
    app.answer = lambda _: {"text": "It is coming"}
    await player.play(step("types", "/tea", at="#general", place="#general", answers=("It is coming",)))
    app.answer = lambda _: {}
    with pytest.raises(StoryFailed, match="the answer 'It is coming', to Mira alone"):
        await player.play(step("types", "/tea", at="#general", place="#general", answers=("It is coming",)))


async def test_what_must_not_be_seen_is_told(slack: AsyncWebClient, player: Player) -> None:
    await slack.chat_postMessage(channel=MIRA, text="Coffee")
    with pytest.raises(StoryFailed, match="never 'Coffee' in messages"):
        await player.play(step(never_sees=("Coffee",)))


async def test_what_is_to_be_seen_once_is_counted_by_messages(slack: AsyncWebClient, player: Player) -> None:
    await slack.chat_postMessage(channel=MIRA, text="Tea, and more Tea")
    await player.play(step(sees_once=("Tea",)))
    await slack.chat_postMessage(channel=MIRA, text="Tea")
    with pytest.raises(StoryFailed, match="once 'Tea' in messages"):
        await player.play(step(sees_once=("Tea",)))


async def test_a_deed_that_fails_as_it_should(player: Player) -> None:
    await player.play(step("types", "/tea", fails="did not respond"))
    await player.play(step("uninstalls", "the app", who="Tom", fails="Only an administrator"))
    with pytest.raises(StoryFailed, match="'no tea'"):
        await player.play(step("says", "Tea!", fails="no tea"))


async def test_an_error_beside_a_field_is_a_failure_in_its_words(
    app: SocketApp, slack: AsyncWebClient, player: Player
) -> None:
    app.answer = lambda envelope: (
        {"response_action": "errors", "errors": {"kind": "This is a teapot."}}
        if envelope["payload"].get("type") == "view_submission"
        else {}
    )
    await open_modal(app, slack, player, TEA)
    await player.play(step("fills", {"Kind": "Green"}, fails="This is a teapot."))


# --- What goes wrong ---


@pytest.mark.parametrize(
    ("wrong", "expected", "seen"),
    [
        (step(sees=("Tea",)), "expected: 'Tea' in messages", "seen:\n    Coffee"),
        (step(sees=("Tea",), thread="Coffee"), "'Tea' in the thread of 'Coffee'", "seen:\n    nothing"),
        (step("presses", "Pour", of="Coffee"), "a button 'Pour' on 'Coffee'", "seen:\n    Stir"),
        (step("chooses", {"Kind": "Green"}, of="Coffee"), "a field 'Kind' on 'Coffee'", "seen:\n    nothing"),
        (step("fills", {"Kind": "Green"}), "a modal with Kind", "seen:\n    nothing"),
        (step("says", "hi", who="Nobody"), "expected: says: hi", "Nobody here is called Nobody."),
        (step("says", "hi", at="#cellar"), "expected: says: hi", "#cellar is not a conversation of this person."),
        (step("says", {"text": "hi", "thread": "Tea"}), "says: ", "No message says 'Tea'."),
        (step("takes", "Wings"), "expected: takes: Wings", "The app has no global shortcut 'Wings'."),
        (step("closes", "modal"), "expected: closes: modal", "No modal is open."),
    ],
)
async def test_a_failure_says_what_was_expected_and_what_was_seen(
    slack: AsyncWebClient, player: Player, wrong: Step, expected: str, seen: str
) -> None:
    blocks = [section("Coffee"), actions(button("stir", "Stir"))]
    await slack.chat_postMessage(channel=MIRA, text="Coffee", blocks=blocks)
    with pytest.raises(StoryFailed) as failed:
        await player.play(wrong)
    assert expected in str(failed.value)
    assert seen in str(failed.value)


def test_a_failure_is_wrapped_and_bounded() -> None:
    seen = "\n".join(f"line {number} " + "x " * 80 for number in range(50))
    said = str(StoryFailed(Step("It happens.", where="Morning, step 2 (tea.yaml, line 9)"), "tea", seen))
    assert said.startswith("Morning, step 2 (tea.yaml, line 9): It happens.\n")
    assert max(map(len, said.splitlines())) <= 100
    assert len(said.splitlines()) < 40
    assert "line 49" in said


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (Story("Tea", (), needs=("restarts",), file="tea.yaml"), "tea.yaml: the story needs restarts"),
        (Story("Tea", (), begins=MONDAY + A_DAY, file="tea.yaml"), r"begins at 2026-11-24 .*; here it is 2026-11-23 "),
        (Story("Tea", (), begins=MONDAY - A_DAY, file="tea.yaml"), r"begins at 2026-11-22 .*; here it is 2026-11-23 "),
        (
            Story("Tea", (Chapter("a", (step("says", "hi", who="Zoe", where="a, step 1"),)),)),
            "nobody here is called Zoe",
        ),
    ],
)
async def test_a_story_that_cannot_be_played_is_not_begun(player: Player, story: Story, why: str) -> None:
    with pytest.raises(StoryRefused, match=why):
        await player.prepare(story)


async def test_a_story_is_begun_in_a_workspace_opened_at_its_beginning(player: Player) -> None:
    await player.prepare(Story("Tea", (), begins=MONDAY))


# --- Telling ---


@pytest.mark.parametrize("is_terminal", [False, True])
async def test_a_story_is_told_line_by_line(player: Player, tmp_path: Path, is_terminal: bool) -> None:
    path = tmp_path / "tea.yaml"
    path.write_text(
        "title: Tea\nchapters:\n- title: Morning [1]\n  steps:\n  - {tells: 'Mira says [hi].', who: Mira, says: hi}\n"
        "  - {tells: She waits in vain., who: Mira, sees: Tea}\n",
        encoding="utf-8",
    )
    said = StringIO()
    with pytest.raises(StoryFailed, match=r"Morning \[1\], step 2 \(tea.yaml, line 6\): She waits in vain."):
        await tell(read_story(path), player, Console(file=said, force_terminal=is_terminal, width=80))
    assert "Morning [1]" in said.getvalue()
    assert "✓ Mira says [hi]." in said.getvalue()
    assert ("1/2" in said.getvalue()) is is_terminal
