"""What may go wrong with Slack: one small class per family of error codes. The docstring is the message.

Codes are from the error tables of the methods we call (Slack reference: "Web API methods").
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import aiohttp
from slack_sdk.errors import SlackApiError

NOT_NOW = 503
TOO_MANY = 429
SERVER_FAULT = 500
ONE_MINUTE = 60.0


class SlackError(Exception):
    """Slack refused"""

    codes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, detail: str = "") -> None:
        said = type(self).__doc__ or ""
        super().__init__(f"{said}: {detail}" if detail else said)


class RateLimited(SlackError):
    """Slack wants us to slow down"""

    codes = ("ratelimited", "rate_limited")

    def __init__(self, detail: str = "", *, retry_after: float = ONE_MINUTE) -> None:
        super().__init__(detail or f"again in {retry_after:g} s")
        self.retry_after = retry_after


class SlackAway(SlackError):
    """Slack could not be reached, so nothing was done there"""

    codes = ("service_unavailable", "request_timeout", "team_added_to_org")


class Unanswered(SlackError):
    """Slack did not answer properly; it may have done what was asked, or not"""

    codes = ("fatal_error", "internal_error")


class CursorGone(SlackError):
    """Slack no longer knows where the reading of a list had stopped"""

    codes = ("invalid_cursor",)


class MissingScope(SlackError):
    """The app was installed without a scope that this needs; add it to the app and reinstall it"""

    codes = ("missing_scope", "no_permission")

    def __init__(self, detail: str = "", *, needed: str = "", provided: str = "") -> None:
        super().__init__(f"needed {needed}" if needed else detail)
        self.needed = needed
        self.provided = provided


class TokenRefused(SlackError):
    """Slack does not accept the token; take the present one from the app's page"""

    codes = (
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "access_denied",
        "org_login_required",
        "ekm_access_denied",
    )


class ChannelGone(SlackError):
    """The conversation does not exist, was archived, or the account was deactivated"""

    codes = (
        "channel_not_found",
        "is_archived",
        "user_not_found",
        "users_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "messages_tab_disabled",
    )


class NotInChannel(SlackError):
    """The app may not write in this conversation; invite it there"""

    codes = (
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "cannot_reply_to_message",
    )


class MessageGone(SlackError):
    """The message is no longer there or can no longer be changed"""

    codes = ("message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found")


class MessageRefused(SlackError):
    """Slack does not accept the message as it is built; sending it again would not help"""

    codes = (
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "too_many_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "block_mismatch",
        "markdown_text_conflict",
    )


class TriggerExpired(SlackError):
    """More than three seconds passed since the click, or it was used already, so no window can be opened for it"""

    codes = (
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    )


class ViewRefused(SlackError):
    """Slack does not accept the view, or it changed in the meantime"""

    codes = (
        "invalid_arguments",
        "view_too_large",
        "push_limit_reached",
        "hash_conflict",
        "duplicate_external_id",
        "not_found",
    )


class DownloadFailed(SlackError):
    """The file could not be fetched from Slack"""


class DownloadRefused(DownloadFailed):
    """Slack does not give us the file"""


class SignInPage(DownloadFailed):
    """Slack gave us a sign-in page instead of the file; the app lacks the scope files:read"""


BY_CODE: Mapping[str, type[SlackError]] = MappingProxyType(
    {code: family for family in SlackError.__subclasses__() for code in family.codes}
)


def of_answer(error: SlackApiError) -> SlackError:
    """What an answer of the Web API that is not ok means to us."""
    response = error.response
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    if status == TOO_MANY:
        return RateLimited(retry_after=_retry_after(response))
    if status == NOT_NOW:
        return SlackAway(f"HTTP {status}")
    data = getattr(response, "data", None)
    if status >= SERVER_FAULT or not isinstance(data, dict) or not data:
        return Unanswered(f"HTTP {status}")
    return of_code(data, response)


def of_code(data: Mapping[str, Any], response: Any = None) -> SlackError:
    """What a JSON answer with `"ok": false` means to us; a code we do not know is a plain `SlackError`."""
    code = str(data.get("error", "no reason given"))
    family = BY_CODE.get(code, SlackError)
    if family is RateLimited:
        return RateLimited(code, retry_after=_retry_after(response))
    if family is MissingScope:
        return MissingScope(code, needed=data.get("needed", ""), provided=data.get("provided", ""))
    reasons = (data.get("response_metadata") or {}).get("messages") or ()
    return family("; ".join((code, *reasons)))


def of_transport(error: aiohttp.ClientError | TimeoutError) -> SlackError:
    """What a broken connection means: before the request went out nothing was done, afterwards nobody knows."""
    before_sending = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    family = SlackAway if isinstance(error, before_sending) else Unanswered
    return family(str(error) or type(error).__name__)


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    given = str(headers.get("Retry-After", ""))
    return float(given) if given.isdigit() else ONE_MINUTE
