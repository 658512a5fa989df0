"""Corrective actions room: the one living card of an action, and the forms behind its buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.corrective_actions.payloads import ActionRef
from messages.evidence.cards import GivenFile, file_lines
from messages.nudges.day import DayItem, Group, by_date
from messages.words import kit
from messages.words.inputs import inputs
from messages.words.kit import Message, Modal
from messages.words.wording import words
from workflows.corrective_actions.shapes import HandedBack, NewAssignee, Proof

START = "action.start"
CLAIM = "action.claim"
HAND_BACK = "action.hand_back"
GIVE_TO = "action.give_to"

CLAIM_FORM = "action.claim_form"
HAND_BACK_FORM = "action.hand_back_form"
GIVE_TO_FORM = "action.give_to_form"

_BUTTONS: Mapping[str, str] = {"claim": CLAIM, "start": START, "hand_back": HAND_BACK, "give_to": GIVE_TO}
"""The id of each move's button, in the order in which they stand."""

_FORMS: Mapping[str, tuple[str, type]] = {
    "claim": (CLAIM_FORM, Proof),
    "hand_back": (HAND_BACK_FORM, HandedBack),
    "give_to": (GIVE_TO_FORM, NewAssignee),
}


@dataclass(frozen=True)
class ActionCard:
    """An action as its card shows it: no more of its case than a sentence.

    `state` as the plan has it, or `over` once the case has moved on. `moves` are those that the reader can make.
    `returned` is what was missing, said by whoever checked it; `remark` why it was handed back.
    """

    ref: ActionRef
    number: int
    text: str
    statement: str
    owner_id: str
    assignee_id: str
    due_on: date
    expected_proof: str
    state: str
    today: date
    moves: frozenset[str] = frozenset()
    proof: str = ""
    remark: str = ""
    returned: str = ""
    files: Sequence[GivenFile] = ()


def card(action: ActionCard) -> Message:
    """The action's living card, drawn from its state wherever it was posted."""
    wording = words("corrective_actions/card", action=action)
    return kit.message(wording.summary, [kit.header(wording.title), *_body(action), kit.context(wording.why)])


def _body(action: ActionCard) -> list[Block]:
    wording = words("corrective_actions/card", action=action)
    return [
        kit.section(wording.what),
        kit.context(wording.facts),
        *([kit.section(wording.returned)] if action.returned and action.state == "returned" else []),
        *([kit.section(wording.remark)] if action.remark else []),
        *([kit.section(wording.proof)] if action.proof else []),
        *([kit.lines(file_lines(action.files))] if action.files else []),
        kit.section(wording[f"is_{action.state}"]),
        *kit.actions(_buttons(action)),
    ]


def _buttons(action: ActionCard) -> list[ButtonElement]:
    wording = words("corrective_actions/card", action=action)
    return [
        kit.button(wording[f"button_{move}"], button, action.ref, style="primary" if move == "claim" else None)
        for move, button in _BUTTONS.items()
        if move in action.moves
    ]


def day_item(action: ActionCard, reader_id: str, rung: str) -> DayItem:
    """An action as one of the things of the day: to do, or for the owner to know how it stands."""
    title = words("corrective_actions/card", action=action).title.plain
    if rung == "due" and reader_id == action.assignee_id and "claim" in action.moves:
        return DayItem(by_date(action.due_on, action.today), title, _body(action), lambda: card(action), action.due_on)
    wording = words("corrective_actions/told", action=action)
    if rung == "due":
        return DayItem("settled", title, _body(action), lambda: card(action))
    blocks = [kit.section(wording[rung]), *kit.actions(_buttons(action))]
    group: Group = "settled" if action.state in ("over", "accepted", "cancelled") else "know"
    return DayItem(group, title, blocks, lambda: kit.message(wording[rung], blocks))


def form(ref: ActionRef, *, move: str, number: int, text: str) -> Modal:
    """What is asked for a move."""
    callback_id, shape = _FORMS[move]
    wording = words("corrective_actions/form", move=move, number=number, text=text)
    blocks = [kit.section(wording[move]), *inputs(shape, wording)]
    return kit.modal(callback_id, wording[f"heading_{move}"], blocks, submit=wording[f"submit_{move}"], payload=ref)
