"""What a person can do in the sandbox, for programs: an async client of `/hands/…` over httpx."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

import httpx

Json = dict[str, Any]
FileContent = tuple[str, bytes]  # name and bytes

# The app has three seconds to acknowledge; the clock's long poll takes up to 25.
_TIMEOUT = httpx.Timeout(40.0)


class HandError(Exception):
    """The sandbox refused what the person wanted: Slack's error code and a sentence."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(f"{error}: {message}")
        self.error = error
        self.message = message


class Hands:
    """A connection to a running sandbox; `person` gives the hands of one of its people."""

    def __init__(self, url: str) -> None:
        # Plain HTTP on this machine: no proxies, and no certificates to load, which takes longer than the rest.
        self._client = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, trust_env=False, verify=False)  # noqa: S501

    async def __aenter__(self) -> Hands:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    def person(self, user: str) -> Person:
        return Person(self, user)

    async def workspaces(self) -> list[Json]:
        """Id, name and domain of every workspace, and whether the app is installed there; the first one first."""
        found: list[Json] = (await self.get("/hands/workspaces"))["workspaces"]
        return found

    async def workspace(self, team: str | None = None) -> Json:
        """Team, people, app and clock of a workspace (default: the first)."""
        return await self.get("/hands/workspace", {"team": team} if team else {})

    async def clock(self, after: int | None = None) -> Json:
        """The clock; with `after`, once its revision differs (at most 25 s)."""
        return await self.get("/clock", {} if after is None else {"after": after})

    async def advance(self, by: timedelta) -> Json:
        return await self.post("/clock", {"advance": by.total_seconds()})

    async def go_to(self, moment: datetime) -> Json:
        """Move the clock to an aware moment, never backwards."""
        return await self.post("/clock", {"to": moment.isoformat()})

    async def play(self, playing: bool, speed: float | None = None) -> Json:
        return await self.post("/clock", {"playing": playing} | ({"speed": speed} if speed else {}))

    async def log(self, after: int = 0) -> list[Json]:
        """Web API calls and deliveries after entry `after`."""
        entries: list[Json] = (await self.get("/log", {"after": after}))["entries"]
        return entries

    async def dropped(self, after: int = 0) -> list[Json]:
        """The events after entry `after` that Slack gave up delivering."""
        entries: list[Json] = (await self.get("/dropped", {"after": after}))["dropped"]
        return entries

    async def inject(self, kind: str, **settings: Any) -> Json:
        """Let something go wrong; the fault with its `id`. `faults()["kinds"]` tells what there is."""
        return await self.post("/faults", {"kind": kind, **settings})

    async def faults(self) -> Json:
        """`seed`, `faults` of now, `kinds` there are."""
        return await self.get("/faults")

    async def take_back(self, fault_id: str | None = None) -> None:
        """One fault, or all of them."""
        _answer(await self._client.delete(f"/faults/{fault_id}" if fault_id else "/faults"))

    async def seed(self, n: int) -> None:
        """Begin the random numbers of the faults anew."""
        await self.post("/faults/seed", {"seed": n})

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Json:
        return _answer(await self._client.get(path, params=dict(query or {})))

    async def post(self, path: str, body: Mapping[str, Any]) -> Json:
        return _answer(await self._client.post(path, json=dict(body)))

    async def post_form(self, path: str, fields: Mapping[str, str], files: Sequence[FileContent]) -> Json:
        parts = [("file", file) for file in files]
        return _answer(await self._client.post(path, data=dict(fields), files=parts))

    async def download(self, path: str) -> bytes:
        response = await self._client.get(path)
        if response.is_error:
            _answer(response)
        return response.content


