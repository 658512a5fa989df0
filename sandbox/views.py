"""Views: the stack of open modals of each person, and the published Home tabs (Slack reference: "Views")."""

from __future__ import annotations

import secrets
from itertools import chain

from sandbox.clock import Clock
from sandbox.elements import Choices
from sandbox.event_bus import EventBus, HomePublished, ViewChanged
from sandbox.people import APP_ID
from sandbox.refusal import Refusal
from sandbox.store import Json, Store

STACK = 3
_KEPT_KEYS = (
    "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id",
    "clear_on_close", "notify_on_close", "submit_disabled",
)  # fmt: skip


class Views:
    """Open modals live in memory and die with the process; Home tabs are durable."""

    def __init__(self, *, store: Store, clock: Clock, bus: EventBus, team_id: str, bot_id: str) -> None:
        self._clock = clock
        self._bus = bus
        self._team_id = team_id
        self._bot_id = bot_id
        self._homes = store.shelf("home")
        self._stacks: dict[str, list[Json]] = {}
        self._choices: dict[str, Choices] = {}
        self._offers: dict[tuple[str, str, str], list[Json]] = {}
        self.errors: dict[str, dict[str, str]] = {}

    # Modals

    def stack(self, user: str) -> list[Json]:
        """The open modals of a person, the visible one last."""
        return self._stacks.get(user, [])

    def open(self, user: str, definition: Json) -> Json:
        """Open a root modal. A modal that was open is replaced. Refuses: duplicate_external_id."""
        self._check_external_id(definition)
        self.clear(user)  # a person has one stack for an app
        view = self._make(definition)
        self._stacks[user] = [view]
        return self._tell(user, view, "opened")

    def push(self, user: str, definition: Json) -> Json:
        """Put a modal on top. Refuses: not_found (nothing is open), push_limit_reached, duplicate_external_id."""
        stack = self.stack(user)
        if not stack:
            raise Refusal("not_found")
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached")
        self._check_external_id(definition)
        view = self._make(definition, root=stack[0]["id"], previous=stack[-1]["id"])
        stack.append(view)
        return self._tell(user, view, "pushed")

    def update(self, view: Json, definition: Json, expected_hash: str | None = None) -> Json:
        """Replace what a modal or Home tab shows; what was typed into fields that stay is kept.

        Refuses: hash_conflict, duplicate_external_id.
        """
        if expected_hash and expected_hash != view["hash"]:
            raise Refusal("hash_conflict")
        if view["type"] == "home":
            return self.publish(next(user for user, home in self._homes.items() if home == view), definition)
        if definition.get("external_id", "") != view["external_id"]:
            self._check_external_id(definition)
        user = self.user_of(view)
        fresh = self._make(definition, root=view["root_view_id"], previous=view["previous_view_id"], view_id=view["id"])
        stack = self._stacks[user]
        stack[stack.index(view)] = fresh
        self.errors.pop(view["id"], None)
        return self._tell(user, fresh, "updated")

    def close(self, user: str, view_id: str) -> Json:
        """Take a modal off the stack with everything above it. Refuses: not_found."""
        view = self.opened(user, view_id)
        stack = self._stacks[user]
        while stack[-1] is not view:
            self._forget(user, stack.pop())
        self._forget(user, stack.pop())
        return view

    def clear(self, user: str) -> None:
        """Close every modal of a person."""
        while self.stack(user):
            self._forget(user, self._stacks[user].pop())

    def opened(self, user: str, view_id: str) -> Json:
        """An open modal of a person. Refuses: not_found."""
        for view in self.stack(user):
            if view["id"] == view_id:
                return view
        raise Refusal("not_found", "This modal is not open any more.")

    def find(self, *, view_id: str = "", external_id: str = "") -> Json:
        """An open modal or published Home tab of anybody. Refuses: not_found."""
        for view in chain(*self._stacks.values(), self._homes.values()):
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return view
        raise Refusal("not_found")

    def user_of(self, view: Json) -> str:
        return next(user for user, stack in self._stacks.items() if view in stack)

    # Home tabs

    def home(self, user: str) -> Json | None:
        return self._homes.get(user)

    def publish(self, user: str, definition: Json, expected_hash: str | None = None) -> Json:
        """Show a Home tab to a person. Refuses: hash_conflict, duplicate_external_id."""
        shown = self.home(user)
        if expected_hash and shown and expected_hash != shown["hash"]:
            raise Refusal("hash_conflict")
        if not shown or definition.get("external_id", "") != shown["external_id"]:
            self._check_external_id(definition)
        view = self._make(definition, view_id=shown["id"] if shown else None)
        self._homes[user] = view
        self._bus.announce(HomePublished(user, view))
        return view

    # What was chosen

    def choices_in(self, place: str) -> Choices:
        """What was chosen so far in a view, or in a message (by person, conversation and ts); may be added to."""
        return self._choices.setdefault(place, {})

    def choose(self, view_id: str, block_id: str, action_id: str, state: Json) -> None:
        self.choices_in(view_id).setdefault(block_id, {})[action_id] = state

    def offer(self, place: str, block_id: str, action_id: str, options: list[Json]) -> None:
        """Remember what the app offered in an external select: only that can be chosen there."""
        self._offers.setdefault((place, block_id, action_id), []).extend(options)

    def offered(self, place: str, block_id: str, action_id: str) -> list[Json]:
        return self._offers.get((place, block_id, action_id), [])

    def _make(
        self, definition: Json, *, root: str | None = None, previous: str | None = None, view_id: str | None = None
    ) -> Json:
        view_id = view_id or f"V0{secrets.token_hex(5).upper()}"
        defaults = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": {"type": "plain_text", "text": "View Title", "emoji": True},
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "submit_disabled": False,
        }
        return {
            **defaults,
            **{key: definition[key] for key in _KEPT_KEYS if definition.get(key) is not None},
            "id": view_id,
            "team_id": self._team_id,
            "app_installed_team_id": self._team_id,
            "state": {"values": {}},
            "hash": f"{self._clock.seconds()}.{secrets.token_hex(4)}",
            "root_view_id": root or view_id,
            "previous_view_id": previous,
            "app_id": APP_ID,
            "bot_id": self._bot_id,
        }

    def _check_external_id(self, definition: Json) -> None:
        external_id = definition.get("external_id")
        taken = {view["external_id"] for view in chain(*self._stacks.values(), self._homes.values())}
        if external_id and external_id in taken:
            raise Refusal("duplicate_external_id")

    def _tell(self, user: str, view: Json, how: str) -> Json:
        self._bus.announce(ViewChanged(user, view, how))
        return view

    def _forget(self, user: str, view: Json) -> None:
        self._choices.pop(view["id"], None)
        for key in [key for key in self._offers if key[0] == view["id"]]:
            del self._offers[key]
        self.errors.pop(view["id"], None)
        self._bus.announce(ViewChanged(user, view, "closed"))
