"""Blocks and surfaces that Slack accepts by construction: each builder keeps to the limits of what it builds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    OverflowMenuElement,
    PlainTextObject,
    SectionBlock,
)

from messages.words import limits
from messages.words.blocks import Actions, Button, Context, MarkdownText, Option, PlainText, Section
from messages.words.mrkdwn import Mrkdwn, plain
from messages.words.payloads import Nothing, Payload, encode
from messages.words.wording import Phrase, words

_NOTHING = "…"  # Slack refuses empty text
Blocks = Sequence[Block]


class Unsendable(ValueError):
    """A surface was built that Slack would refuse; a fault of the builder, never of the values."""


@dataclass(frozen=True)
class Message:
    """A message: `text` is what notifications and screen readers say; `metadata` finds it again in Slack."""

    text: str
    blocks: tuple[dict[str, Any], ...]
    metadata: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Arguments for `chat.postMessage` and `chat.update`."""
        said = {"text": self.text, "blocks": list(self.blocks)}
        return said if self.metadata is None else {**said, "metadata": self.metadata}


@dataclass(frozen=True)
class Modal:
    """A modal; without `submit` it only tells something. `private_metadata` is an encoded payload."""

    callback_id: str
    title: str
    blocks: tuple[dict[str, Any], ...]
    submit: str | None
    close: str
    private_metadata: str

    def to_dict(self) -> dict[str, Any]:
        """The view for `views.open`, `views.push`, `views.update` and `response_action`."""
        view: dict[str, Any] = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": _as_plain_text(self.title, limits.VIEW_TITLE).to_dict(),
            "close": _as_plain_text(self.close, limits.VIEW_BUTTON).to_dict(),
            "blocks": list(self.blocks),
            "private_metadata": self.private_metadata,
        }
        if self.submit is not None:
            view["submit"] = _as_plain_text(self.submit, limits.VIEW_BUTTON).to_dict()
        return view


@dataclass(frozen=True)
class Home:
    """Somebody's App Home."""

    blocks: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """The view for `views.publish`."""
        return {"type": "home", "blocks": list(self.blocks)}


def message(summary: Phrase, blocks: Blocks) -> Message:
    """A message with its summary for notifications."""
    built = _built(blocks, limits.MESSAGE_BLOCKS)
    if weight(built) > limits.MESSAGE_BLOCKS_TOGETHER:
        raise Unsendable(f"blocks of {weight(built)} characters together")
    return Message(limits.shorten(summary.mrkdwn, limits.MESSAGE_TEXT) or _NOTHING, built)


def modal(
    callback_id: str,
    title: Phrase,
    blocks: Blocks,
    *,
    submit: Phrase | None = None,
    payload: Payload | None = None,
) -> Modal:
    """A modal; one with input blocks needs `submit`."""
    built = _view(blocks)
    if submit is None and any(block["type"] == "input" for block in built):
        raise Unsendable("a modal with fields needs a button that submits them")
    common = words("words/surfaces", asks=submit is not None)
    return Modal(
        callback_id=callback_id,
        title=title.plain,
        blocks=built,
        submit=None if submit is None else submit.plain,
        close=common.close.plain,
        private_metadata=encode(payload or Nothing()),
    )


def home(blocks: Blocks) -> Home:
    """An App Home."""
    return Home(_view(blocks))


def header(words: Phrase) -> HeaderBlock:
    """A headline, in plain text."""
    return HeaderBlock(text=as_plain_text(words, limits.HEADER_TEXT))


def section(words: Phrase, *, button: ButtonElement | None = None) -> SectionBlock:
    """A paragraph, with a button beside it if given."""
    return Section(text=_as_mrkdwn(words.mrkdwn), accessory=button)


def lines(listed: Sequence[Phrase], *, most: int = limits.LINES_IN_A_LIST) -> SectionBlock:
    """Several lines in one paragraph; what does not fit becomes "… and 12 more"."""
    text = limits.listed([each.mrkdwn for each in listed], _and_more, most=most)
    return Section(text=_as_mrkdwn(Mrkdwn(text)))


def _and_more(left_off: int) -> str:
    return words("words/surfaces", left_off=left_off).more.mrkdwn


def context(*remarks: Phrase) -> ContextBlock:
    """Small print below something."""
    return Context(elements=[_as_mrkdwn(each.mrkdwn) for each in remarks[: limits.CONTEXT_ELEMENTS]])


def divider() -> DividerBlock:
    """A thin line."""
    return DividerBlock()


