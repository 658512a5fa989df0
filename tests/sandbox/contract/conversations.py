"""conversations.*, pins.*, reactions.*"""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.contract.contract import Contract, Json, required

HIDDEN: tuple[Json, str] = ({"channel": "C0SECRET"}, "channel_not_found")
NO_CHANNEL: tuple[Json, str] = ({"channel": "$dm"}, "method_not_supported_for_channel_type")
BOUNDS: tuple[tuple[Json, str], ...] = (
    ({"oldest": "noon"}, "invalid_ts_oldest"),
    ({"latest": "noon"}, "invalid_ts_latest"),
    ({"latest": "²"}, "invalid_ts_latest"),
)
TYPES: tuple[tuple[Json, str], ...] = (
    ({"types": "seance"}, "invalid_types"),
    ({"types": "im,seance"}, "invalid_types"),
)

BAD_NAMES: tuple[tuple[Json, str], ...] = (
    ({"name": "x" * 81}, "invalid_name_maxlength"),
    ({"name": "Tea"}, "invalid_name_specials"),
    ({"name": "tea room"}, "invalid_name_specials"),
    ({"name": "-_-"}, "invalid_name_punctuation"),
    ({"name": "general"}, "name_taken"),
    ({"name": "secret"}, "name_taken"),
)


def _describing(what: str) -> Contract:
    return Contract(
        right={"channel": "C0MGMT", what: "Tea"},
        answer=("channel",),
        missing=required("channel", what),
        unknown={"channel": "channel_not_found"},
        wrong=(
            HIDDEN,
            NO_CHANNEL,
            ({what: "x" * 251}, "too_long"),
            ({"channel": "C0ITOPS"}, "not_in_channel"),
        ),
    )


CONVERSATIONS: Mapping[str, Contract] = {
    "conversations.open": Contract(
        right={"users": "U0MIRA"},
        answer=("channel",),
        missing={"users": "users_list_not_supplied"},
        unknown={"users": "user_not_found"},
        wrong=(
            ({"users": "USLACKBOT"}, "cannot_dm_bot"),
            ({"users": "U0APP"}, "cannot_dm_bot"),
            ({"users": "U0LUNCH"}, "cannot_dm_bot"),
            ({"users": "U0MIRA,U0TOM"}, "method_not_supported_for_channel_type"),
            ({"users": ",".join(["U0MIRA"] * 9)}, "too_many_users"),
            ({"users": None, "channel": "C0MGMT"}, "method_not_supported_for_channel_type"),
            ({"users": None, "channel": "C0NONE"}, "channel_not_found"),
        ),
    ),
    "conversations.info": Contract(
        right={"channel": "C0ITOPS", "include_num_members": "true"},
        answer=("channel",),
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(HIDDEN,),
    ),
    "conversations.list": Contract(right={"types": "public_channel,im"}, wrong=TYPES, listed="channels"),
    "conversations.members": Contract(
        right={"channel": "C0ITOPS"},
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(HIDDEN,),
        listed="members",
    ),
    "conversations.history": Contract(
        right={"channel": "C0MGMT"},
        answer=("has_more", "pin_count"),
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(*BOUNDS, HIDDEN, ({"channel": "C0ITOPS"}, "not_in_channel"), ({"limit": 1000}, "invalid_limit")),
        listed="messages",
    ),
    "conversations.replies": Contract(
        right={"channel": "C0MGMT", "ts": "$ts"},
        answer=("messages", "has_more"),
        missing=required("channel", "ts"),
        unknown={"channel": "channel_not_found", "ts": "thread_not_found"},
        wrong=(*BOUNDS, HIDDEN, ({"channel": "C0ITOPS"}, "not_in_channel"), ({"cursor": "zz"}, "invalid_cursor")),
    ),
    "conversations.join": Contract(
        right={"channel": "C0ITOPS"},
        answer=("channel",),
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(HIDDEN, NO_CHANNEL, ({"channel": "C0MOVE"}, "is_archived")),
    ),
    "conversations.leave": Contract(
        right={"channel": "C0MGMT"},
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(
            HIDDEN,
            NO_CHANNEL,
            ({"channel": "C0MOVE"}, "is_archived"),
            ({"channel": "C0GENERAL"}, "cant_leave_general"),
        ),
    ),
    "conversations.invite": Contract(
        right={"channel": "C0MGMT", "users": "U0TOM,U0VERA"},
        answer=("channel",),
        missing={"channel": "invalid_arguments", "users": "no_user"},
        unknown={"channel": "channel_not_found", "users": "user_not_found"},
        wrong=(
            HIDDEN,
            NO_CHANNEL,
            ({"channel": "C0ITOPS"}, "not_in_channel"),
            ({"users": "U0MIRA"}, "already_in_channel"),
            ({"users": "U0APP"}, "cant_invite_self"),
            ({"users": "U0OTTO"}, "cant_invite"),
            ({"users": "U0TOM,U0NONE"}, "user_not_found"),
            ({"users": ",".join(["U0TOM"] * 101)}, "invalid_arguments"),
        ),
    ),
    "conversations.kick": Contract(
        right={"channel": "C0MGMT", "user": "U0KOFI"},
        missing=required("channel", "user"),
        unknown={"channel": "channel_not_found", "user": "user_not_found"},
        wrong=(
            HIDDEN,
            NO_CHANNEL,
            ({"user": "U0APP"}, "cant_kick_self"),
            ({"user": "U0TOM"}, "not_in_channel"),
            ({"channel": "C0GENERAL"}, "cant_kick_from_general"),
            ({"channel": "C0ITOPS", "user": "U0JONAS"}, "not_in_channel"),
        ),
    ),
    "conversations.create": Contract(
        right={"name": "tea-room", "is_private": "true"},
        answer=("channel",),
        missing={"name": "invalid_name_required"},
        wrong=BAD_NAMES,
    ),
    "conversations.rename": Contract(
        right={"channel": "$own", "name": "tea-room"},
        answer=("channel",),
        missing={"channel": "invalid_arguments", "name": "invalid_name_required"},
        unknown={"channel": "channel_not_found"},
        wrong=(
            *BAD_NAMES,
            HIDDEN,
            NO_CHANNEL,
            ({"channel": "C0MGMT"}, "not_authorized"),
            ({"channel": "C0ITOPS"}, "not_in_channel"),
        ),
    ),
    "conversations.setTopic": _describing("topic"),
    "conversations.setPurpose": _describing("purpose"),
    "conversations.archive": Contract(
        right={"channel": "C0MGMT"},
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(
            HIDDEN,
            NO_CHANNEL,
            ({"channel": "C0MOVE"}, "already_archived"),
            ({"channel": "C0ITOPS"}, "not_in_channel"),
            ({"channel": "C0GENERAL"}, "cant_archive_general"),
        ),
    ),
}