class Person:
    """The hands of one person. Every method raises HandError when the sandbox refuses."""

    def __init__(self, hands: Hands, user: str) -> None:
        self._hands = hands
        self.user = user

    @property
    def app_dm(self) -> str:
        """The id of this person's DM with the app."""
        return f"D{self.user[1:]}"

    # Reading

    async def conversations(self) -> list[Json]:
        found: list[Json] = (await self._get("conversations"))["conversations"]
        return found

    async def messages(self, channel: str | None = None, *, before: str | None = None, limit: int = 100) -> list[Json]:
        """The newest page of a conversation (default: the DM with the app) in time order, ephemeral ones too."""
        query = {"limit": limit} | ({"before": before} if before else {})
        found: list[Json] = (await self._get(f"conversations/{channel or self.app_dm}/messages", query))["messages"]
        return found

    async def thread(self, ts: str, channel: str | None = None) -> list[Json]:
        """Root and replies."""
        found: list[Json] = (await self._get(f"conversations/{channel or self.app_dm}/threads/{ts}"))["messages"]
        return found

    async def home(self, tab: str = "home") -> Json | None:
        """Open the app's Home (or `messages`) tab; the last published view of Home, or None."""
        view: Json | None = (await self._get("home", {"tab": tab}))["view"]
        return view

    async def modal(self) -> Json | None:
        """The modal on top, or None."""
        views: list[Json] = (await self._get("views"))["views"]
        return views[-1] if views else None

    async def modals(self) -> Json:
        """`views` (top last) and `errors` of the last submit."""
        return await self._get("views")

    async def file(self, file_id: str) -> bytes:
        """The bytes of a file this person can see."""
        return await self._hands.download(f"/hands/{self.user}/files/{file_id}/content")

    # Doing

    async def say(self, text: str, channel: str | None = None, *, thread_ts: str | None = None) -> str:
        """Post a message (default: to the app) and return its ts."""
        body = {"channel": channel or self.app_dm, "text": text, "thread_ts": thread_ts}
        return str((await self._post("say", body))["ts"])

    async def edit(self, text: str, *, ts: str, channel: str | None = None) -> None:
        """Change a message of one's own."""
        await self._post("edit", {"channel": channel or self.app_dm, "ts": ts, "text": text})

    async def delete(self, *, ts: str, channel: str | None = None) -> None:
        """Take a message away; one's own, or as an administrator anybody's."""
        await self._post("delete", {"channel": channel or self.app_dm, "ts": ts})

    async def invite(self, user: str, channel: str) -> None:
        """Bring a person or an app into a channel one is a member of."""
        await self._post("invite", {"channel": channel, "user": user})

    async def deactivate(self, user: str) -> None:
        """End somebody's account, as an administrator."""
        await self._post("deactivate", {"user": user})

    async def reactivate(self, user: str) -> None:
        """Give somebody the account back, as an administrator."""
        await self._post("reactivate", {"user": user})

    async def upload(
        self, *files: FileContent, channel: str | None = None, text: str = "", thread_ts: str | None = None
    ) -> Json:
        """Post files; `ts` of the message and the file objects."""
        fields = {"channel": channel or self.app_dm, "text": text}
        if thread_ts:
            fields["thread_ts"] = thread_ts
        return await self._hands.post_form(f"/hands/{self.user}/upload", fields, files)

    async def stage(self, name: str, content: bytes) -> str:
        """Choose a file for a `file_input` and return its id, to be given to `submit`."""
        answer = await self._hands.post_form(f"/hands/{self.user}/files", {}, [(name, content)])
        return str(answer["file"]["id"])

    async def command(self, command: str, text: str = "", channel: str | None = None) -> None:
        """Run a slash command; what it answers arrives as a message."""
        await self._post("command", {"command": command, "text": text, "channel": channel or self.app_dm})

    async def press(
        self, action_id: str, *, ts: str, channel: str | None = None, selected: Any = None, block_id: str | None = None
    ) -> None:
        """Press a button or choose in an element of a message."""
        where = {"channel": channel or self.app_dm, "ts": ts}
        await self._act(where, action_id, selected, block_id)

    async def press_in_view(
        self, action_id: str, view_id: str, *, selected: Any = None, block_id: str | None = None
    ) -> None:
        """Press a button or choose in an element of the Home tab or an open modal."""
        await self._act({"view_id": view_id}, action_id, selected, block_id)

    async def suggest(
        self,
        action_id: str,
        typed: str,
        *,
        ts: str | None = None,
        channel: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
    ) -> Json:
        """What the app offers in an external select of a message or view: `options` or `option_groups`."""
        where = {"view_id": view_id} if view_id else {"channel": channel or self.app_dm, "ts": ts}
        return await self._post("suggest", {**where, "action_id": action_id, "block_id": block_id, "value": typed})

    async def react(self, name: str, *, ts: str, channel: str | None = None, gone: bool = False) -> None:
        """Put an emoji under a message, or take it back."""
        await self._post("react", {"channel": channel or self.app_dm, "ts": ts, "name": name, "gone": gone})

    async def shortcut(self, callback_id: str, *, channel: str | None = None, ts: str | None = None) -> None:
        """A global shortcut, or with `ts` one on a message."""
        body: Json = {"callback_id": callback_id}
        if ts:
            body |= {"channel": channel or self.app_dm, "ts": ts}
        await self._post("shortcut", body)

    async def submit(self, values: Mapping[str, Any], view_id: str | None = None) -> Json:
        """Fill and submit a modal (default: the top one): `closed`, `view` or `errors`."""
        return await self._post("submit", {"view_id": view_id or await self._top(), "values": dict(values)})

    async def close(self, view_id: str | None = None) -> None:
        """Cancel a modal (default: the top one)."""
        await self._post("close", {"view_id": view_id or await self._top()})

    async def uninstall(self) -> None:
        """Remove the app from the workspace, which takes an administrator."""
        await self._post("uninstall", {})

    async def read(self, channel: str | None = None) -> None:
        await self._post("read", {"channel": channel or self.app_dm})

    async def _top(self) -> str:
        modal = await self.modal()
        if modal is None:
            raise HandError("not_found", "No modal is open.")
        return str(modal["id"])

    async def _act(self, where: Json, action_id: str, selected: Any, block_id: str | None) -> None:
        await self._post("press", {**where, "action_id": action_id, "selected": selected, "block_id": block_id})

    async def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Json:
        return await self._hands.get(f"/hands/{self.user}/{path}", query)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Json:
        return await self._hands.post(f"/hands/{self.user}/{path}", body)


def _answer(response: httpx.Response) -> Json:
    try:
        answer: Json = response.json()
    except json.JSONDecodeError:
        raise HandError("no_answer", f"The sandbox answered {response.status_code}.") from None
    if not answer.pop("ok", False):
        raise HandError(str(answer.get("error")), str(answer.get("message")))
    return answer
