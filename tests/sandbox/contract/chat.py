"""chat.*"""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.contract.contract import Contract, Json, required
from tests.sandbox.kit import section

SAYS: Json = {"channel": "C0MGMT", "text": "hello"}
METADATA: Json = {"event_type": "order", "event_payload": {"pots": 2}}

# What every method refuses that is given the content of a message.
BAD_CONTENT: tuple[tuple[Json, str], ...] = (
    ({"text": None}, "no_text"),
    ({"text": ""}, "no_text"),
    ({"blocks": "[{]"}, "invalid_blocks_format"),
    ({"blocks": [{"type": "seance"}]}, "invalid_blocks"),
    ({"blocks": [section("x")] * 51}, "invalid_blocks"),
    ({"markdown_text": "**x**"}, "markdown_text_conflict"),
    ({"attachments": "[{]"}, "invalid_attachments"),
    ({"attachments": ["x"]}, "invalid_attachments"),
    ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
)
BAD_METADATA: tuple[tuple[Json, str], ...] = (
    ({"metadata": "{"}, "invalid_metadata_format"),
    ({"metadata": ["x"]}, "invalid_metadata_format"),
    ({"metadata": {"event_type": "order"}}, "invalid_metadata_format"),
    ({"metadata": {"event_payload": {}}}, "invalid_metadata_format"),
    ({"metadata": METADATA | {"event_payload": {"x": "y" * 8_001}}}, "metadata_too_large"),
)
# Where nobody can post.
BAD_PLACES: tuple[tuple[Json, str], ...] = (
    ({"channel": "C0MOVE"}, "is_archived"),
    ({"channel": "C0ITOPS"}, "not_in_channel"),
    ({"channel": "C0SECRET"}, "channel_not_found"),
    ({"channel": "U0NONE"}, "channel_not_found"),
    ({"channel": "#nowhere"}, "channel_not_found"),
)

CHAT: Mapping[str, Contract] = {
    "chat.postMessage": Contract(
        right={**SAYS, "metadata": METADATA},
        answer=("channel", "ts", "message"),
        missing=required("channel"),
        unknown={"channel": "channel_not_found"},
        wrong=(*BAD_PLACES, *BAD_CONTENT, *BAD_METADATA),
    ),
    "chat.update": Contract(
        right={**SAYS, "ts": "$ts"},
        answer=("channel", "ts", "text", "message"),
        missing=required("channel", "ts"),
        unknown={"channel": "channel_not_found", "ts": "message_not_found"},
        wrong=(
            *BAD_CONTENT[2:],
            *BAD_METADATA,
            ({"ts": "$theirs"}, "cant_update_message"),
            ({"ts": "$whisper"}, "message_not_found"),
            ({"text": "x" * 4_001}, "msg_too_long"),
            ({"channel": "C0SECRET"}, "channel_not_found"),
        ),
    ),
    "chat.delete": Contract(
        right={"channel": "C0MGMT", "ts": "$ts"},
        answer=("channel", "ts"),
        missing=required("channel", "ts"),
        unknown={"channel": "channel_not_found", "ts": "message_not_found"},
        wrong=(({"ts": "$theirs"}, "cant_delete_message"), ({"ts": "$whisper"}, "message_not_found")),
    ),
    "chat.postEphemeral": Contract(
        right={**SAYS, "user": "U0MIRA"},
        answer=("message_ts",),
        missing=required("channel", "user"),
        unknown={"channel": "channel_not_found", "user": "user_not_in_channel"},
        wrong=(
            *BAD_PLACES,
            *BAD_CONTENT,
            ({"user": "U0TOM"}, "user_not_in_channel"),
            ({"text": "x" * 40_001}, "msg_too_long"),
        ),
    ),
    "chat.getPermalink": Contract(
        right={"channel": "C0MGMT", "message_ts": "$ts"},
        answer=("channel", "permalink"),
        missing=required("channel", "message_ts"),
        unknown={"channel": "channel_not_found", "message_ts": "message_not_found"},
        wrong=(({"channel": "C0SECRET"}, "channel_not_found"),),
    ),
    "chat.scheduleMessage": Contract(
        right={**SAYS, "post_at": "$soon"},
        answer=("channel", "scheduled_message_id", "post_at", "message"),
        missing=required("channel", "post_at"),
        unknown={"channel": "channel_not_found"},
        wrong=(
            *BAD_PLACES,
            *BAD_CONTENT,
            *BAD_METADATA,
            ({"post_at": "$past"}, "time_in_past"),
            ({"post_at": "$far"}, "time_too_far"),
            ({"post_at": "noon"}, "invalid_time"),
            ({"text": "x" * 40_001}, "msg_too_long"),
        ),
    ),
    "chat.scheduledMessages.list": Contract(
        right={"channel": "C0MGMT"},
        unknown={"channel": "invalid_channel"},
        wrong=(({"oldest": "noon"}, "invalid_arguments"), ({"channel": "C0SECRET"}, "invalid_channel")),
        listed="scheduled_messages",
    ),
    "chat.deleteScheduledMessage": Contract(
        right={"channel": "C0MGMT", "scheduled_message_id": "$scheduled"},
        missing=required("channel", "scheduled_message_id"),
        unknown={"channel": "channel_not_found", "scheduled_message_id": "invalid_scheduled_message_id"},
        wrong=(
            ({"channel": "C0ITOPS"}, "invalid_scheduled_message_id"),
            ({"scheduled_message_id": "$imminent"}, "invalid_scheduled_message_id"),
        ),
    ),
}
