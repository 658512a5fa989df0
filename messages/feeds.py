"""Feeds: the private address of a calendar, told once to the one who asked for it."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from messages import kit
from messages.kit import Message
from messages.payloads import FeedRef
from messages.wording import words

RENEW = "feed.renew"
REVOKE = "feed.revoke"


def address(*, url: str, scope: str) -> Message:
    """The new address; `scope` is own or programme."""
    wording = words("calendar/feed", url=url, scope=scope)
    return kit.message(
        wording.summary,
        [kit.section(wording.address), kit.context(wording.secret), *_buttons(scope)],
    )


def standing(*, made_at: datetime, scope: str) -> Message:
    """That there is an address already."""
    wording = words("calendar/feed", made_at=made_at, scope=scope)
    return kit.message(wording.summary, [kit.section(wording.there_is_one), *_buttons(scope)])


def revoked(*, scope: str) -> Message:
    """That the address is dead."""
    wording = words("calendar/feed", scope=scope)
    renew = kit.button(wording.button_renew, RENEW, FeedRef(scope))
    return kit.message(wording.summary, [kit.section(wording.revoked), *kit.actions([renew])])


def _buttons(scope: str) -> list[Block]:
    wording = words("calendar/feed", scope=scope)
    return kit.actions(
        [
            kit.button(wording.button_renew, RENEW, FeedRef(scope)),
            kit.button(wording.button_revoke, REVOKE, FeedRef(scope), style="danger"),
        ]
    )
