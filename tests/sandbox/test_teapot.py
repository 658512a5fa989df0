"""A whole conversation: a Bolt app over Socket Mode, with a person using what it shows."""

from __future__ import annotations

import pytest

from sandbox.hands import HandError, Person
from tests.sandbox.teapot import Teapot


async def test_order_over_command_modal_home_and_file(teapot: Teapot, mira: Person) -> None:
    await mira.command("/tea")
    modal = await mira.modal()
    assert modal is not None
    assert modal["callback_id"] == "order"

    assert await mira.submit({}) == {"errors": {"kind": "Please complete this required field."}}
    assert await mira.submit({"kind": "coffee"}) == {"errors": {"kind": "This is a teapot."}}
    assert (await mira.modals())["errors"] == {"kind": "This is a teapot."}

    proof = await mira.stage("proof.txt", b"thirst")
    assert await mira.submit({"kind": "assam", "proof": proof}) == {"closed": True}
    submitted = await teapot.acted.get()
    state = submitted["view"]["state"]["values"]
    assert state["kind"]["kind"] == {"type": "plain_text_input", "value": "assam"}
    assert await teapot.download(state["proof"]["proof"]["files"][0]) == b"thirst"

    home = await mira.home()
    assert home is not None
    opened = await teapot.event("app_home_opened")
    assert (opened["user"], opened["tab"], opened["view"]["id"]) == ("U0MIRA", "home", home["id"])
    await mira.press_in_view("pour", home["id"])
    poured = await teapot.acted.get()
    assert poured["actions"][0]["value"] == "assam"
    assert poured["container"] == {"type": "view", "view_id": home["id"]}


async def test_command_answer_is_only_visible_to_the_person(teapot: Teapot, mira: Person) -> None:
    await mira.command("/tea", "assam & co", channel="C0GENERAL")
    (answer,) = await mira.messages("C0GENERAL")
    assert (answer["text"], answer["ephemeral"], answer["bot_id"]) == ("assam &amp; co is coming", True, "B0APP")


async def test_events_reach_the_app(teapot: Teapot, mira: Person) -> None:
    await mira.say("a < b & c")
    heard = await teapot.event("message")
    assert (heard["text"], heard["channel_type"], heard["user"]) == ("a &lt; b &amp; c", "im", "U0MIRA")
    posted = await mira.upload(("plan.pdf", b"%PDF"), text="see")
    shared = await teapot.event("message")
    assert shared["subtype"] == "file_share"
    assert shared["files"][0]["id"] == posted["files"][0]["id"]
    assert await teapot.download(shared["files"][0]) == b"%PDF"
    assert (await teapot.event("file_shared"))["file_id"] == posted["files"][0]["id"]


async def test_without_an_app_the_person_is_told_at_once(mira: Person) -> None:
    with pytest.raises(HandError) as refused:
        await mira.command("/tea")
    assert refused.value.message == "/tea failed because the app did not respond"
