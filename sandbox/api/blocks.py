"""blocks.validate: Slack's own judgement of blocks, a message or a view, without posting it."""

from __future__ import annotations

from sandbox.api.method import Call, Method
from sandbox.judge import Objection, faults_of_blocks, faults_of_view
from sandbox.refusal import Refusal
from sandbox.store import Json


def _validate(call: Call) -> Json:
    given = [name for name in ("blocks", "view", "message") if call.arguments.text(name)]
    if len(given) != 1:
        raise Refusal("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
    faults = _faults(call, given[0])
    if faults:
        raise Refusal(f"invalid_{given[0]}", errors=[_shown(fault) for fault in faults])
    return {}


def _faults(call: Call, name: str) -> list[Objection]:
    value = call.arguments.structure(name, refused="invalid_arguments")
    if name == "view":
        return faults_of_view(value, pointer="")
    if name == "message":
        blocks = value.get("blocks") if isinstance(value, dict) else None
        return faults_of_blocks(blocks, "message", "/blocks")
    return faults_of_blocks(value, "message", "")


def _shown(fault: Objection) -> Json:
    return {"code": fault.code, "message": fault.message, "pointer": fault.pointer}


METHODS = {"blocks.validate": Method(_validate)}
