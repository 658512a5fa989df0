"""The workspaces of one sandbox: the same app may be installed in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sandbox.people import SLACKBOT
from sandbox.refusal import Refusal
from sandbox.world import World


class Worlds:
    """Finds the workspace that a token, a person or a file belongs to. Raises ValueError for an id given twice."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self._worlds = tuple(worlds)
        # Slack's ids are unique over all workspaces, and so a person's id alone says where that person is.
        people = list(chain.from_iterable(world.workspace.ids() for world in worlds))
        teams = [world.workspace.team["id"] for world in worlds]
        twice = {one for one in [*people, *teams] if [*people, *teams].count(one) > 1} - {SLACKBOT}
        if twice:
            raise ValueError(f"two companies use the same ids: {', '.join(sorted(twice))}")

    def __iter__(self) -> Iterator[World]:
        return iter(self._worlds)

    @property
    def first(self) -> World:
        return self._worlds[0]

    def of_team(self, team_id: str) -> World:
        """Refuses: team_not_found."""
        for world in self:
            if world.workspace.team["id"] == team_id:
                return world
        raise Refusal("team_not_found", f"There is no workspace {team_id} here.")

    def of_user(self, user: str) -> World:
        """Where a person is. Refuses: user_not_found."""
        for world in self:
            if world.workspace.has(user):
                return world
        raise Refusal("user_not_found", f"There is no person {user} in any workspace here.")

    def of_token(self, token: str) -> World:
        """Where this bot token is good. Refuses: account_inactive (the app was removed there), invalid_auth."""
        for world in self:
            if token and token == world.app.token:
                return world
        if any(world.app.gave_up(token) for world in self):
            raise Refusal("account_inactive")
        raise Refusal("invalid_auth")

    def of_file(self, file_id: str) -> World:
        """Refuses: file_not_found."""
        for world in self:
            if world.files.has(file_id):
                return world
        raise Refusal("file_not_found", "There is no such file.")
