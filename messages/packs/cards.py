"""Evidence room: asking for an audit pack, its card, and the private address under which it is fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.packs.payloads import PackRef
from messages.words import fields, inputs, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import Words, words
from workflows.packs.shapes import EVERY_THEME, Coverage

ASK_FORM = "pack.ask_form"
SEND = "pack.send"
LINK = "pack.link"
REVOKE = "pack.revoke"
AGAIN = "pack.again"
ANEW = "pack.anew"


@dataclass(frozen=True)
class PackCard:
    """A pack as its card tells of it.

    `why` names the sentence for a failure or what it waits for, `fault` the file that is to blame. `done`
    counts the files while it is being made, of `files`. `links` is how many addresses lead to it now, `kept_days` how
    long the ZIP is kept; `may_handle`: by the reader, who may have been a lead only when they asked.
    """

    ref: PackRef
    state: str
    standards: Sequence[str]
    first: date
    last: date
    is_narrowed: bool = False
    done: int = 0
    files: int = 0
    size: int = 0
    sha256: str = ""
    manifest_sha256: str = ""
    links: int = 0
    fits_into_slack: bool = True
    kept_days: int = 0
    why: str = ""
    fault: str = ""
    may_handle: bool = True


def ask_modal(proposed: Coverage, *, standards: Sequence[fields.Choice], themes: Sequence[str]) -> Modal:
    """What the pack is to be about: standards, a period, and what narrows it down."""
    wording = words("packs/ask_modal")
    everything = (EVERY_THEME, wording.every_theme.plain)
    named = [(each, words("packs/ask_modal", theme=each).theme_choice.plain) for each in themes]
    choices = {"editions": standards, "theme": [everything, *named]}
    asked = inputs.inputs(Coverage, wording, given=vars(proposed), choices=choices)
    blocks = [kit.section(wording.intro), *asked]
    return kit.modal(ASK_FORM, wording.heading, blocks, submit=wording.submit, payload=Nothing())


def card(values: PackCard) -> Message:
    """The one message about a pack, as it stands now."""
    wording = words("packs/card", card=values)
    return kit.message(wording.summary, [*_body(values, wording), *kit.actions(_buttons(values, wording))])


def _body(values: PackCard, wording: Words) -> list[Block]:
    about = kit.section(wording.about)
    if values.state == "failed":
        return [about, kit.section(wording[f"failed_{values.why}"])]
    if values.state == "expired":
        return [about, kit.section(wording.expired), kit.section(wording.hashes)]
    if values.state != "made":
        return [about, kit.section(wording.waits if values.why and not values.done else wording.asked)]
    where = wording.in_this_thread if values.fits_into_slack else wording.too_large
    return [
        about,
        kit.section(wording.made if values.files else wording.empty),
        kit.section(wording.hashes),
        kit.context(where),
    ]


def why_failed(*, why: str, fault: str) -> str:
    """The same sentence for the command line."""
    return words("packs/card", card={"fault": fault})[f"failed_{why}"].plain


def _buttons(values: PackCard, wording: Words) -> list[ButtonElement]:
    if not values.may_handle:
        return []
    if values.state == "failed":
        return [kit.button(wording.button_again, AGAIN, values.ref, style="primary")]
    if values.state == "expired":
        return [kit.button(wording.button_anew, ANEW, values.ref)]
    if values.state != "made":
        return []
    send = [kit.button(wording.button_send, SEND, values.ref)] if values.fits_into_slack else []
    revoke = [kit.button(wording.button_revoke, REVOKE, values.ref, style="danger")] if values.links else []
    return [*send, kit.button(wording.button_link, LINK, values.ref), *revoke]


def link(*, url: str, ends_at: datetime) -> Message:
    """The address, told once to whoever asked for it."""
    wording = words("packs/link", url=url, ends_at=ends_at)
    return kit.message(wording.summary, [kit.section(wording.address), kit.context(wording.secret)])


def leads_nowhere() -> str:
    """To whoever follows a link that is over, in their browser."""
    return words("packs/link").nowhere.plain


def revoked() -> Message:
    """That no address leads to the pack any more."""
    wording = words("packs/link")
    return kit.message(wording.revoked, [kit.section(wording.revoked)])
