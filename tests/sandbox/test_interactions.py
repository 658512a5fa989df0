"""Commands, buttons, modals, shortcuts and response URLs, with the payloads as Slack sends them."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.kit import (
    actions,
    button,
    checkboxes,
    divider,
    file_input,
    home,
    input_block,
    modal,
    option,
    overflow,
    plain,
    section,
    select,
    text_input,
)
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]
ORDER = input_block(text_input("kind"), block_id="kind")


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def trigger(app: SocketApp, person: Person) -> str:
    """A fresh trigger of a command."""
    await person.command("/tea")
    return str((await app.next("slash_commands"))["payload"]["trigger_id"])


async def opened(app: SocketApp, person: Person, slack: AsyncWebClient, **view: Any) -> Json:
    answer = await slack.views_open(trigger_id=await trigger(app, person), view=modal(**view))
    found: Json = answer["view"]
    return found


async def error_of(act: Awaitable[Any]) -> str:
    """The code with which the Web API or the person's hands refuse."""
    try:
        await act
    except HandError as refused:
        return refused.error
    except SlackApiError as refused:
        return str(refused.response["error"])
    pytest.fail("nothing was refused")


# Payloads


async def test_slash_command_payload(app: SocketApp, mira: Person) -> None:
    await mira.command("/tea", "two <cups>", "C0MGMT")
    envelope = await app.next()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    payload = envelope["payload"]
    assert payload.keys() == {
        "token", "api_app_id", "team_id", "team_domain", "enterprise_id", "channel_id", "channel_name", "user_id",
        "user_name", "command", "text", "response_url", "trigger_id", "is_enterprise_install",
    }  # fmt: skip
    assert (payload["channel_name"], payload["user_name"]) == ("management-review", "mira")
    assert (payload["command"], payload["text"]) == ("/tea", "two &lt;cups&gt;")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("give to @mira now", "give to <@U0MIRA|mira> now"),
        ("@Mira Lindqvist, @tom", "<@U0MIRA|mira>, <@U0TOM|tom>"),
        ("in #it-operations", "in <#C0ITOPS|it-operations>"),
        ("mail mira@mira.example or @miraculous", "mail mira@mira.example or @miraculous"),
        ("@nobody & <@U0MIRA>", "@nobody &amp; &lt;@U0MIRA&gt;"),
    ],
)
async def test_names_become_ids_where_the_manifest_asks(build: Build, typed: str, told: str) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["slash_commands"][0]["should_escape"] = True
    sandbox = await build(manifest=manifest)
    async with Hands(sandbox.url) as hands, SocketApp(sandbox) as app:
        await hands.person("U0MIRA").command("/tea", typed)
        assert (await app.next("slash_commands"))["payload"]["text"] == told


async def test_button_in_a_message(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(
        channel="U0MIRA", text="x", blocks=[actions(button("go", value="42"), select(option("a")), block_id="row")]
    )
    await mira.press("go", ts=posted["ts"])
    payload = (await app.next("interactive"))["payload"]
    (action,) = payload["actions"]
    assert action.items() >= {"type": "button", "action_id": "go", "block_id": "row", "value": "42"}.items()
    assert action["text"]["text"] == "Go"
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "D0MIRA",
        "is_ephemeral": False,
    }
    assert payload["user"] == {"id": "U0MIRA", "username": "mira", "name": "mira", "team_id": "T0ALDER"}
    assert payload["channel"] == {"id": "D0MIRA", "name": "directmessage"}
    assert payload["state"]["values"]["row"]["choose"] == {"type": "static_select", "selected_option": None}
    assert payload["message"]["blocks"] == posted["message"]["blocks"]


