"""The door: every payload from Slack to its handler, and the handler's reply back to Slack.

It is one Bolt middleware that looks up the handler in a dict, since Bolt tries its listeners one after another. The
acknowledgement is the last step, so that what is acknowledged is committed.
"""

import asyncio
import difflib
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from opentelemetry import trace
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.http.seldom import Seldom
from bot.http.server import Meters
from bot.services import Services
from bot.slack import answers, decoding
from bot.slack.answers import To
from bot.slack.calls import AlreadyHandled, Command, Reply, Tell
from bot.slack.decoding import Body
from bot.slack.errors import SlackError, TriggerExpired, ViewRefused
from bot.slack.looks import Looks
from bot.slack.replies import Answer, Place
from bot.slack.routes import COMMAND, Index
from messages.home import help_page as help_words
from messages.words.kit import Message
from messages.words.payloads import UnreadablePayload
from messages.words.refusals import refusal, retired
from storage.engine.errors import NotFound, VersionConflict
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people.refusals import NotInDirectory
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)

KINDS = {
    "block_actions": "press",
    "view_submission": "form",
    "view_closed": "closed",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "event_callback": "event",
}
"""What we call the types of payload. A slash command has no type."""

FAILED = frozenset({"unexpected", "slack"})
"""Outcomes with which nothing was done: by our fault, or by Slack's."""

LAST_REDELIVERY = ["3"]  # Slack reference: "Events API", "Retries"
LAST_ANSWERS_LEAVE = 0.05
"""Seconds in which Bolt hands the last answers to the socket."""


class NoSuchRoute(Exception):
    """No room answers to this id any longer."""


