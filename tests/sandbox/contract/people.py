"""users.*, bots.*, team.*, emoji.*, dnd.*, usergroups.*, and who one is."""

from __future__ import annotations

from collections.abc import Mapping

from tests.sandbox.contract.contract import Contract, Json, required

UNKNOWN = {"user": "user_not_found"}

PEOPLE: Mapping[str, Contract] = {
    "users.list": Contract(answer=("cache_ts",), listed="members"),
    "users.info": Contract(right={"user": "U0MIRA"}, answer=("user",), missing=required("user"), unknown=UNKNOWN),
    "users.lookupByEmail": Contract(
        right={"email": "mira@aldermoor.example"},
        answer=("user",),
        missing=required("email"),
        unknown={"email": "users_not_found"},
        wrong=(({"email": "otto@aldermoor.example"}, "users_not_found"),),
    ),
    "users.profile.get": Contract(right={"user": "U0AISHA"}, answer=("profile",), unknown=UNKNOWN),
    "users.getPresence": Contract(right={"user": "U0MIRA"}, answer=("presence",), unknown=UNKNOWN),
    "users.conversations": Contract(
        right={"user": "U0MIRA", "types": "public_channel,im"},
        unknown=UNKNOWN,
        wrong=(({"types": "seance"}, "invalid_types"),),
        listed="channels",
    ),
    "bots.info": Contract(right={"bot": "B0LUNCH"}, answer=("bot",), unknown={"bot": "bot_not_found"}),
    "team.info": Contract(right={"team": "T0ALDER"}, answer=("team",), unknown={"team": "team_not_found"}),
    "emoji.list": Contract(answer=("emoji",)),
    "dnd.info": Contract(
        right={"user": "U0TOM"}, answer=("dnd_enabled", "next_dnd_start_ts", "next_dnd_end_ts"), unknown=UNKNOWN
    ),
    "dnd.teamInfo": Contract(
        right={"users": "U0TOM,U0MIRA"},
        answer=("users",),
        missing={"users": "no_users_provided"},
        unknown={"users": ""},  # whoever is not there is left out
        wrong=(({"users": ",".join(["U0TOM"] * 51)}, "invalid_arguments"),),
    ),
    "usergroups.list": Contract(right={"include_users": "true"}, answer=("usergroups",)),
    "usergroups.users.list": Contract(
        right={"usergroup": "S0IT"},
        answer=("users",),
        missing=required("usergroup"),
        unknown={"usergroup": "no_such_subteam"},
    ),
}

CLIENT: Json = {"client_id": "$client_id", "client_secret": "$client_secret"}
BAD_CLIENT: tuple[tuple[Json, str], ...] = (
    ({"client_id": "x"}, "invalid_client_id"),
    ({"client_secret": "x"}, "bad_client_secret"),
)

APP: Mapping[str, Contract] = {
    "api.test": Contract(answer=("args",), wrong=(({"error": "my_error"}, "my_error"),)),
    "auth.test": Contract(answer=("user_id", "team_id", "bot_id", "url")),
    "auth.revoke": Contract(right={"test": "true"}, answer=("revoked",)),
    "apps.connections.open": Contract(answer=("url",)),
    "apps.uninstall": Contract(right=CLIENT, wrong=BAD_CLIENT),
    "oauth.v2.access": Contract(
        right={**CLIENT, "code": "$code", "redirect_uri": "https://app.example/done"},
        answer=("access_token", "team", "bot_user_id"),
        unknown={"code": "invalid_code"},
        wrong=(*BAD_CLIENT, ({"grant_type": "x"}, "invalid_grant_type"), ({"redirect_uri": "x"}, "bad_redirect_uri")),
    ),
}
