"""People room: the first words to somebody, and the role of compliance lead."""

from slack_sdk.models.blocks import ButtonElement

from messages import kit
from messages.kit import Message
from messages.payloads import Nothing
from messages.wording import words

CLAIM_LEAD = "lead.claim"


def welcome(*, person_id: str) -> Message:
    """Told to somebody who writes to the bot: what it is, and where to find what waits for them."""
    wording = words("people/welcome", person_id=person_id)
    return kit.message(wording.summary, [kit.section(wording.body), kit.context(wording.where)])


def lead_claimed(*, person_id: str) -> Message:
    """Told to an administrator who took the role of compliance lead."""
    wording = words("people/lead_claimed", person_id=person_id)
    return kit.message(wording.summary, [kit.section(wording.body), kit.section(wording.next)])


def no_lead_yet(*, is_admin: bool) -> Message:
    """Told to somebody whose wish needs a compliance lead; administrators can take the role at once."""
    wording = words("people/no_lead_yet")
    sentence = wording.admin if is_admin else wording.anybody
    buttons = kit.actions([claim_button()] if is_admin else [])
    return kit.message(wording.summary, [kit.section(sentence), *buttons])


def cannot_reach(*, recipient: str, why: str) -> Message:
    """Told to a compliance lead when a message could not be delivered; `recipient` is a person or a channel."""
    wording = words("people/cannot_reach", recipient=recipient, why=why)
    return kit.message(wording.summary, [kit.section(wording.body), kit.context(wording.advice)])


def claim_button() -> ButtonElement:
    """Takes the role of compliance lead, after asking once more."""
    wording = words("people/no_lead_yet")
    confirm = kit.ask_first(wording.claim_title, wording.claim_text, yes=wording.claim_yes, no=wording.claim_no)
    return kit.button(wording.button_claim, CLAIM_LEAD, Nothing(), style="primary", confirm=confirm)
