"""Installing the app in a workspace and taking it away again."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.event_bus import AppInstalled, AppRemoved
from sandbox.refusal import Refusal
from sandbox.world import World


def install(world: World, scopes: Iterable[str]) -> None:
    """Give the app its account, its token and these scopes, beside those it had (Slack reference: "OAuth v2")."""
    world.app.grant(dict.fromkeys([*world.app.scopes, *scopes]))
    world.workspace.admit_app(world.manifest.bot_name)
    world.bus.announce(AppInstalled())


def uninstall_by(world: World, user: str) -> None:
    """Remove the app as an administrator may. Refuses: not_allowed, app_not_installed."""
    if not world.workspace.employee(user)["is_admin"]:
        raise Refusal("not_allowed", "Only an administrator of the workspace can remove an app.")
    if not world.app.installed:
        raise Refusal("app_not_installed", "The app is not installed in this workspace.")
    remove(world, is_uninstall=True)


def remove(world: World, *, is_uninstall: bool) -> None:
    """Take the app's token, and with `is_uninstall` the app: it is told of both as far as it subscribes to it."""
    world.bus.announce(AppRemoved(is_uninstall))
    world.app.withdraw()
    world.workspace.dismiss_app()
