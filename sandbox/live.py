"""Pushes to the open pages of each person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import web

from sandbox.event_bus import (
    AppChanged,
    AppInstalled,
    AppRemoved,
    ChannelArchived,
    ChannelRenamed,
    ClockMoved,
    ConversationChanged,
    FaultsChanged,
    Happening,
    HomePublished,
    Logged,
    MemberJoined,
    MemberLeft,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    Noticed,
    PersonChanged,
    ViewChanged,
    ViewRefused,
    Whispered,
)
from sandbox.present import Presenter
from sandbox.store import Json
from sandbox.workspace import Workspace

Frame = tuple[str | None, Json]  # whom it is for (None: everybody), and what


class Live:
    """A listener that turns happenings into frames. A page that is slow to read has its own queue and delays nobody."""

    def __init__(self, *, workspace: Workspace, presenter: Presenter) -> None:
        self._workspace = workspace
        self._presenter = presenter
        self._pages: dict[str, set[asyncio.Queue[Json | None]]] = {}

    def __call__(self, happening: Happening) -> None:
        for user, frame in self._frames(happening):
            for person, queues in self._pages.items():
                if user in (None, person):
                    for queue in queues:
                        queue.put_nowait(frame)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The `/live/{user}` address: frames until the page leaves."""
        user = self._workspace.employee(request.match_info["user"])["id"]
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._pages.setdefault(user, set()).add(queue)
        writer = asyncio.create_task(_write(socket, queue))
        try:
            async for _ in socket:  # pages only listen; reading notices when they leave
                continue
        finally:
            self._pages[user].discard(queue)
            writer.cancel()
        return socket

    def watched_by(self, user: str) -> bool:
        """Whether a page of this person is open."""
        return bool(self._pages.get(user))

    async def stop(self) -> None:
        """Close every page's socket."""
        for queues in self._pages.values():
            for queue in queues:
                queue.put_nowait(None)
        await asyncio.sleep(0)

    def _frames(self, happening: Happening) -> Iterator[Frame]:
        match happening:
            case MessagePosted(channel, message) | MessageChanged(channel, message):
                yield from self._members(channel, {"type": "message", "channel": channel}, message)
            case MessageDeleted(channel, message):
                gone = {"type": "message_deleted", "channel": channel, "ts": message["ts"]}
                yield from self._members(channel, gone)
            case Whispered(user, channel, message, gone):
                yield user, self._whisper(channel, message, gone)
            case ConversationChanged(user, channel) | MemberJoined(user, channel) | MemberLeft(user, channel):
                conversation = self._workspace.conversation(channel)
                yield user, {"type": "conversation", "conversation": self._presenter.conversation(user, conversation)}
            case ChannelRenamed(channel) | ChannelArchived(channel):
                yield from self._lines(channel)
            case AppInstalled() | AppRemoved():
                yield None, {"type": "installation"}
            case PersonChanged(user):
                yield None, {"type": "person", "person": self._workspace.person(user)}
            case _:
                yield from _plain_frames(happening)

    def _lines(self, channel: str) -> Iterator[Frame]:
        """The line of a channel in the lists of those who have a page open and may look."""
        conversation = self._workspace.conversation(channel)
        for user in self._pages:
            if self._workspace.may_look(user, conversation):
                yield user, {"type": "conversation", "conversation": self._presenter.conversation(user, conversation)}

    def _members(self, channel: str, frame: Json, message: Json | None = None) -> Iterator[Frame]:
        if message is not None:
            frame = frame | {"message": self._presenter.message(message)}
        for user in self._workspace.conversation(channel)["members"]:
            if user in self._pages:
                yield user, frame

    def _whisper(self, channel: str, message: Json, gone: bool) -> Json:
        if gone:
            return {"type": "message_deleted", "channel": channel, "ts": message["ts"]}
        return {"type": "message", "channel": channel, "message": self._presenter.message(message)}


def _plain_frames(happening: Happening) -> Iterator[Frame]:
    match happening:
        case ViewChanged(user, view, how):
            yield user, {"type": f"view_{how}", "view": view}
        case ViewRefused(user, view_id, errors):
            yield user, {"type": "view_errors", "view_id": view_id, "errors": errors}
        case HomePublished(user, view):
            yield user, {"type": "home", "view": view}
        case Noticed(user, text):
            yield user, {"type": "notice", "text": text}
        case _:
            yield from _frames_for_all(happening)


def _frames_for_all(happening: Happening) -> Iterator[Frame]:
    match happening:
        case ClockMoved(state):
            yield None, {"type": "clock", **state}
        case Logged(entry):
            yield None, {"type": "log", "entry": entry}
        case AppChanged(connected):
            yield None, {"type": "app", "connected": connected}
        case FaultsChanged(faults):
            yield None, {"type": "faults", "faults": faults}


async def _write(socket: web.WebSocketResponse, queue: asyncio.Queue[Json | None]) -> None:
    while (frame := await queue.get()) is not None:
        await socket.send_json(frame)
    await socket.close()
