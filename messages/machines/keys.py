"""Evidence room: the keys of machines, as leads see them, and what machines are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from messages.machines.payloads import MachineKeyRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import words

NEW = "machine_key.new"
REVOKE = "machine_key.revoke"
FORM = "machine_key.form"

NAME = "name"
OBLIGATION = "obligation"


@dataclass(frozen=True)
class KeyItem:
    """A key in the list. `used_at` is None before it was used the first time."""

    ref: MachineKeyRef
    name: str
    public_id: str
    obligation: str
    made_by: str
    made_at: datetime
    used_at: datetime | None


def listing(items: Sequence[KeyItem], *, is_set_up: bool) -> Message:
    """The answer to `/iso evidence keys`; as long as the bot isn't set up to make keys, it says so and offers none."""
    wording = words("machines/listing", count=len(items))
    make = kit.actions([kit.button(wording.button_new, NEW, Nothing(), style="primary")])
    new = make if is_set_up else [kit.context(wording.not_set_up)]
    groups = [_item(each) for each in items]
    return kit.message(wording.headline, [kit.section(wording.headline), *kit.fitting(groups, len(items)), *new])


def _item(item: KeyItem) -> list[Block]:
    wording = words("machines/listing", item=item)
    sure = kit.ask_first(wording.sure, wording.sure_text, yes=wording.button_revoke, no=wording.keep)
    return [
        kit.section(
            wording.item, button=kit.button(wording.button_revoke, REVOKE, item.ref, style="danger", confirm=sure)
        )
    ]


def form(obligations: Sequence[fields.Choice]) -> Modal:
    """Asks what a new key is called and which obligation it is for."""
    wording = words("machines/form")
    return kit.modal(
        FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.text(NAME, wording.name, wording.name_hint, long=False),
            fields.one_of_groups(OBLIGATION, wording.obligation, [(wording.group.plain, obligations)]),
        ],
        submit=wording.submit,
    )


def made(*, name: str, url: str, secret: str, obligation: str) -> Message:
    """The new key, with the secret that is told this once."""
    wording = words("machines/made", name=name, url=url, secret=secret, obligation=obligation)
    return kit.message(
        wording.summary, [kit.section(wording.what), kit.section(wording.key), kit.context(wording.once)]
    )


def revoked(*, name: str) -> Message:
    """That a key is dead."""
    wording = words("machines/made", name=name)
    return kit.message(wording.revoked, [kit.section(wording.revoked)])


def answer(why: str, *, title: str = "", most: int = 0) -> str:
    """The sentence for a machine's log: kept, kept_before, or why not."""
    return words("machines/answer", title=title, most=most)[why].plain
