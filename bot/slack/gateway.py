"""Everything the bot asks of Slack's Web API, typed. Failures are the small classes of `bot/slack/errors.py`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, Self

import aiohttp
import httpx
from opentelemetry import trace
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.http.fetching import machines_certificates
from bot.slack import errors
from bot.slack.errors import DownloadFailed, DownloadRefused, SignInPage, SlackAway
from bot.slack.objects import (
    Identity,
    PeoplePage,
    Posted,
    QuietWindow,
    SlackChannel,
    SlackFile,
    SlackGroup,
    SlackPerson,
    moment,
)
from messages.words.kit import Home, Message, Modal

tracer = trace.get_tracer(__name__)

DELIVERY = "deskaudit_delivery"
"""The event type in the metadata of what we post: by its slot a message is found again after a time-out."""

SECONDS_FOR_AN_ANSWER = 10
SECONDS_FOR_A_POST = 5.0
"""What people see is given up sooner: it must have ended, one way or the other, before another sender takes over."""

SECONDS_BETWEEN_TWO_CHUNKS = 30
PEOPLE_PER_PAGE = 200  # Slack reference: "users.list", at most 1000, 200 recommended
MESSAGES_PER_PAGE = 200
PAGES_LOOKED_THROUGH = 5
FILE_HOSTS = frozenset({"files.slack.com", "slack-files.com"})


class Gateway:
    """One shared connection pool to Slack. Open it inside a running event loop, close it when done.

    What changes something in Slack is tried once: whether to try again is the dispatcher's to decide, since after a
    broken connection the message may stand there. What only reads is tried again by itself.
    """

    def __init__(self, *, token: str, base_url: str, session: aiohttp.ClientSession, files: httpx.AsyncClient) -> None:
        self._token = token
        self._session = session
        self._files = files
        self._own = httpx.URL(base_url)
        patient = [
            AsyncConnectionErrorRetryHandler(),
            AsyncServerErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=3),
        ]
        common: dict[str, Any] = {"token": token, "base_url": base_url, "session": session}
        self.client = AsyncWebClient(**common, retry_handlers=[])
        self._reading = AsyncWebClient(**common, retry_handlers=patient)

    @classmethod
    def open(cls, *, token: str, base_url: str) -> Self:
        """Connect lazily to the Web API at `base_url`, which ends with a slash."""
        session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=SECONDS_FOR_AN_ANSWER), connector=aiohttp.TCPConnector(limit=50)
        )
        files = httpx.AsyncClient(
            verify=machines_certificates(), follow_redirects=False, timeout=SECONDS_BETWEEN_TWO_CHUNKS
        )
        return cls(token=token, base_url=base_url, session=session, files=files)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._session.close()
        await self._files.aclose()

    # --- who and where ---

    async def identify(self) -> Identity:
        """`auth.test`: who the token belongs to."""
        answer = await _asked(self._reading.auth_test())
        granted = answer.headers.get("x-oauth-scopes", "")
        return Identity(
            team_id=answer["team_id"],
            team=answer.get("team", ""),
            bot_id=answer["bot_id"],
            bot_user_id=answer["user_id"],
            scopes=frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
            slack_time=_date(answer.headers.get("date", "")),
        )

    async def validate(self, kind: Literal["message", "view"], surface: Mapping[str, Any]) -> list[str]:
        """What Slack has against a message or view, which is posted nowhere (`blocks.validate`); empty if nothing."""
        # As form data: the SDK's own way puts it into the address, where a whole view doesn't fit.
        asked = self._reading.api_call("blocks.validate", data={kind: json.dumps(surface)})
        try:
            await asked
        except SlackApiError as error:
            if not (objections := (error.response.data or {}).get("errors")):
                raise errors.of_answer(error) from error
            return [f"{each['pointer']} {each['message']}" for each in objections]
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.of_transport(error) from error
        return []

    async def socket_url(self, app_token: str) -> str:
        """Where Socket Mode can be joined, once (`apps.connections.open`). Shows too whether the token is right."""
        answer = await _asked(self._reading.apps_connections_open(app_token=app_token))
        return str(answer["url"])

    async def people(self, cursor: str = "") -> PeoplePage:
        """A page of the directory (`users.list`), the first or the one where `cursor` begins.

        Tier 2 allows 20 pages a minute; where Slack wants more time, it gets it. Raises `CursorGone` for an old cursor.
        """
        asked = self._reading.users_list(limit=PEOPLE_PER_PAGE, cursor=cursor or None, include_locale=True)
        answer = await _asked(asked)
        following = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        return PeoplePage([SlackPerson.of(user) for user in _part(answer, "members")], following)

    async def user_groups(self) -> list[SlackGroup]:
        """Every user group that is not disabled, with its members (`usergroups.list`, which knows no pages)."""
        answer = await _asked(self._reading.usergroups_list(include_users=True))
        return [
            SlackGroup(each["id"], each.get("handle", ""), each.get("name", ""), list(each.get("users") or ()))
            for each in _part(answer, "usergroups")
        ]

    async def quiet_windows(self, people: Sequence[str]) -> dict[str, QuietWindow]:
        """The quiet hours of those of up to 50 people who keep any (`dnd.teamInfo`). Asked once only."""
        answer = await _asked(self.client.dnd_teamInfo(users=list(people)))
        return {
            person_id: QuietWindow(moment(each["next_dnd_start_ts"]), moment(each["next_dnd_end_ts"]))
            for person_id, each in _part(answer, "users").items()
            if each.get("dnd_enabled")
        }

    async def open_dm(self, user: str) -> str:
        """The direct conversation with somebody (`conversations.open`)."""
        answer = await _asked(self.client.conversations_open(users=user))
        return str(answer["channel"]["id"])

    async def channel(self, channel_id: str) -> SlackChannel:
        """What Slack knows of a channel (`conversations.info`). Raises `ChannelGone` where the app cannot see it.

        Somebody waits for the answer, so it is tried once.
        """
        answer = await _asked(self.client.conversations_info(channel=channel_id))
        found = answer["channel"]
        return SlackChannel(
            id=found["id"],
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
            is_private=bool(found.get("is_private")),
        )

    # --- messages ---

    async def post(self, channel: str, message: Message, slot: str, thread_ts: str | None = None) -> Posted:
        """Post a message that can be found again by its slot (`chat.postMessage`)."""
        metadata = {"event_type": DELIVERY, "event_payload": {"slot": slot}}
        answer = await _asked(
            self.client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata,
                thread_ts=thread_ts,
                unfurl_links=False,
                unfurl_media=False,
            ),
            SECONDS_FOR_A_POST,
        )
        return Posted(answer["channel"], answer["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Redraw a message of ours (`chat.update`)."""
        drawn = self.client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        await _asked(drawn, SECONDS_FOR_A_POST)

    async def find_posted(
        self, channel: str, slot: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        """The message of that slot if it was posted since then, in the conversation or in the given thread.

        Read from `conversations.history` or `conversations.replies`; a few pages at most are looked through.
        """
        wanted: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": True,
        }
        method = "conversations.replies" if thread_ts else "conversations.history"
        if thread_ts:
            wanted["ts"] = thread_ts
        async for message in self._messages(method, wanted):
            if _is_of_slot(message, slot):
                return Posted(channel, str(message["ts"]))
        return None

    async def _messages(self, method: str, wanted: Mapping[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
        cursor: str | None = None
        for _ in range(PAGES_LOOKED_THROUGH):
            page = {"limit": MESSAGES_PER_PAGE, **wanted, **({"cursor": cursor} if cursor else {})}
            answer = await _asked(self._reading.api_call(method, http_verb="GET", params=page))
            for message in _part(answer, "messages"):
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def messages(
        self, channel: str, since: datetime, thread_ts: str | None = None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """What was said in a conversation since then, or in a thread of it, in a few pages at most.

        `conversations.history`, the newest first, or `conversations.replies`. Raises `MessageGone`, `ChannelGone`.
        """
        wanted = {"channel": channel, "oldest": f"{since.timestamp():.6f}"} | ({"ts": thread_ts} if thread_ts else {})
        async for message in self._messages(f"conversations.{'replies' if thread_ts else 'history'}", wanted):
            yield message

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message (`chat.getPermalink`)."""
        answer = await _asked(self._reading.chat_getPermalink(channel=channel, message_ts=ts))
        return str(answer["permalink"])

    async def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        """Say something to the one who clicked, where they clicked (Slack reference: "response_url")."""
        said = {"response_type": "ephemeral", "replace_original": replace, **message.to_dict()}
        try:
            async with self._session.post(response_url, json=said) as answer:
                if answer.status != 200:
                    raise errors.SlackError(f"response_url: HTTP {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.of_transport(error) from error

    # --- views ---

    async def open_modal(self, trigger_id: str, modal: Modal) -> None:
        """Open a modal within three seconds of a click (`views.open`)."""
        await _asked(self.client.views_open(trigger_id=trigger_id, view=modal.to_dict()))

    async def push_modal(self, trigger_id: str, modal: Modal) -> None:
        """Lay a modal on top of the one the person is in (`views.push`); three are the most."""
        await _asked(self.client.views_push(trigger_id=trigger_id, view=modal.to_dict()))

    async def update_modal(self, view_id: str, view_hash: str, modal: Modal) -> None:
        """Show something else in an open modal (`views.update`), unless it has changed since (`hash_conflict`)."""
        await _asked(self.client.views_update(view_id=view_id, hash=view_hash, view=modal.to_dict()))

    async def publish_home(self, user: str, home: Home) -> None:
        """Draw somebody's App Home (`views.publish`)."""
        await _asked(self.client.views_publish(user_id=user, view=home.to_dict()))

    # --- files ---

    async def file_info(self, file_id: str) -> SlackFile:
        """What Slack knows of a file (`files.info`)."""
        answer = await _asked(self._reading.files_info(file=file_id))
        return SlackFile.of(answer["file"])

    async def download(self, file: SlackFile) -> AsyncIterator[bytes]:
        """The bytes of a file as they come, never all in memory.

        Raises `SignInPage` when Slack answers with HTML or a redirect instead, `DownloadFailed` for anything else.
        """
        self._must_be_slacks(file)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._files.stream("GET", file.url_download, headers=headers) as answer:
                _must_be_the_file(answer, file)
                async for chunk in answer.aiter_bytes():
                    yield chunk
        except httpx.ConnectError as error:
            raise SlackAway(str(error)) from error
        except httpx.HTTPError as error:
            raise DownloadFailed(str(error) or type(error).__name__) from error

    async def share(
        self,
        channel: str,
        thread_ts: str | None,
        name: str,
        size: int,
        chunks: AsyncIterator[bytes],
        *,
        title: str = "",
        comment: str = "",
        before_shown: Callable[[], None] = lambda: None,
    ) -> None:
        """Lay a file of `size` bytes before people, in a conversation or thread.

        In three steps, since Slack takes no file in one: `files.getUploadURLExternal`, the bytes as they come, then
        `files.completeUploadExternal`. Nobody sees anything before the last; what `before_shown` raises prevents it.
        """
        answer = await _asked(self.client.files_getUploadURLExternal(filename=name, length=size))
        try:
            sent = await self._files.post(answer["upload_url"], content=chunks, headers={"Content-Length": str(size)})
        except httpx.HTTPError as error:
            raise SlackAway(str(error) or type(error).__name__) from error
        if sent.status_code != httpx.codes.OK:
            raise errors.SlackError(f"the upload was answered with HTTP {sent.status_code}")
        files = [{"id": answer["file_id"], "title": title or name}]
        before_shown()
        await _asked(
            self.client.files_completeUploadExternal(
                files=files, channel_id=channel, thread_ts=thread_ts or None, initial_comment=comment or None
            )
        )

    async def find_file(self, channel: str, thread_ts: str, name: str) -> bool:
        """Whether a file of this name stands in a thread, or in the conversation itself, in a few pages at most."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        async for message in self._messages(method, {"channel": channel} | ({"ts": thread_ts} if thread_ts else {})):
            if any(file.get("name") == name for file in message.get("files") or ()):
                return True
        return False

    def _must_be_slacks(self, file: SlackFile) -> None:
        # The token opens everything the app may do; it goes to Slack's file hosts and nowhere else.
        url = httpx.URL(file.url_download)
        if (url.scheme, url.netloc) == (self._own.scheme, self._own.netloc):
            return
        if url.scheme != "https" or url.host not in FILE_HOSTS:
            raise DownloadFailed(f"{url.host or 'no address'} is not one of Slack's file hosts")


async def _asked(request: Awaitable[AsyncSlackResponse], seconds: float | None = None) -> AsyncSlackResponse:
    with tracer.start_as_current_span("a request to Slack") as span:
        try:
            async with asyncio.timeout(seconds):
                answer = await request
        except SlackApiError as error:
            raise errors.of_answer(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise errors.of_transport(error) from error
        span.set_attribute("method", answer.api_url.rpartition("/")[2])
        return answer


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


def _part(answer: AsyncSlackResponse, name: str) -> Any:
    """A list or object of an answer; without it Slack has not said that there is nothing. Raises `Unanswered`."""
    found = answer.get(name)
    if found is None:
        raise errors.Unanswered(f"its answer has no {name}")
    return found


def _is_of_slot(message: Mapping[str, Any], slot: str) -> bool:
    metadata = message.get("metadata") or {}
    return metadata.get("event_type") == DELIVERY and metadata.get("event_payload", {}).get("slot") == slot


def _must_be_the_file(answer: httpx.Response, file: SlackFile) -> None:
    if answer.is_redirect:
        raise SignInPage(f"HTTP {answer.status_code}")
    if answer.status_code == errors.TOO_MANY or answer.status_code >= errors.SERVER_FAULT:
        raise DownloadFailed(f"HTTP {answer.status_code}")
    if answer.status_code != httpx.codes.OK:
        raise DownloadRefused(f"HTTP {answer.status_code}")
    given = answer.headers.get("content-type", "")
    if given.startswith("text/html") and not file.mimetype.startswith("text/html"):
        raise SignInPage(given)
