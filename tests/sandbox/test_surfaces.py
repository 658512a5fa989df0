"""What modals, the Home tab and inputs tell the app, and what people get back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.kit import actions, button, home, input_block, modal, option, section, text_input

Json = dict[str, Any]

EXTERNAL: Json = {"type": "external_select", "action_id": "tea"}
PLACE: Json = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def opened(app: SocketApp, person: Person, slack: AsyncWebClient, channel: str = "", **view: Any) -> Json:
    """A modal opened by a command."""
    await person.command("/tea", channel=channel or None)
    trigger_id = (await app.next("slash_commands"))["payload"]["trigger_id"]
    answer: Json = (await slack.views_open(trigger_id=trigger_id, view=modal(**view)))["view"]
    return answer


async def refusal(act: Any) -> str:
    with pytest.raises(HandError) as refused:
        await act
    return refused.value.error


# External selects


async def test_an_app_offers_options_while_somebody_types(
    app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient
) -> None:
    view = await opened(app, mira, slack, blocks=[input_block(EXTERNAL, block_id="order")])
    where = {"view_id": view["id"], "block_id": "order", "action_id": "tea"}
    app.answer = lambda _: {"options": [option("assam"), option("green")]}
    offered = await hands.post("/hands/U0MIRA/suggest", {**where, "value": "a"})
    assert [one["value"] for one in offered["options"]] == ["assam", "green"]
    payload = (await app.next("interactive"))["payload"]
    assert (
        payload.items() >= {"type": "block_suggestion", "value": "a", "action_id": "tea", "block_id": "order"}.items()
    )
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert not {"trigger_id", "response_url"} & payload.keys()

    app.answer = lambda _: {}
    assert await refusal(mira.submit({"order": "coffee"})) == "option_not_found"
    await mira.submit({"order": "green"})
    submitted = (await app.next("interactive"))["payload"]["view"]["state"]["values"]
    assert submitted["order"]["tea"]["selected_option"] == option("green")


async def test_options_in_groups_and_in_a_message(
    app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient
) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="x", blocks=[actions(EXTERNAL, block_id="row")])
    where = {"channel": "D0MIRA", "ts": posted["ts"], "action_id": "tea"}
    groups = [{"label": {"type": "plain_text", "text": "Black"}, "options": [option("assam")]}]
    app.answer = lambda _: {"option_groups": groups}
    assert (await hands.post("/hands/U0MIRA/suggest", where))["option_groups"] == groups
    assert (await app.next("interactive"))["payload"]["message"]["ts"] == posted["ts"]
    app.answer = lambda _: {}
    await mira.press("tea", ts=posted["ts"], selected="assam")
    (action,) = (await app.next("interactive"))["payload"]["actions"]
    assert action["selected_option"] == option("assam")


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option(str(n)) for n in range(101)]},
        {"options": [{"text": "assam", "value": "assam"}]},
        {"options": "assam"},
        {"option_groups": [option("assam")]},
    ],
)
async def test_wrong_options_are_not_shown(
    app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient, sandbox: Sandbox, answer: Json
) -> None:
    view = await opened(app, mira, slack, blocks=[input_block(EXTERNAL, block_id="order")])
    app.answer = lambda _: answer
    where = {"view_id": view["id"], "action_id": "tea", "value": ""}
    assert await refusal(hands.post("/hands/U0MIRA/suggest", where)) == "bad_response"
    assert sandbox.world.log.after(0)[-1]["error"] == "bad_response"


async def test_other_fields_ask_for_nothing(app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient) -> None:
    view = await opened(app, mira, slack, blocks=[input_block(text_input(), block_id="order")])
    where = {"view_id": view["id"], "action_id": "words"}
    assert await refusal(hands.post("/hands/U0MIRA/suggest", where)) == "no_suggestions_here"


# Modals


async def test_a_modal_may_answer_where_somebody_chose(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    here = PLACE | {"default_to_current_conversation": True}
    await opened(app, mira, slack, channel="C0MGMT", blocks=[input_block(here, block_id="place")])
    await mira.submit({})
    payload = (await app.next("interactive"))["payload"]
    assert payload["view"]["state"]["values"]["place"]["where"]["selected_conversation"] == "C0MGMT"
    (answer,) = payload["response_urls"]
    assert (answer["block_id"], answer["action_id"], answer["channel_id"]) == ("place", "where", "C0MGMT")
    async with httpx.AsyncClient(verify=False) as http:
        await http.post(answer["response_url"], json={"text": "ordered", "response_type": "in_channel"})
    assert [one["text"] for one in await mira.messages("C0MGMT")] == ["ordered"]


async def test_nobody_waits_for_a_modal_to_be_closed(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    await opened(app, mira, slack, notify_on_close=True)
    app.answer = lambda _: None  # the app never acknowledges, for which it has a second here
    await asyncio.wait_for(mira.close(), 0.9)
    payload = (await app.next("interactive"))["payload"]
    assert (payload["type"], payload["is_cleared"], payload["response_urls"]) == ("view_closed", False, [])
    assert "trigger_id" not in payload


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": True},
        {"text": "done"},
        {"response_action": "clear all"},
        {"response_action": "update"},
        {"response_action": "push", "view": home()},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": ["order"]},
    ],
)
async def test_an_answer_that_says_nothing_right_keeps_the_modal(
    app: SocketApp, mira: Person, slack: AsyncWebClient, answer: Json
) -> None:
    view = await opened(app, mira, slack)
    app.answer = lambda _: answer
    assert await refusal(mira.submit({})) == "bad_response"
    shown = await mira.modal()
    assert shown == view


async def test_a_fourth_modal_cannot_be_pushed_by_an_answer(
    app: SocketApp, mira: Person, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    await opened(app, mira, slack)
    app.answer = lambda _: {"response_action": "push", "view": modal()}
    await mira.submit({})
    await mira.submit({})
    assert await refusal(mira.submit({})) == "bad_response"
    assert "push_limit_reached" in sandbox.world.log.after(0)[-1]["detail"]


# Inputs that tell the app at once


@pytest.mark.parametrize(
    ("config", "typing", "told"),
    [
        (None, False, True),
        (None, True, False),
        (["on_enter_pressed"], True, False),
        (["on_character_entered"], True, True),
        (["on_character_entered"], False, False),
        (["on_enter_pressed", "on_character_entered"], True, True),
    ],
)
async def test_inputs_dispatch_as_they_are_configured(
    app: SocketApp,
    hands: Hands,
    mira: Person,
    slack: AsyncWebClient,
    config: list[str] | None,
    typing: bool,
    told: bool,
) -> None:
    element = text_input() | ({"dispatch_action_config": {"trigger_actions_on": config}} if config else {})
    view = await opened(app, mira, slack, blocks=[input_block(element, block_id="order", dispatch_action=True)])
    act = {"view_id": view["id"], "action_id": "words", "selected": "as", "typing": typing}
    await hands.post("/hands/U0MIRA/press", act)
    assert app.envelopes.empty() is not told
    if told:
        (action,) = (await app.next("interactive"))["payload"]["actions"]
        assert action["value"] == "as"


# Home and messages


async def test_the_app_hears_which_tab_is_looked_at(
    app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient
) -> None:
    await slack.views_publish(user_id="U0MIRA", view=home(section("Hello")))
    await mira.home()
    event = await app.event("app_home_opened")
    assert (event["tab"], event["channel"], event["view"]["type"]) == ("home", "D0MIRA", "home")
    assert (await hands.get("/hands/U0MIRA/home", {"tab": "messages"}))["view"] is None
    event = await app.event("app_home_opened")
    assert (event["tab"], "view" in event) == ("messages", False)
    assert await refusal(hands.get("/hands/U0MIRA/home", {"tab": "about"})) == "invalid_tab"


async def test_a_home_tab_can_be_updated(mira: Person, slack: AsyncWebClient) -> None:
    view = (await slack.views_publish(user_id="U0MIRA", view=home(section("one"))))["view"]
    changed = (await slack.views_update(view_id=view["id"], hash=view["hash"], view=home(actions(button()))))["view"]
    assert (changed["id"], changed["hash"] != view["hash"]) == (view["id"], True)
    shown = await mira.home()
    assert shown is not None
    assert shown["blocks"][0]["type"] == "actions"
