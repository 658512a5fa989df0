"""What of the happenings the app is told, as far as its manifest subscribes to it (Slack reference: "Events")."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.clock import Clock
from sandbox.delivery.deliveries import Deliveries
from sandbox.event_bus import (
    AppRemoved,
    ChannelArchived,
    ChannelCreated,
    ChannelRenamed,
    FileDeleted,
    FileShared,
    Happening,
    HomeOpened,
    MemberJoined,
    MemberLeft,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    PersonChanged,
    Pinned,
    Reacted,
)
from sandbox.installation import Installation
from sandbox.manifest import Manifest
from sandbox.present import Presenter
from sandbox.store import Json
from sandbox.workspace import Workspace, kind_of

# Slack's `channel_type` of a message event, and the last part of the subscription's name, by kind of conversation.
_MESSAGE_TYPES = {
    "im": ("im", "message.im"),
    "public_channel": ("channel", "message.channels"),
    "private_channel": ("group", "message.groups"),
}
_CHANNEL_LETTERS = {"public_channel": "C", "private_channel": "G", "im": "D"}


class Events:
    """A listener that turns happenings into event deliveries."""

    def __init__(
        self,
        *,
        manifest: Manifest,
        app: Installation,
        workspace: Workspace,
        presenter: Presenter,
        clock: Clock,
        deliveries: Deliveries,
    ) -> None:
        self._manifest = manifest
        self._app = app
        self._workspace = workspace
        self._presenter = presenter
        self._clock = clock
        self._deliveries = deliveries

    def __call__(self, happening: Happening) -> None:
        if not self._app.installed:
            return
        for subscription, event in self._events(happening):
            if subscription in self._manifest.events:
                self._deliveries.event(event, self._workspace.team["id"], self._app.user)

    def _events(self, happening: Happening) -> Iterator[tuple[str, Json]]:
        match happening:
            case MessagePosted(channel, message):
                yield from self._message(channel, self._presenter.message(message), message["ts"])
                yield from self._mention(channel, message)
                yield from self._metadata(channel, message, {})
            case MessageChanged(channel, message, previous, True):
                shown = self._presenter.message
                both = {"message": shown(message), "previous_message": shown(previous)}
                yield from self._message(channel, both | _hidden("message_changed", self._clock.stamp()))
                yield from self._metadata(channel, message, previous)
            case MessageDeleted(channel, message):
                gone = {"previous_message": self._presenter.message(message), "deleted_ts": message["ts"]}
                yield from self._message(channel, gone | _hidden("message_deleted", self._clock.stamp()))
                yield from self._metadata(channel, {**message, "metadata": {}}, message)
            case Reacted() | Pinned() | FileShared() | FileDeleted():
                yield from self._about_items(happening)
            case _:
                yield from self._about_people(happening)

    def _about_items(self, happening: Reacted | Pinned | FileShared | FileDeleted) -> Iterator[tuple[str, Json]]:
        match happening:
            case Reacted(user, channel, message, name, gone) if self._is_in(channel):
                kind = "reaction_removed" if gone else "reaction_added"
                item = {"type": "message", "channel": channel, "ts": message["ts"]}
                whose = {"user": user, "reaction": name, "item_user": message["user"], "item": item}
                yield kind, {"type": kind} | whose | self._now()
            case Pinned(user, channel, message, gone) if self._is_in(channel):
                kind = "pin_removed" if gone else "pin_added"
                yield kind, {"type": kind, "user": user, "channel_id": channel} | self._pin(channel, message)
            case FileShared(file_id, user, channel, ts) if self._is_in(channel):
                file = {"file_id": file_id, "user_id": user, "file": {"id": file_id}}
                yield "file_shared", {"type": "file_shared", **file, "channel_id": channel, "event_ts": ts}
            case FileDeleted(file_id, channels):
                event = {"type": "file_deleted", "file_id": file_id, "channel_ids": list(channels)}
                yield "file_deleted", event | self._now()

    def _about_people(self, happening: Happening) -> Iterator[tuple[str, Json]]:
        match happening:
            case MemberJoined(user, channel, inviter) if self._is_in(channel):
                invited = {"inviter": inviter} if inviter else {}
                yield self._membership("member_joined_channel", user, channel, invited)
            case MemberLeft(user, channel) if self._is_in(channel):
                yield self._membership("member_left_channel", user, channel, {})
            case ChannelCreated() | ChannelRenamed() | ChannelArchived():
                yield from self._about_channels(happening)
            case PersonChanged(user, is_new):
                for kind in ("team_join",) if is_new else ("user_change", "user_profile_changed"):
                    account = {"user": self._workspace.person(user), "cache_ts": self._clock.seconds()}
                    yield kind, {"type": kind} | account | self._now()
            case AppRemoved() | HomeOpened():
                yield from self._about_app(happening)

    def _about_channels(
        self, happening: ChannelCreated | ChannelRenamed | ChannelArchived
    ) -> Iterator[tuple[str, Json]]:
        conversation = self._workspace.conversation(happening.channel)
        is_public = kind_of(conversation) == "public_channel"
        family = "channel" if is_public else "group"
        told = {key: conversation[key] for key in ("id", "name", "name_normalized", "created", "is_channel", "is_mpim")}
        match happening:
            # Of public channels everybody hears that they are made and renamed.
            case ChannelCreated() if is_public:
                made = told | {"creator": conversation["creator"]}
                yield "channel_created", {"type": "channel_created", "channel": made} | self._now()
            case ChannelRenamed(channel) if is_public or self._is_in(channel):
                yield f"{family}_rename", {"type": f"{family}_rename", "channel": told} | self._now()
            case ChannelArchived(channel, user) if self._is_in(channel):
                kind = f"{family}_archive"
                yield kind, {"type": kind, "channel": channel, "user": user, "is_moved": 0} | self._now()

    def _about_app(self, happening: AppRemoved | HomeOpened) -> Iterator[tuple[str, Json]]:
        match happening:
            case AppRemoved(is_uninstall):
                yield "tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [self._app.user]}} | self._now()
                if is_uninstall:
                    yield "app_uninstalled", {"type": "app_uninstalled"} | self._now()
            case HomeOpened(user, channel, view, tab):
                event = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab} | self._now()
                yield "app_home_opened", event | ({"view": view} if view else {})

    def _message(self, channel: str, message: Json, event_ts: str | None = None) -> Iterator[tuple[str, Json]]:
        if self._is_in(channel):
            channel_type, subscription = _MESSAGE_TYPES[kind_of(self._workspace.conversation(channel))]
            event_ts = event_ts or message["ts"]
            yield subscription, message | {"channel": channel, "channel_type": channel_type, "event_ts": event_ts}

    def _mention(self, channel: str, message: Json) -> Iterator[tuple[str, Json]]:
        """A message that names the app; in a DM with it there is nobody else to talk to, and Slack tells nothing."""
        is_dm = kind_of(self._workspace.conversation(channel)) == "im"
        if f"<@{self._app.user}" in message["text"] and self._is_in(channel) and not is_dm:
            shown = self._presenter.message(message) | {"type": "app_mention", "channel": channel}
            yield "app_mention", shown | {"event_ts": message["ts"]}

    def _metadata(self, channel: str, message: Json, previous: Json) -> Iterator[tuple[str, Json]]:
        """What the app subscribed to by event type, beside the event itself (`metadata_subscriptions`)."""
        now, before = message.get("metadata"), previous.get("metadata")
        subject = now or before
        if not subject or now == before or not self._is_in(channel):
            return
        if not self._manifest.subscribes_to_metadata(subject["event_type"]):
            return
        kind = f"message_metadata_{'deleted' if not now else 'updated' if before else 'posted'}"
        author = {"app_id": message.get("app_id", ""), "bot_id": message.get("bot_id", ""), "user_id": message["user"]}
        where = {"team_id": self._workspace.team["id"], "channel_id": channel, "message_ts": message["ts"]}
        told = ({"metadata": now} if now else {}) | ({"previous_metadata": before} if before else {})
        stamped = {"event_ts": message["ts"]} if kind == "message_metadata_posted" else self._now()
        yield kind, {"type": kind} | author | where | told | stamped

    def _membership(self, kind: str, user: str, channel: str, more: Json) -> tuple[str, Json]:
        letter = _CHANNEL_LETTERS[kind_of(self._workspace.conversation(channel))]
        where = {"channel": channel, "channel_type": letter, "team": self._workspace.team["id"]}
        return kind, {"type": kind, "user": user} | where | more | self._now()

    def _pin(self, channel: str, message: Json) -> Json:
        info = message["pinned_info"]
        item = {"type": "message", "channel": channel, "message": self._presenter.message(message)}
        made = {"created_by": info["pinned_by"], "created": info["pinned_ts"]}
        return {"item": item | made, "item_user": message["user"], "pinned_info": info} | self._now()

    def _is_in(self, channel: str) -> bool:
        """An app hears of the conversations it is a member of."""
        return self._app.user in self._workspace.conversation(channel)["members"]

    def _now(self) -> Json:
        return {"event_ts": self._clock.stamp()}


def _hidden(subtype: str, ts: str) -> Json:
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts}