MESSAGE: Json = {"channel": "C0MGMT", "timestamp": "$ts"}
NO_MESSAGE = {"channel": "channel_not_found", "timestamp": "message_not_found"}
BAD_ITEM: tuple[tuple[Json, str], ...] = (({"timestamp": "noon"}, "bad_timestamp"), HIDDEN)

ITEMS: Mapping[str, Contract] = {
    "reactions.add": Contract(
        right={**MESSAGE, "name": "tea"},
        missing=required("name", "channel", "timestamp"),
        unknown=NO_MESSAGE,
        wrong=(
            *BAD_ITEM,
            ({"name": "?"}, "invalid_name"),
            ({"timestamp": "$reacted"}, "already_reacted"),
            ({"channel": "C0MOVE"}, "is_archived"),
        ),
    ),
    "reactions.remove": Contract(
        right={**MESSAGE, "timestamp": "$reacted", "name": "tea"},
        missing={"name": "invalid_arguments", "channel": "no_item_specified", "timestamp": "no_item_specified"},
        unknown=NO_MESSAGE,
        wrong=(*BAD_ITEM, ({"name": "?"}, "invalid_name"), ({"timestamp": "$ts"}, "no_reaction")),
    ),
    "reactions.get": Contract(
        right={**MESSAGE, "timestamp": "$reacted"},
        answer=("type", "channel", "message"),
        missing=dict.fromkeys(("channel", "timestamp"), "no_item_specified"),
        unknown=NO_MESSAGE,
        wrong=BAD_ITEM,
    ),
    "pins.add": Contract(
        right=MESSAGE,
        missing={"channel": "invalid_arguments", "timestamp": "no_item_specified"},
        unknown=NO_MESSAGE,
        wrong=(*BAD_ITEM, ({"timestamp": "$pinned"}, "already_pinned")),
    ),
    "pins.remove": Contract(
        right={**MESSAGE, "timestamp": "$pinned"},
        missing={"channel": "invalid_arguments", "timestamp": "no_item_specified"},
        unknown=NO_MESSAGE,
        wrong=(*BAD_ITEM, ({"timestamp": "$ts"}, "no_pin")),
    ),
    "pins.list": Contract(
        right={"channel": "C0MGMT"},
        answer=("items",),
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(HIDDEN,),
    ),
}
