"""views.*, blocks.*, files.*"""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.contract.contract import Contract, Json, required
from tests.sandbox.kit import home, modal, plain, section

BAD_VIEW: tuple[tuple[Json, str], ...] = (
    ({"view": "{"}, "invalid_arguments"),
    ({"view": ["x"]}, "invalid_arguments"),
    ({"view": {"type": "seance"}}, "invalid_arguments"),
    ({"view": modal(title=plain("x" * 25))}, "invalid_arguments"),
    ({"view": modal(private_metadata="x" * 3_001)}, "invalid_arguments"),
)
OPENED: Json = {"view": modal(), "trigger_id": "$trigger"}
TRIGGER = {"trigger_id": "invalid_trigger_id"}

VIEWS: Mapping[str, Contract] = {
    "views.open": Contract(
        right=OPENED,
        answer=("view",),
        missing=required("view", "trigger_id"),
        unknown=TRIGGER,
        wrong=(*BAD_VIEW, ({"view": home()}, "invalid_arguments")),
    ),
    "views.push": Contract(
        right={**OPENED, "trigger_id": "$inner_trigger"},
        answer=("view",),
        missing=required("view", "trigger_id"),
        unknown=TRIGGER,
        wrong=(
            *BAD_VIEW,
            ({"view": home()}, "invalid_arguments"),
            ({"trigger_id": "$trigger"}, "invalid_trigger_id"),
        ),
    ),
    "views.update": Contract(
        right={"view": modal(), "view_id": "$view"},
        answer=("view",),
        missing=required("view", "view_id"),
        unknown={"view_id": "not_found"},
        wrong=(
            *BAD_VIEW,
            ({"hash": "x"}, "hash_conflict"),
            ({"external_id": "x"}, "invalid_arguments"),
            ({"view_id": None, "external_id": "x"}, "not_found"),
            ({"view": home()}, "invalid_arguments"),
            ({"view_id": "$home"}, "invalid_arguments"),
        ),
    ),
    "views.publish": Contract(
        right={"view": home(section("x")), "user_id": "U0MIRA"},
        answer=("view",),
        missing=required("view", "user_id"),
        unknown={"user_id": "invalid_arguments"},
        wrong=(*BAD_VIEW, ({"view": modal()}, "invalid_arguments"), ({"hash": "x"}, "hash_conflict")),
    ),
    "blocks.validate": Contract(
        right={"blocks": [section("x")]},
        missing=required("blocks"),
        wrong=(({"blocks": [{"type": "x"}]}, "invalid_blocks"), ({"view": modal()}, "invalid_arguments")),
    ),
}

FILES: Mapping[str, Contract] = {
    "files.info": Contract(
        right={"file": "$their_file"}, answer=("file",), missing=required("file"), unknown={"file": "file_not_found"}
    ),
    "files.list": Contract(
        right={"user": "U0MIRA", "channel": "C0MGMT"},
        answer=("files", "paging"),
        unknown={"user": "user_not_found", "channel": ""},  # a channel of nothing has no files
        wrong=(
            ({"types": "seance"}, "unknown_type"),
            ({"count": 0}, "invalid_arguments"),
            ({"page": "x"}, "invalid_arguments"),
            ({"ts_from": "noon"}, "invalid_arguments"),
        ),
    ),
    "files.delete": Contract(
        right={"file": "$file"},
        missing=required("file"),
        unknown={"file": "file_not_found"},
        wrong=(({"file": "$their_file"}, "cant_delete_file"),),
    ),
    "files.upload": Contract(refused="method_deprecated"),
    "files.getUploadURLExternal": Contract(
        right={"filename": "plan.txt", "length": 4},
        answer=("upload_url", "file_id"),
        missing=required("filename", "length"),
        wrong=(
            ({"length": 0}, "invalid_arguments"),
            ({"length": "many"}, "invalid_arguments"),
            ({"alt_txt": "x" * 1_001}, "alt_txt_too_large"),
        ),
    ),
    "files.completeUploadExternal": Contract(
        right={"files": "$upload", "channel_id": "C0MGMT", "initial_comment": "The plan"},
        answer=("files",),
        missing=required("files"),
        unknown={"files": "file_not_found", "channel_id": "channel_not_found"},
        wrong=(
            ({"files": "[{]"}, "invalid_arguments"),
            ({"files": []}, "invalid_arguments"),
            ({"files": ["F0NONE"]}, "invalid_arguments"),
            ({"files": "$their_upload"}, "access_denied"),
            ({"channel_id": "C0ITOPS"}, "not_in_channel"),
            ({"channel_id": "C0SECRET"}, "channel_not_found"),
            ({"channel_id": None, "channels": ",".join(["C0MGMT"] * 101)}, "channels_limit_exceeded"),
            ({"initial_comment": None, "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ),
    ),
}