def button(
    words: Phrase,
    action_id: str,
    payload: Payload,
    *,
    style: Literal["primary", "danger"] | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """A button that carries `payload`; `confirm` asks once more before it counts."""
    return Button(
        text=as_plain_text(words, limits.BUTTON_TEXT),
        action_id=action_id,
        value=encode(payload),
        style=style,
        confirm=confirm,
    )


def menu(action_id: str, choices: Sequence[tuple[Phrase, Payload]]) -> OverflowMenuElement:
    """The three dots behind which one to five further deeds stand; each choice carries a payload."""
    options = [
        Option(value=encode(payload), text=as_plain_text(words, limits.OPTION_TEXT))
        for words, payload in choices[: limits.OVERFLOW_OPTIONS]
    ]
    if any(limits.length(option.value or "") > limits.OPTION_VALUE for option in options):
        raise Unsendable("a payload that does not fit into a menu")
    return OverflowMenuElement(action_id=action_id, options=options)


def ask_first(title: Phrase, text: Phrase, *, yes: Phrase, no: Phrase) -> ConfirmObject:
    """The question put to somebody before a button counts."""
    return ConfirmObject(
        title=as_plain_text(title, limits.CONFIRM_TITLE),
        text=as_plain_text(text, limits.CONFIRM_TEXT),
        confirm=as_plain_text(yes, limits.CONFIRM_BUTTON),
        deny=as_plain_text(no, limits.CONFIRM_BUTTON),
    )


def actions(buttons: Sequence[ButtonElement | OverflowMenuElement]) -> list[Block]:
    """A row of buttons; no row at all where there are none, as Slack refuses an empty one."""
    return [Actions(elements=list(buttons[: limits.ACTIONS_ELEMENTS]))] if buttons else []


def listing(template: str, groups: Sequence[Blocks], total: int) -> Message:
    """A list under its `headline`, as far as there is room for it; where there is `nothing`, that is said."""
    wording = words(template, total=total)
    if not groups:
        return message(wording.nothing, [section(wording.nothing)])
    return message(wording.headline, [section(wording.headline), *fitting(groups, total)])


def fitting(
    groups: Sequence[Blocks],
    total: int,
    *,
    blocks: int = limits.MESSAGE_BLOCKS - limits.BLOCKS_AROUND_A_LIST,
    characters: int = limits.MESSAGE_BLOCKS_TOGETHER - limits.CHARACTERS_AROUND_A_LIST,
) -> list[Block]:
    """As many of the groups as there is room for, whole ones only; then how many of `total` were left off, if any."""
    shown: list[Block] = []
    used = 0
    for index, group in enumerate(groups):
        used += weight([block.to_dict() for block in group])
        if len(shown) + len(group) > blocks or used > characters:
            return [*shown, *more(total - index)]
        shown.extend(group)
    return [*shown, *more(total - len(groups))]


def more(left_off: int) -> list[Block]:
    """The line below a list that goes on elsewhere, if it does."""
    return [context(words("words/surfaces", left_off=left_off).more)] if left_off > 0 else []


def weight(value: Any) -> int:
    """The length of `value` as JSON, counting each character of its texts once."""
    if isinstance(value, str):
        return limits.length(value) + 2
    if isinstance(value, dict):
        return sum(len(key) + weight(part) + 4 for key, part in value.items()) + 2
    if isinstance(value, list | tuple):
        return sum(weight(part) + 1 for part in value) + 2
    return len(str(value)) + 2


def as_plain_text(words: Phrase | str, limit: int) -> PlainTextObject:
    """A `plain_text` object; never empty, never longer than `limit`, and no emoji names are read into it."""
    return _as_plain_text(plain(words) if isinstance(words, str) else words.plain, limit)


def _as_plain_text(text: str, limit: int) -> PlainTextObject:
    return PlainText(text=limits.shorten(text, limit) or _NOTHING, emoji=False)


def _as_mrkdwn(text: Mrkdwn) -> MarkdownTextObject:
    # verbatim: Slack reads our marks, and makes no links or mentions of its own out of people's words
    return MarkdownText(text=limits.shorten(text, limits.SECTION_TEXT) or _NOTHING, verbatim=True)


def _view(blocks: Blocks) -> tuple[dict[str, Any], ...]:
    built = _built(blocks, limits.VIEW_BLOCKS)
    if len(json.dumps(built, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise Unsendable("a view of more than 250 KB")
    return built


def _built(blocks: Blocks, most: int) -> tuple[dict[str, Any], ...]:
    built = tuple(block.to_dict() for block in blocks)
    names = [block["block_id"] for block in built if "block_id" in block]
    if not 0 < len(built) <= most:
        raise Unsendable(f"{len(built)} blocks where Slack takes 1 to {most}")
    if len(names) != len(set(names)):
        raise Unsendable(f"two blocks of one name among {names}")
    return built
