"""How a reply reaches the person: with the acknowledgement where Slack takes it there, else right after it."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import partial
from typing import Any

from bot.slack.answers import To
from bot.slack.calls import Clear, Next, Open, Reply, Tell, View
from bot.slack.decoding import Body, origin, view_of
from bot.slack.gateway import Gateway
from messages.words.fields import name_of
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing, encode, opened_from
from messages.words.refusals import NOTICE, refusal, refusal_modal
from messages.words.wording import words
from workflows.refusals import Refusal

THE_DEEPEST = 3
"""Modals in a stack (Slack reference: "Modals")."""


@dataclass(frozen=True)
class Answer:
    """What goes out with the acknowledgement, and what remains to be done in Slack after it.

    `said` is what the answer to an event says: nobody waits for it in a window, so it leaves by the outbox.
    `reference` leads to the line in the log, where something failed.
    """

    ack: Mapping[str, Any] | None = None
    work: Callable[[], Coroutine[Any, Any, None]] | None = None
    said: tuple[Message, To] | None = None
    reference: str = ""


@dataclass(frozen=True)
class Place:
    """Where a person is while the bot answers them, read from the payload that they caused."""

    gateway: Gateway
    kind: str
    body: Body

    def answer(self, reply: Reply) -> Answer:
        """Bring the reply to where the person is."""
        match reply:
            case None:
                return Answer()
            case Tell(message, replace):
                return self.tell(message, replace=replace)
            case Open(modal):
                return self.open(modal)
            case Clear():
                return Answer({"response_action": "clear"})
            case Next(modal):
                return self.give_way(modal)

    def tell(self, message: Message, *, replace: bool = False) -> Answer:
        """Say something to this person only, perhaps in the place of what they pressed a button on."""
        if self.kind == "command":
            return Answer({"response_type": "ephemeral", **message.to_dict()})
        if replace and (card := origin(self.body)):
            return Answer(work=partial(self.gateway.respond, card, message, replace=True))
        if self.kind == "form":
            return _response("update", _notice(message))
        if url := self.body.get("response_url"):
            return Answer(work=partial(self.gateway.respond, url, message))
        if self.kind == "event":
            return self._tell_in_conversation(message)
        return self.open(_notice(message)) if "trigger_id" in self.body else Answer()

    def open(self, modal: Modal) -> Answer:
        """Open a modal, on top of the one the person is in if any."""
        modal = self._remembering(modal)
        if self.kind == "form":
            return _response("push", modal)
        view, trigger = self.view, self.body["trigger_id"]
        if view and view.type == "modal":
            return Answer(work=partial(self.gateway.push_modal, trigger, modal))
        return Answer(work=partial(self.gateway.open_modal, trigger, modal))

    def give_way(self, modal: Modal) -> Answer:
        """Show another view in the place of the modal that the person is in; open one where there is none."""
        if self.kind == "form":
            return _response("update", self._remembering(modal))
        if self.view and self.view.type == "modal":
            return Answer(
                work=partial(self.gateway.update_modal, self.view.id, self.view.hash, self._remembering(modal))
            )
        return self.open(modal)

    def refuse_for(self, no: Refusal) -> Answer:
        """Say why nothing was done: of the fields of a form beside each that is at fault, else as `refuse` does."""
        if self.kind == "form" and any(each.field for each in no.all):
            beside = {self._block_of(each.field): _sentence(each) for each in no.all if each.field}
            return Answer({"response_action": "errors", "errors": beside})
        return self.refuse(no.name, no.values)

    def refuse(self, name: str, values: Mapping[str, Any]) -> Answer:
        """Say why nothing was done; on top of a form, so that nothing typed is lost."""
        if self.kind == "form" and self.view:
            action = "push" if self.view.depth < THE_DEEPEST else "update"
            return _response(action, refusal_modal(name, **values))
        if self.kind != "command" and "response_url" not in self.body and "trigger_id" in self.body:
            return self.open(refusal_modal(name, **values))
        return self.tell(refusal(name, **values))

    @property
    def view(self) -> View | None:
        """The modal or Home tab the person is looking at, if it is one."""
        view = self.body.get("view")
        return view_of(view) if view else None

    @property
    def leaves_home_stale(self) -> bool:
        """Whether the person's Home may show what they have just changed; a form may have been opened from there."""
        return self.kind == "form" or (self.view is not None and self.view.type == "home")

    def _remembering(self, modal: Modal) -> Modal:
        """The modal, which knows the card that only this person sees, if it comes from one."""
        card = origin(self.body)
        return changed(modal, private_metadata=opened_from(card, modal.private_metadata)) if card else modal

    def _block_of(self, field: str) -> str:
        """The id of the block that holds the field in the form at hand."""
        there = self.body["view"].get("state", {}).get("values", {})
        return next((block_id for block_id in there if name_of(block_id) == field), field)

    def _tell_in_conversation(self, message: Message) -> Answer:
        event = self.body["event"]
        if event["type"] not in ("message", "app_mention") or not event.get("user"):
            return Answer()  # nobody is waiting for an answer
        # In a channel an answer stands under what was said, where it disturbs nobody else.
        beneath = event["ts"] if event["type"] == "app_mention" else ""
        return Answer(said=(message, To(event["channel"], event.get("thread_ts") or beneath)))


def _sentence(no: Refusal) -> str:
    return words(f"words/refusals/{no.name}", **no.values).what.plain


def _response(action: str, modal: Modal) -> Answer:
    return Answer({"response_action": action, "view": modal.to_dict()})


def _notice(message: Message) -> Modal:
    close = words("words/surfaces", asks=False).close.plain
    return Modal(
        callback_id=NOTICE,
        title="Deskaudit",
        blocks=message.blocks,
        submit=None,
        close=close,
        private_metadata=encode(Nothing()),
    )
