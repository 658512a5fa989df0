"""Who belongs where: inviting into a channel, and the end of an account."""

from __future__ import annotations

from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import kind_of
from sandbox.world import World


def invite(world: World, user: str, channel: str, whom: str) -> None:
    """Bring a person or an app into a channel one is a member of.

    Refuses: method_not_supported_for_channel_type, restricted_action, user_not_found, cant_invite, already_in_channel,
    and what `Workspace.writable` refuses.
    """
    conversation = world.workspace.writable(user, channel)
    if kind_of(conversation) == "im":
        raise Refusal("method_not_supported_for_channel_type", "Nobody can be invited into a direct conversation.")
    if world.workspace.person(user)["is_restricted"]:
        raise Refusal("restricted_action", "Guests cannot invite anybody.")
    account = world.workspace.person(whom)
    if account["deleted"]:
        raise Refusal("cant_invite", f"The account of {_name(account)} is deactivated.")
    if not world.workspace.join(whom, conversation["id"], user):
        raise Refusal("already_in_channel", f"{_name(account)} is in this channel already.")


def deactivate(world: World, user: str, whom: str) -> None:
    """End somebody's account as an administrator may.

    Refuses: not_allowed, cant_deactivate_self, cant_deactivate_owner, user_not_found, account_inactive (it has ended).
    """
    _need_administrator(world, user)
    account = world.workspace.employee(whom)
    if whom == user:
        raise Refusal("cant_deactivate_self", "Nobody can end their own account here; ask another administrator.")
    if account["is_owner"]:
        raise Refusal("cant_deactivate_owner", "The account of an owner of the workspace cannot be deactivated.")
    world.workspace.deactivate(whom)


def reactivate(world: World, user: str, whom: str) -> None:
    """Give somebody the account back. Refuses: not_allowed, user_not_found, not_deactivated."""
    _need_administrator(world, user)
    account = world.workspace.person(whom)
    if not world.workspace.is_person(account):
        raise Refusal("user_not_found", f"{whom} is not a person.")
    if not account["deleted"]:
        raise Refusal("not_deactivated", f"The account of {_name(account)} is not deactivated.")
    world.workspace.reactivate(whom)


def _need_administrator(world: World, user: str) -> None:
    if not world.workspace.employee(user)["is_admin"]:
        raise Refusal("not_allowed", "Only an administrator of the workspace can do that.")


def _name(account: Json) -> str:
    return str(account["profile"]["real_name"])
