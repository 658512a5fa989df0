"""What of the happenings the app is told, as far as its manifest subscribes to it (Slack reference: "Events")."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.clock import Clock
from sandbox.delivery.deliveries import Deliveries
from sandbox.happenings import (
    AppRemoved,
    FileShared,
    Happening,
    HomeOpened,
    MemberJoined,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    PersonChanged,
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
            case MessageChanged(channel, message, previous, True):
                shown = self._presenter.message
                both = {"message": shown(message), "previous_message": shown(previous)}
                yield from self._message(channel, both | _hidden("message_changed", self._clock.stamp()))
            case MessageDeleted(channel, message):
                gone = {"previous_message": self._presenter.message(message), "deleted_ts": message["ts"]}
                yield from self._message(channel, gone | _hidden("message_deleted", self._clock.stamp()))
            case FileShared():
                yield from self._file_shared(happening)
            case _:
                yield from self._about_people(happening)

    def _about_people(self, happening: Happening) -> Iterator[tuple[str, Json]]:
        match happening:
            case MemberJoined(user, channel):
                yield from self._member_joined(user, channel)
            case PersonChanged(user, is_new):
                name = "team_join" if is_new else "user_change"
                account = self._workspace.person(user)
                yield name, {"type": name, "user": account, "cache_ts": self._clock.seconds()} | self._now()
            case AppRemoved(is_uninstall):
                yield "tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [self._app.user]}} | self._now()
                if is_uninstall:
                    yield "app_uninstalled", {"type": "app_uninstalled"} | self._now()
            case HomeOpened(user, channel, view):
                event = {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home"} | self._now()
                yield "app_home_opened", event | ({"view": view} if view else {})

    def _message(self, channel: str, message: Json, event_ts: str | None = None) -> Iterator[tuple[str, Json]]:
        conversation = self._workspace.conversation(channel)
        if self._app.user not in conversation["members"]:
            return
        channel_type, subscription = _MESSAGE_TYPES[kind_of(conversation)]
        event_ts = event_ts or message["ts"]
        yield subscription, message | {"channel": channel, "channel_type": channel_type, "event_ts": event_ts}

    def _file_shared(self, happening: FileShared) -> Iterator[tuple[str, Json]]:
        if self._app.user in self._workspace.conversation(happening.channel)["members"]:
            yield (
                "file_shared",
                {
                    "type": "file_shared",
                    "file_id": happening.file_id,
                    "user_id": happening.user,
                    "file": {"id": happening.file_id},
                    "channel_id": happening.channel,
                    "event_ts": happening.ts,
                },
            )

    def _member_joined(self, user: str, channel: str) -> Iterator[tuple[str, Json]]:
        conversation = self._workspace.conversation(channel)
        if self._app.user in conversation["members"]:
            letter = _CHANNEL_LETTERS[kind_of(conversation)]
            where = {"channel": channel, "channel_type": letter, "team": self._workspace.team["id"]}
            yield "member_joined_channel", {"type": "member_joined_channel", "user": user} | where | self._now()

    def _now(self) -> Json:
        return {"event_ts": self._clock.stamp()}


def _hidden(subtype: str, ts: str) -> Json:
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts}
