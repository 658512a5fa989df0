"""What somebody has before them is drawn anew first: their own conversation with the bot, and the one they act in.

Nobody tells us what people read, but whatever they do with the bot they do there: a button, a form, a word after
`/iso`, the opening of Home or of the conversation. Where nothing waits, as nearly always, that costs a question.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.services import Services
from bot.slack.decoding import Body
from storage.nudges import posted
from storage.record import claiming

A_LOOK = timedelta(seconds=5)
"""For so long somebody's next deed in the same place is the same look."""

LOOKING = frozenset({"app_home_opened", "message"})
"""Events whose person looks at us; others, such as a change of a profile, only name somebody."""

Look = tuple[str, str, str]
"""Of a workspace, a person and the channel they are in; empty where they are in none."""


class Looks:
    """Hears what people do, and brings forward what they are looking at."""

    def __init__(self) -> None:
        self._last: dict[Look, datetime] = {}

    async def notice(self, services: Services, body: Body, at: datetime) -> None:
        """Somebody did something: the cards they had before them at this moment are drawn anew before any others.

        What they have changed themselves was planned later than this moment, and so comes before these.
        """
        look = _look(body)
        if look is None or self._is_the_same(look, at):
            return
        workspace_id, person_id, channel_id = look
        redraws = await services.database.read(workspace_id, posted.waiting_to_be_redrawn, person_id, channel_id, at)
        if redraws:
            await services.database.run(workspace_id, claiming.bring_forward, redraws, at)

    def _is_the_same(self, look: Look, at: datetime) -> bool:
        self._last = dict(self._recent(at))
        return self._last.setdefault(look, at) != at

    def _recent(self, at: datetime) -> Iterator[tuple[Look, datetime]]:
        return ((look, last) for look, last in self._last.items() if abs(at - last) < A_LOOK)


def _look(body: Body) -> Look | None:
    if event := body.get("event"):
        if event["type"] not in LOOKING or "bot_id" in event or not isinstance(event.get("user"), str):
            return None
        return body["team_id"], event["user"], event.get("channel", "")
    if "command" in body:
        return body["team_id"], body["user_id"], body["channel_id"]
    return body["team"]["id"], body["user"]["id"], (body.get("channel") or {}).get("id", "")
