"""Filling in, submitting and closing modals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.acts.interact import ask
from sandbox.checks import complaint
from sandbox.elements import chosen_state, current_state, elements_of
from sandbox.event_bus import ViewRefused
from sandbox.judge import judged_view
from sandbox.payloads import interaction, notice, response_urls, view_with_state
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.world import World


async def submit(world: World, user: str, view_id: str, values: Json) -> Json:
    """Fill and submit the top modal: `{"closed": True}`, `{"view": …}` (updated or pushed) or `{"errors": …}`.

    Refuses: not_found, not_on_top, block_not_found, app_did_not_respond, bad_response.
    """
    view = world.views.opened(user, view_id)
    if world.views.stack(user)[-1] is not view:
        raise Refusal("not_on_top", "Another modal lies on top of this one.")
    _fill(world, user, view, values)
    errors = _complaints(world, view)
    if errors:
        return _refuse(world, user, view_id, errors)
    choices = world.views.choices_in(view_id)
    payload = interaction(world, "view_submission", user, view_id)
    urls = response_urls(world, user, view, choices)
    payload |= {"view": view_with_state(view, choices), "response_urls": urls}
    name = view["callback_id"] or "view_submission"
    world.views.errors.pop(view_id, None)
    answer = await ask(world, "interactive", name, payload, user)
    return _respond(world, user, view_id, answer)


def close(world: World, user: str, view_id: str) -> None:
    """Cancel a modal; the app hears of it if the view asked for that (`notify_on_close`), and nobody waits for it."""
    view = world.views.opened(user, view_id)
    shown = view_with_state(view, world.views.choices_in(view_id))
    payload = notice(world, "view_closed", user) | {"view": shown, "response_urls": []}
    payload["is_cleared"] = view["clear_on_close"]
    if view["clear_on_close"]:
        world.views.clear(user)
    else:
        world.views.close(user, view_id)
    if view["notify_on_close"] and world.deliveries.connected:
        world.deliveries.tell("interactive", view["callback_id"] or "view_closed", payload, user)


def preselect_conversation(world: World, view: Json, channel: str) -> None:
    """Fill in `default_to_current_conversation`: the conversation that the modal was opened from."""
    for block, element in elements_of(view["blocks"]):
        if channel and element.get("default_to_current_conversation"):
            world.views.choose(view["id"], block["block_id"], element["action_id"], chosen_state(element, channel))


def _fill(world: World, user: str, view: Json, values: Json) -> None:
    fields = {block["block_id"]: element for block, element in elements_of(view["blocks"]) if block["type"] == "input"}
    for block_id, value in values.items():
        if block_id not in fields:
            raise Refusal("block_not_found", f"This modal has no field {block_id}.")
        element = fields[block_id]
        plain = _staged_files(world, user, value) if element["type"] == "file_input" else value
        offered = world.views.offered(view["id"], block_id, element["action_id"])
        world.views.choose(view["id"], block_id, element["action_id"], chosen_state(element, plain, offered))


def _staged_files(world: World, user: str, value: Any) -> list[Json]:
    """The person's own files that go with the modal; the app may read them from now on. Refuses: file_not_found."""
    file_ids = [value] if isinstance(value, str) else value or []
    if not isinstance(file_ids, list) or not all(isinstance(one, str) for one in file_ids):
        raise Refusal("file_not_found", "Files are named by their ids.")
    for file_id in file_ids:
        if world.files.get(file_id)["user"] != user:
            raise Refusal("file_not_found", "There is no such file of yours.")
        world.files.give_to_app(file_id)
    return [world.files.shown(file_id) for file_id in file_ids]


def _complaints(world: World, view: Json) -> dict[str, str]:
    """What Slack's client says beside the fields before it asks the app."""
    choices = world.views.choices_in(view["id"])
    found = {}
    for block, element in elements_of(view["blocks"]):
        if block["type"] == "input":
            state = current_state(block, element, choices)
            sentence = complaint(element, state, optional=bool(block.get("optional")))
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _respond(world: World, user: str, view_id: str, answer: Json) -> Json:
    """Do what the app's `response_action` says (Slack reference: "Modals", updating, pushing, errors)."""
    # Before it answered, the app may have updated the view by its id, or opened another in its place.
    view = next((one for one in world.views.stack(user) if one["id"] == view_id), None)
    if view is None:
        return _closed(world, user)
    match answer.get("response_action"):
        case None if not answer:
            world.views.close(user, view_id)
            return _closed(world, user)
        case "clear":
            world.views.clear(user)
            return {"closed": True}
        case "update":
            return {"view": _done(world, partial(world.views.update, view), answer)}
        case "push":
            return {"view": _done(world, partial(world.views.push, user), answer)}
        case "errors":
            return _refuse(world, user, view_id, _known_errors(world, view, answer))
        case unknown:
            raise _bad_response(world, f"unknown response_action {unknown!r}; to close the view answer with nothing")


def _closed(world: World, user: str) -> Json:
    remaining = world.views.stack(user)
    return {"closed": True} | ({"view": remaining[-1]} if remaining else {})


def _done(world: World, act: Callable[[Json], Json], answer: Json) -> Json:
    """Update or push the view of the answer, if Slack would take it (right, not too many, its external id new)."""
    try:
        return act(judged_view(answer.get("view"), "modal"))
    except Refusal as refusal:
        raise _bad_response(world, refusal.error, *refusal.reasons) from refusal


def _known_errors(world: World, view: Json, answer: Json) -> dict[str, str]:
    errors = answer.get("errors")
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
        raise _bad_response(world, "`errors` names no input block of the view")
    return {str(block_id): str(text) for block_id, text in errors.items()}


def _bad_response(world: World, *reasons: str) -> Refusal:
    """Slack shows the person a connection error and keeps the modal; the log says what was wrong."""
    started = world.clock.elapsed()
    world.log.write("delivery", "response_action", started=started, error="bad_response", detail=" ".join(reasons))
    return Refusal("bad_response", "We had some trouble connecting. Try again?")


def _refuse(world: World, user: str, view_id: str, errors: dict[str, str]) -> Json:
    world.views.errors[view_id] = errors
    world.bus.announce(ViewRefused(user, view_id, errors))
    return {"errors": errors}
