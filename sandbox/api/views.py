"""views.*: modals and Home tabs."""

from __future__ import annotations

from sandbox.acts.modal import preselect_conversation
from sandbox.api.method import Call, Method
from sandbox.judge import judged_view
from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.triggers import Trigger


def _open(call: Call) -> Json:
    definition = _definition(call, "modal")
    # Judged before the trigger is looked at: a refused view leaves the trigger good for a second try.
    trigger = _trigger(call)
    view = call.world.views.open(trigger.user, definition)
    trigger.used = True
    preselect_conversation(call.world, view, trigger.channel)
    return {"view": view}


def _push(call: Call) -> Json:
    definition = _definition(call, "modal")
    trigger = _trigger(call)
    if trigger.view_id is None:
        raise Refusal("invalid_trigger_id", "[ERROR] a view is pushed from an interaction within a modal")
    view = call.world.views.push(trigger.user, definition)
    trigger.used = True
    return {"view": view}


def _update(call: Call) -> Json:
    given = call.arguments.structure("view", refused="invalid_arguments")
    is_home = isinstance(given, dict) and given.get("type") == "home"
    definition = _definition(call, "home" if is_home else "modal")
    view_id, external_id = call.arguments.text("view_id"), call.arguments.text("external_id")
    if bool(view_id) == bool(external_id):
        raise Refusal("invalid_arguments", "[ERROR] must provide either view_id or external_id")
    view = call.world.views.find(view_id=view_id, external_id=external_id)
    if view["type"] != definition["type"]:
        raise Refusal("invalid_arguments", f"[ERROR] a {view['type']} stays one [json-pointer:/view/type]")
    return {"view": call.world.views.update(view, definition, call.arguments.text("hash") or None)}


def _publish(call: Call) -> Json:
    definition = _definition(call, "home")
    user = call.arguments.required("user_id")
    if not call.world.manifest.home_tab:
        raise Refusal("not_enabled")
    try:
        call.world.workspace.person(user)
    except Refusal:
        raise Refusal("invalid_arguments", "[ERROR] invalid `user_id` [json-pointer:/user_id]") from None
    return {"view": call.world.views.publish(user, definition, call.arguments.text("hash") or None)}


def _definition(call: Call, kind: str) -> Json:
    call.arguments.required("view")
    return judged_view(call.arguments.structure("view", refused="invalid_arguments"), kind)


def _trigger(call: Call) -> Trigger:
    # Slack knows two names for it; `interactivity_pointer` is the one of workflow steps.
    return call.world.triggers.check(
        call.arguments.text("trigger_id") or call.arguments.required("interactivity_pointer")
    )


METHODS = {
    "views.open": Method(_open, pace="tier4"),
    "views.push": Method(_push, pace="tier4"),
    "views.update": Method(_update, pace="tier4"),
    "views.publish": Method(_publish, pace="tier4"),
}
