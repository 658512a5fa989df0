"""Feeds: the private address of a calendar, told once to the one who asked for it."""

from datetime import datetime

from slack_sdk.models.blocks import Block

from messages.programme.payloads import FeedRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

RENEW = "feed.renew"
REVOKE = "feed.revoke"


def address(*, url: str, scope: str) -> Message:
    """The new address; `scope` is own or programme."""
    wording = words("programme/calendar/feed", url=url, scope=scope)
    return kit.message(
        wording.summary,
        [kit.section(wording.address), kit.context(wording.secret), *_buttons(scope)],
    )


def standing(*, made_at: datetime, scope: str) -> Message:
    """That there is an address already."""
    wording = words("programme/calendar/feed", made_at=made_at, scope=scope)
    return kit.message(wording.summary, [kit.section(wording.there_is_one), *_buttons(scope)])


def revoked(*, scope: str) -> Message:
    """That the address is dead."""
    wording = words("programme/calendar/feed", scope=scope)
    renew = kit.button(wording.button_renew, RENEW, FeedRef(scope))
    return kit.message(wording.summary, [kit.section(wording.revoked), *kit.actions([renew])])


def name(*, scope: str, organisation: str) -> str:
    """What calendar programs call it: by its scope, as somebody may have both; without one it is a single date."""
    return words("programme/calendar/feed", scope=scope, organisation=organisation).name.plain


def _buttons(scope: str) -> list[Block]:
    wording = words("programme/calendar/feed", scope=scope)
    return kit.actions(
        [
            kit.button(wording.button_renew, RENEW, FeedRef(scope)),
            kit.button(wording.button_revoke, REVOKE, FeedRef(scope), style="danger"),
        ]
    )