async def test_buttons_that_stand_in_other_blocks(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    blocks: list[Json] = [
        {"type": "container", "title": plain("Teas"), "child_blocks": [actions(button("a"))]},
        {"type": "carousel", "elements": [{"type": "card", "title": plain("Tea"), "actions": [button("b")]}]},
        {"type": "layout", "label": "Teas", "rows": [{"items": [{"blocks": [actions(button("c"))]}]}]},
    ]
    posted = await slack.chat_postMessage(channel="U0MIRA", text="x", blocks=blocks)
    for action_id in "abc":
        await mira.press(action_id, ts=posted["ts"])
        assert (await app.next("interactive"))["payload"]["actions"][0]["action_id"] == action_id
    assert posted["message"]["blocks"][2]["fallback"] == []


async def test_choices_in_a_message_stay(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    blocks = [actions(select(option("a"), option("b")), overflow(option("x")), block_id="row")]
    posted = await slack.chat_postMessage(channel="U0MIRA", text="x", blocks=blocks)
    await mira.press("choose", ts=posted["ts"], selected="b")
    chosen = (await app.next("interactive"))["payload"]
    assert chosen["actions"][0]["selected_option"]["value"] == "b"
    await mira.press("more", ts=posted["ts"], selected="x")
    later = (await app.next("interactive"))["payload"]
    assert later["actions"][0]["selected_option"]["value"] == "x"
    assert later["state"]["values"]["row"]["choose"]["selected_option"]["value"] == "b"


async def test_what_is_not_shown_cannot_be_pressed(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="x", blocks=[actions(select(option("a")))])
    assert await error_of(mira.press("gone", ts=posted["ts"])) == "element_not_found"
    assert await error_of(mira.press("choose", ts=posted["ts"], selected="z")) == "option_not_found"
    assert await error_of(mira.press("choose", ts="1.000000", selected="a")) == "message_not_found"
    assert await error_of(mira.press_in_view("go", "V0NONE")) == "not_found"


async def test_a_press_arrives_though_the_message_is_drawn_anew(
    app: SocketApp, mira: Person, slack: AsyncWebClient
) -> None:
    go = actions(button("go", value="42"))
    posted = await slack.chat_postMessage(channel="U0MIRA", text="x", blocks=[go, go])
    first, second = (each["block_id"] for each in posted["message"]["blocks"])
    assert first != second
    await slack.chat_update(channel="D0MIRA", ts=posted["ts"], text="x", blocks=[divider(), go])
    await mira.press("go", ts=posted["ts"], block_id=first)
    assert (await app.next("interactive"))["payload"]["actions"][0]["value"] == "42"
    assert await error_of(mira.press("go", ts=posted["ts"], block_id=second)) == "element_not_found"


async def test_message_and_global_shortcuts(app: SocketApp, mira: Person) -> None:
    ts = await mira.say("keep me", "C0MGMT")
    await mira.shortcut("keep", channel="C0MGMT", ts=ts)
    payload = (await app.next("interactive"))["payload"]
    assert (payload["type"], payload["callback_id"], payload["message_ts"]) == ("message_action", "keep", ts)
    assert (payload["message"]["text"], payload["channel"]["id"]) == ("keep me", "C0MGMT")
    assert {"response_url", "trigger_id"} <= payload.keys()

    await mira.shortcut("brew")
    payload = (await app.next("interactive"))["payload"]
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "brew")
    assert not {"channel", "response_url", "message"} & payload.keys()
    assert await error_of(mira.shortcut("keep")) == "shortcut_not_found"


# Modals


async def test_submission_payload_and_response_actions(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    view = await opened(app, mira, slack, blocks=[ORDER], callback_id="order", private_metadata="17")
    answers: Iterator[Json] = iter(
        [
            {"response_action": "errors", "errors": {"kind": "No."}},
            {"response_action": "update", "view": modal(blocks=[ORDER], callback_id="again")},
            {"response_action": "push", "view": modal(title=plain("On top"))},
            {},
            {"response_action": "clear"},
        ]
    )
    app.answer = lambda _: next(answers)
    assert await mira.submit({"kind": "assam"}) == {"errors": {"kind": "No."}}
    payload = (await app.next("interactive"))["payload"]
    assert payload["type"] == "view_submission"
    assert payload["view"].items() >= {"id": view["id"], "private_metadata": "17", "hash": view["hash"]}.items()
    assert payload["view"]["state"]["values"] == {"kind": {"kind": {"type": "plain_text_input", "value": "assam"}}}

    updated = (await mira.submit({}))["view"]
    assert (updated["id"], updated["callback_id"]) == (view["id"], "again")
    assert updated["hash"] != view["hash"]
    pushed = (await mira.submit({}))["view"]
    assert (pushed["title"]["text"], pushed["previous_view_id"], pushed["root_view_id"]) == (
        "On top",
        view["id"],
        view["id"],
    )
    back = await mira.submit({})
    assert (back["closed"], back["view"]["id"]) == (True, view["id"])
    assert await mira.submit({}) == {"closed": True}
    assert await mira.modal() is None


async def test_what_was_typed_is_kept_over_an_update(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    view = await opened(app, mira, slack, blocks=[ORDER])
    app.answer = lambda _: {"response_action": "errors", "errors": {"kind": "No."}}
    await mira.submit({"kind": "assam"})
    await slack.views_update(view_id=view["id"], view=modal(blocks=[section("New"), ORDER]))
    app.answer = lambda _: {}
    assert await mira.submit({}) == {"closed": True}


async def test_the_app_may_update_the_view_before_it_answers(
    app: SocketApp, mira: Person, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    view = await opened(app, mira, slack, blocks=[ORDER])

    def update_first(_: Json) -> Json:
        now = sandbox.world.views.find(view_id=view["id"])
        sandbox.world.views.update(now, modal(blocks=[section("Working …")]))
        return {"response_action": "update", "view": modal(title=plain("Done"))}

    app.answer = update_first
    assert (await mira.submit({"kind": "assam"}))["view"]["title"]["text"] == "Done"

    def replace(_: Json) -> Json:
        sandbox.world.views.open("U0MIRA", modal(title=plain("Another")))
        return {}

    app.answer = replace
    answer = await mira.submit({})
    assert (answer["closed"], answer["view"]["title"]["text"]) == (True, "Another")


async def test_a_field_that_became_another_kind_starts_anew(
    app: SocketApp, mira: Person, slack: AsyncWebClient
) -> None:
    view = await opened(app, mira, slack, blocks=[ORDER])
    app.answer = lambda _: {"response_action": "errors", "errors": {"kind": "No."}}
    await mira.submit({"kind": "assam"})
    menu = input_block(select(option("green"), action_id="kind"), block_id="kind")
    await slack.views_update(view_id=view["id"], view=modal(blocks=[menu]))
    assert await mira.submit({}) == {"errors": {"kind": "Please complete this required field."}}


async def test_only_own_files_go_into_a_modal(
    app: SocketApp, hands: Hands, mira: Person, slack: AsyncWebClient
) -> None:
    await opened(app, mira, slack, blocks=[input_block(file_input(), block_id="proof")])
    toms = await hands.person("U0TOM").stage("t.txt", b"t")
    assert await error_of(mira.submit({"proof": toms})) == "file_not_found"
    own = await mira.stage("m.txt", b"m")
    assert await mira.submit({"proof": [own]}) == {"closed": True}


async def test_a_bad_response_keeps_the_modal_and_is_logged(
    app: SocketApp, mira: Person, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    await opened(app, mira, slack, blocks=[ORDER])
    for bad in (
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "errors", "errors": {"elsewhere": "No."}},
        {"response_action": "explode"},
    ):
        app.answer = lambda _, bad=bad: bad  # type: ignore[misc] # the default binds the value of this round
        assert await error_of(mira.submit({"kind": "assam"})) == "bad_response"
    refused = [entry["detail"] for entry in sandbox.world.log.after(0) if entry["error"] == "bad_response"]
    assert "missing required field: title" in refused[0]
    assert await mira.modal() is not None


async def test_an_app_that_stays_silent(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    await opened(app, mira, slack, blocks=[ORDER])
    app.answer = lambda _: None
    assert await error_of(mira.submit({"kind": "assam"})) == "app_did_not_respond"
    assert await mira.modal() is not None


async def test_closing_tells_who_asked(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    await opened(app, mira, slack, notify_on_close=True, callback_id="c")
    await mira.close()
    payload = (await app.next("interactive"))["payload"]
    assert (payload["type"], payload["is_cleared"], payload["view"]["callback_id"]) == ("view_closed", False, "c")
    await opened(app, mira, slack)
    await mira.close()
    await asyncio.wait_for(mira.command("/tea"), 5)
    assert (await app.next())["type"] == "slash_commands"


async def test_the_stack_holds_three(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    await opened(app, mira, slack, blocks=[actions(button("deeper"))])

    async def push() -> Any:
        top = await mira.modal()
        assert top is not None
        await mira.press_in_view("deeper", top["id"])
        inner = (await app.next("interactive"))["payload"]["trigger_id"]
        return await slack.views_push(trigger_id=inner, view=modal(blocks=[actions(button("deeper"))]))

    await push()
    await push()
    assert await error_of(push()) == "push_limit_reached"
    views = (await mira.modals())["views"]
    assert len(views) == 3
    assert await error_of(mira.submit({}, views[0]["id"])) == "not_on_top"


async def test_triggers_are_used_once_and_expire(
    app: SocketApp, mira: Person, slack: AsyncWebClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = await trigger(app, mira)
    await slack.views_open(trigger_id=used, view=modal())
    assert await error_of(slack.views_open(trigger_id=used, view=modal())) == "exchanged_trigger_id"
    late = await trigger(app, mira)
    sandbox.clock.advance(60)  # a moved clock expires nothing …
    assert await error_of(slack.views_open(trigger_id=late, view={"type": "modal"})) == "invalid_arguments"
    made = sandbox.world.triggers.check(late).made
    monkeypatch.setattr(sandbox.world.triggers, "_elapsed", lambda: made + 3.1)  # … real time does
    assert await error_of(slack.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"


async def test_a_push_needs_a_trigger_from_a_modal(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    outside = await trigger(app, mira)
    assert await error_of(slack.views_push(trigger_id=outside, view=modal())) == "invalid_trigger_id"


async def test_update_by_external_id_and_hash(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    view = await opened(app, mira, slack, external_id="tea-1")
    changed = (await slack.views_update(external_id="tea-1", view=modal(external_id="tea-1"), hash=view["hash"]))[
        "view"
    ]
    stale = slack.views_update(view_id=view["id"], view=modal(), hash=view["hash"])
    assert await error_of(stale) == "hash_conflict"
    assert changed["id"] == view["id"]


async def test_choices_outside_inputs_are_in_the_state(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    blocks = [actions(checkboxes(option("a"), option("b")), block_id="row"), ORDER]
    view = await opened(app, mira, slack, blocks=blocks)
    await mira.press_in_view("check", view["id"], selected=["a", "b"])
    pressed = (await app.next("interactive"))["payload"]
    assert pressed["container"] == {"type": "view", "view_id": view["id"]}
    assert [one["value"] for one in pressed["actions"][0]["selected_options"]] == ["a", "b"]
    await mira.submit({"kind": "assam"})
    submitted = (await app.next("interactive"))["payload"]["view"]["state"]["values"]
    assert [one["value"] for one in submitted["row"]["check"]["selected_options"]] == ["a", "b"]


# Response URLs


async def respond(url: str, **body: Any) -> httpx.Response:
    async with httpx.AsyncClient(verify=False) as client:
        return await client.post(url, json=body)


async def test_response_url_answers_replaces_and_deletes(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="old", blocks=[actions(button())])
    await mira.press("go", ts=posted["ts"])
    url = (await app.next("interactive"))["payload"]["response_url"]
    assert (await respond(url, text="only you")).text == "ok"
    assert [(one["text"], one.get("ephemeral")) for one in await mira.messages()] == [("old", None), ("only you", True)]
    await respond(url, text="everybody", response_type="in_channel")
    await respond(url, text="new", replace_original=True)
    replaced = (await mira.messages())[0]
    assert (replaced["text"], "blocks" in replaced) == ("new", False)
    assert (await respond(url)).json() == {"ok": False, "error": "no_text"}
    await respond(url, delete_original=True)
    assert [one["text"] for one in await mira.messages()] == ["only you", "everybody"]
    await respond(url, text="fifth")
    last = await respond(url, text="sixth")
    assert (last.status_code, last.text) == (404, "used_url")


async def test_an_ephemeral_answer_can_be_replaced_by_its_button(app: SocketApp, mira: Person) -> None:
    app.answer = lambda _: {"text": "sure?", "blocks": [actions(button())]}
    await mira.command("/tea")
    (whisper,) = await mira.messages()
    app.answer = lambda _: {}
    await mira.press("go", ts=whisper["ts"])
    payload = (await app.next("interactive"))["payload"]
    assert payload["container"]["is_ephemeral"]
    await respond(payload["response_url"], text="done", replace_original=True)
    (replaced,) = await mira.messages()
    assert (replaced["text"], replaced["ts"], replaced["ephemeral"]) == ("done", whisper["ts"], True)
    await respond(payload["response_url"], delete_original=True)
    assert await mira.messages() == []


async def test_home_button(app: SocketApp, mira: Person, slack: AsyncWebClient) -> None:
    view = (await slack.views_publish(user_id="U0MIRA", view=home(actions(button("go", value="1")))))["view"]
    await mira.press_in_view("go", view["id"])
    payload = (await app.next("interactive"))["payload"]
    assert (payload["view"]["type"], payload["view"]["id"]) == ("home", view["id"])
    assert "response_url" not in payload
