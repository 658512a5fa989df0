"""The messages of every conversation, in time order, with their threads."""

from __future__ import annotations

from bisect import bisect_left, insort

from sandbox.clock import Clock
from sandbox.event_bus import EventBus, MessageChanged, MessageDeleted, MessagePosted, Whispered
from sandbox.people import SLACKBOT
from sandbox.refusal import Refusal
from sandbox.store import Json, Store

_TOMBSTONE = {"subtype": "tombstone", "user": SLACKBOT, "text": "This message was deleted.", "hidden": True}
_TOMBSTONE_KEEPS = ("type", "ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")


class Messages:
    """Message objects by conversation and ts. What is ephemeral belongs to one person and stands beside them."""

    def __init__(self, *, store: Store, clock: Clock, bus: EventBus) -> None:
        self._clock = clock
        self._bus = bus
        self._shelf = store.shelf("message")
        self._whispers = store.shelf("whisper")
        self._order: dict[str, list[str]] = {}
        self._threads: dict[str, list[str]] = {}
        for key in self._shelf:
            self._index(*key.split(":"))

    def get(self, channel: str, ts: str) -> Json:
        """The message. Refuses: message_not_found."""
        try:
            return self._shelf[f"{channel}:{ts}"]
        except KeyError:
            raise Refusal("message_not_found") from None

    def has(self, channel: str, ts: str) -> bool:
        return f"{channel}:{ts}" in self._shelf

    def timeline(self, channel: str) -> list[Json]:
        """The messages of a conversation in time order, without thread replies (broadcast replies stay)."""
        found = [self.get(channel, ts) for ts in self._order.get(channel, ())]
        return [message for message in found if in_timeline(message)]

    def before(self, channel: str, ts: str | None, limit: int) -> tuple[list[Json], bool]:
        """The newest page of the timeline older than `ts`, in time order, and whether there is more."""
        stamps = self._order.get(channel, [])
        page: list[Json] = []
        for position in range((bisect_left(stamps, ts) if ts else len(stamps)) - 1, -1, -1):
            message = self.get(channel, stamps[position])
            if in_timeline(message):
                if len(page) == limit:
                    return page[::-1], True
                page.append(message)
        return page[::-1], False

    def since(self, channel: str, ts: str) -> list[Json]:
        """Every message newer than `ts`, replies too."""
        stamps = self._order.get(channel, [])
        return [self.get(channel, stamp) for stamp in stamps[bisect_left(stamps, ts) :] if stamp > ts]

    def last_ts(self, channel: str) -> str | None:
        stamps = self._order.get(channel)
        return stamps[-1] if stamps else None

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The root and its replies. Refuses: thread_not_found."""
        if not self.has(channel, ts):
            raise Refusal("thread_not_found")
        return [self.get(channel, ts), *(self.get(channel, one) for one in self._threads.get(f"{channel}:{ts}", ()))]

    def post(self, channel: str, message: Json) -> Json:
        """Store a new message under a new ts and tell everybody; a reply is counted at its root.

        A reply to a reply belongs to the same thread. A reply to nothing starts no thread: Slack accepts it as a
        message of its own.
        """
        message = self._threaded(channel, message)
        stored = {"type": "message", "ts": self._clock.stamp(), **message}
        self._shelf[f"{channel}:{stored['ts']}"] = stored
        self._index(channel, stored["ts"])
        # The reply before the root's counters: pages that show the thread want it in this order.
        self._bus.announce(MessagePosted(channel, stored))
        if "thread_ts" in stored:
            self._count_replies(channel, stored["thread_ts"])
        return stored

    def change(self, channel: str, ts: str, changed: Json) -> Json:
        """Replace a message by what it is now."""
        previous = self.get(channel, ts)
        self._shelf[f"{channel}:{ts}"] = changed
        self._bus.announce(MessageChanged(channel, changed, previous))
        return changed

    def annotate(self, channel: str, ts: str, notes: Json) -> None:
        """Put thread counters or reactions on a message, which is no edit of it; a note that is None goes away."""
        previous = self.get(channel, ts)
        noted = {key: value for key, value in (previous | notes).items() if value is not None or key not in notes}
        self._shelf[f"{channel}:{ts}"] = noted
        self._bus.announce(MessageChanged(channel, noted, previous, is_edit=False))

    def delete(self, channel: str, ts: str) -> None:
        """Take a message away; the root of a thread leaves a tombstone that its replies hang on."""
        message = self.get(channel, ts)
        if message.get("reply_count"):
            kept = {key: value for key, value in message.items() if key in _TOMBSTONE_KEEPS}
            self.change(channel, ts, kept | _TOMBSTONE)
            return
        del self._shelf[f"{channel}:{ts}"]
        self._order[channel].remove(ts)
        root = message.get("thread_ts")
        if root and root != ts:
            self._threads[f"{channel}:{root}"].remove(ts)
        self._bus.announce(MessageDeleted(channel, message))
        if root and root != ts and self.has(channel, root):
            self._count_replies(channel, root)

    def whisper(self, user: str, channel: str, message: Json) -> Json:
        """Show an ephemeral message to one person."""
        stored = {"type": "message", "ts": self._clock.stamp(), "ephemeral": True, **message}
        return self._keep_whisper(user, channel, stored)

    def whispers(self, user: str, channel: str) -> list[Json]:
        """The ephemeral messages a person has in a conversation."""
        prefix = f"{user}:{channel}:"
        return [message for key, message in self._whispers.items() if key.startswith(prefix)]

    def whispered(self, user: str, channel: str, ts: str) -> Json | None:
        return self._whispers.get(f"{user}:{channel}:{ts}")

    def change_whisper(self, user: str, channel: str, changed: Json) -> None:
        self._keep_whisper(user, channel, changed)

    def drop_whisper(self, user: str, channel: str, ts: str) -> None:
        message = self._whispers.pop(f"{user}:{channel}:{ts}", None)
        if message is not None:
            self._bus.announce(Whispered(user, channel, message, gone=True))

    def _keep_whisper(self, user: str, channel: str, message: Json) -> Json:
        self._whispers[f"{user}:{channel}:{message['ts']}"] = message
        self._bus.announce(Whispered(user, channel, message))
        return message

    def _threaded(self, channel: str, message: Json) -> Json:
        root_ts = message.get("thread_ts")
        if not root_ts:
            return message
        if not self.has(channel, root_ts):
            return {key: value for key, value in message.items() if key != "thread_ts"}
        root = self.get(channel, str(self.get(channel, root_ts).get("thread_ts") or root_ts))
        return message | {"thread_ts": root["ts"], "parent_user_id": root["user"]}

    def _index(self, channel: str, ts: str) -> None:
        insort(self._order.setdefault(channel, []), ts)
        root = self._shelf[f"{channel}:{ts}"].get("thread_ts")
        if root and root != ts:
            insort(self._threads.setdefault(f"{channel}:{root}", []), ts)

    def _count_replies(self, channel: str, root_ts: str) -> None:
        replies = self.thread(channel, root_ts)[1:]
        authors = list(dict.fromkeys(reply["user"] for reply in replies))
        counters = {
            "thread_ts": root_ts,
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "latest_reply": replies[-1]["ts"] if replies else None,
            "reply_users": authors[:5],
        }
        self.annotate(channel, root_ts, counters)


def in_timeline(message: Json) -> bool:
    """Whether a message stands in the conversation itself and not only in a thread."""
    root = message.get("thread_ts")
    return root in (None, message["ts"]) or message.get("subtype") == "thread_broadcast"