class Router(AsyncMiddleware):
    """Hands every payload to the room that answers it."""

    def __init__(self, services: Services, routes: Index, meters: Meters) -> None:
        self._services = services
        self._routes = routes
        self._meters = meters
        self._seldom = Seldom()
        self._looks = Looks()
        self._being_answered = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._replies: dict[str, Callable[[Body], Awaitable[Reply]]] = {
            "command": self._to_command,
            "press": self._to_press,
            "form": self._to_form,
            "closed": self._to_closed,
            "shortcut": self._to_shortcut,
            "event": self._to_event,
        }

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's own signature
    ) -> BoltResponse | None:
        """Answer one payload; what is none of ours goes on to Bolt, which says so."""
        body = req.body
        kind = "command" if "command" in body else KINDS.get(str(body.get("type")))
        if kind is None:
            return await next()
        place, arrived = Place(self._services.gateway, kind, body), self._services.clock.now()
        outcome, answer = await self._timed_answer(place)
        if outcome in FAILED and kind == "event" and not _is_last(req):
            return BoltResponse(status=500, body=answer.reference)  # unacknowledged, Slack delivers it again
        if answer.said is not None and not await self._planned(body, *answer.said):
            return BoltResponse(status=500, body="")
        self._go_on(place, answer, outcome, arrived)
        return BoltResponse(status=200, body=dict(answer.ack) if answer.ack else "")

    async def finish(self, *, seconds: float) -> None:
        """Wait until everything that has arrived is answered."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), seconds)
        await asyncio.sleep(LAST_ANSWERS_LEAVE)

    async def _timed_answer(self, place: Place) -> tuple[str, Answer]:
        began = time.perf_counter()
        self._being_answered += 1
        self._quiet.clear()
        try:
            with tracer.start_as_current_span(f"answer to a {place.kind}") as span:
                outcome, answer = await self._answer(place)
                span.set_attribute("outcome", outcome)
        finally:
            self._being_answered -= 1
            if not self._being_answered:
                self._quiet.set()
        self._meters.interaction(place.kind, outcome, time.perf_counter() - began)
        return outcome, answer

    async def _answer(self, place: Place) -> tuple[str, Answer]:
        try:
            return await self._answer_or_refuse(place)
        except SlackError as error:
            reference = secrets.token_hex(4)
            log.warning("Slack did not do what was asked", reference=reference, kind=place.kind, error=str(error))
            return "slack", _failed(place, reference)
        except Exception as error:
            # Once a minute for each place in the code, so that whoever causes it again and again fills no disk.
            entry = self._seldom.entry(_where(error))
            if entry.is_due:
                left_out = entry.left_out
                log.exception("unexpected error", reference=entry.reference, kind=place.kind, left_out=left_out)
            return "unexpected", _failed(place, entry.reference)

    async def _answer_or_refuse(self, place: Place) -> tuple[str, Answer]:
        try:
            return "done", place.answer(await self._replies[place.kind](place.body))
        except AlreadyHandled:
            return "repeated", Answer()
        except Refusal as no:
            return "refused", place.refuse_for(no)
        except VersionConflict:
            return "refused", place.refuse("stale", {})
        except NotFound as gone:
            return "refused", place.refuse("not_found", {"table": gone.table.__tablename__, "id": gone.id})
        except UnreadablePayload:
            return "unreadable", place.refuse("unreadable_button", {})
        except NoSuchRoute:
            return "unknown", place.refuse("retired_button", {})

    async def _planned(self, body: Body, message: Message, to: To) -> bool:
        """Whether the answer to an event stands in the outbox, before it is acknowledged; said once, however often."""
        try:
            await self._services.database.run(
                body["team_id"], answers.plan, message, to, once_per=body["event_id"], at=self._services.clock.now()
            )
        except Exception:
            log.exception("an answer could not be planned", event=body["event_id"])
            return False
        self._services.wake()
        return True

    def _go_on(self, place: Place, answer: Answer, outcome: str, arrived: datetime) -> None:
        if answer.work is not None:
            self._services.later(self._show(place, answer.work), about=f"reply to a {place.kind}")
        if outcome not in FAILED and place.leaves_home_stale:
            home = partial(self._services.publish_home, place.body["team"]["id"], place.body["user"]["id"])
            self._services.later(self._show(place, home), about="Home after a change")
        if outcome not in FAILED:
            self._services.later(self._looks.notice(self._services, place.body, arrived), about="what is looked at")

    async def _show(self, place: Place, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except NotInDirectory:
            log.info("nothing is shown to somebody who is not in the directory", kind=place.kind)
        except SlackError as error:
            reference = secrets.token_hex(4)
            log.warning("a reply could not be shown", reference=reference, error=str(error))
            if isinstance(error, TriggerExpired | ViewRefused) and (url := place.body.get("response_url")):
                # The window did not open: without a word it would look as if the button were dead.
                await self._services.gateway.respond(url, refusal("unexpected", reference=reference))

    # --- one way in for each kind of payload ---

    async def _to_command(self, body: Body) -> Reply:
        call = decoding.command(self._services, body, self._services.clock.now())
        route = self._routes.verbs.get(call.verb)
        return await route.handler(call) if route else await self._help(call)

    async def _to_press(self, body: Body) -> Reply:
        route = self._routes.presses.get(body["actions"][0]["action_id"])
        if route is None:
            return self._retired(body["actions"][0]["action_id"])
        return await route.handler(decoding.press(self._services, body, self._services.clock.now(), route))

    async def _to_form(self, body: Body) -> Reply:
        route = self._routes.forms.get(body["view"]["callback_id"])
        if route is None:
            return self._retired(body["view"]["callback_id"])
        # What is in a form is looked at, and files in it are fetched, for those who are there only.
        await self._services.database.read(body["team"]["id"], people_questions.actor, body["user"]["id"])
        return await route.handler(decoding.form(self._services, body, self._services.clock.now(), route))

    async def _to_closed(self, body: Body) -> Reply:
        route = self._routes.closed.get(body["view"]["callback_id"])
        if route is None:
            return None
        return await route.handler(decoding.closed(self._services, body, self._services.clock.now(), route))

    async def _to_shortcut(self, body: Body) -> Reply:
        route = self._routes.shortcuts.get(body["callback_id"])
        if route is None:
            return self._retired(body["callback_id"])
        return await route.handler(decoding.shortcut(self._services, body, self._services.clock.now()))

    async def _to_event(self, body: Body) -> Reply:
        route = self._routes.events.get(decoding.event_name(body["event"]))
        if route is None:
            return None
        return await route.handler(decoding.event(self._services, body, self._services.clock.now()))

    # --- what the door itself says ---

    async def _help(self, call: Command) -> Reply:
        """What there is to type; guests without a role read of what is for everybody only."""
        typed, is_outsider = call.verb, await call.ask(_is_outsider)
        verbs = {name: each for name, each in self._routes.verbs.items() if each.for_all or not is_outsider}
        commands = [help_words.Command(COMMAND, name, each.for_all) for name, each in verbs.items()]
        if typed in ("", "help"):
            return Tell(help_words.overview(commands))
        nearest = difflib.get_close_matches(typed, list(verbs))
        return Tell(help_words.unknown_command(typed=typed, nearest=nearest, commands=commands))

    def _retired(self, old_id: str) -> Reply:
        old = self._routes.retired.get(old_id)
        if old is None:
            raise NoSuchRoute(old_id)
        return Tell(retired(old.instead))


def _failed(place: Place, reference: str) -> Answer:
    return replace(place.refuse("unexpected", {"reference": reference}), reference=reference)


def _where(error: Exception) -> tuple[type[Exception], str, int | None]:
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return type(error), frame.f_code.co_filename, line


def _is_outsider(deed: Deed) -> bool:
    return deed.actor.is_outsider


def _is_last(req: AsyncBoltRequest) -> bool:
    return req.headers.get("x-slack-retry-num") == LAST_REDELIVERY
