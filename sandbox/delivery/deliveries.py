"""Deliveries to the app: events are kept and retried, interactions are asked once while the person waits."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from sandbox.clock import Clock
from sandbox.delivery.courier import Courier, NoAnswerError, Parcel
from sandbox.delivery.dropped import RATE_LIMITED, Dropped
from sandbox.delivery.retries import Retries
from sandbox.limits import EventLimits
from sandbox.log import Log
from sandbox.people import APP_ID
from sandbox.store import Json, Store
from sandbox.tokens import Tokens


class Deliveries:
    """Events wait, durably, until an app is there and has acknowledged them or three retries are used up."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        log: Log,
        tokens: Tokens,
        courier: Courier,
        limits: EventLimits,
        retries: Retries,
        dropped: Dropped,
    ) -> None:
        self._waiting = store.shelf("event")
        self._clock = clock
        self._log = log
        self._tokens = tokens
        self._courier = courier
        self._limits = limits
        self._retries = retries
        self.dropped = dropped
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        return self._courier.connected

    def start(self) -> None:
        """Take up the events that an earlier run could not deliver, where it left them in their schedule."""
        for event_id in list(self._waiting):
            self._begin(event_id)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def event(self, event: Json, team_id: str, bot_user: str) -> None:
        """Hand an event of a workspace to the app in the background (Slack reference: "Events API").

        Beyond 30,000 in an hour events are dropped, and the app is told so once a minute (`app_rate_limited`).
        """
        event_id = f"Ev0{secrets.token_hex(5).upper()}"
        payload = self._callback(event_id, event, team_id, bot_user)
        if self._limits.take(team_id):
            self._keep(event_id, payload)
            return
        self._drop(payload, tries=0, reason=RATE_LIMITED)
        if self._limits.tell(team_id):
            self._keep(secrets.token_hex(8), self._limited(team_id))

    async def ask(self, kind: str, name: str, payload: Json, who: str) -> Json:
        """Hand a command or an interaction over and return the app's acknowledgement.

        Raises NoAnswerError, at once if no app is connected.
        """
        return await self._carry(Parcel(kind, name, payload), who)

    def tell(self, kind: str, name: str, payload: Json, who: str) -> None:
        """Hand over in the background something that nobody waits for; the log says whether it was acknowledged."""
        self._start(self._try(Parcel(kind, name, payload), who))

    def _callback(self, event_id: str, event: Json, team_id: str, bot_user: str) -> Json:
        return {
            "token": self._tokens.verification,
            "team_id": team_id,
            "context_team_id": team_id,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": self._clock.seconds(),
            "authorizations": [_authorization(team_id, bot_user)],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(16)}",
        }

    def _limited(self, team_id: str) -> Json:
        """Slack reference: "app_rate_limited event", the one without an inner event."""
        return {
            "token": self._tokens.verification,
            "type": "app_rate_limited",
            "team_id": team_id,
            "minute_rate_limited": self._clock.seconds() // 60 * 60,
            "api_app_id": APP_ID,
        }

    def _keep(self, key: str, payload: Json) -> None:
        self._waiting[key] = payload
        # Begun at once and not awaited: Slack does not hold back an event because an earlier one is unanswered.
        self._begin(key)

    def _begin(self, key: str) -> None:
        self._start(self._deliver(key))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, key: str) -> None:
        payload = self._waiting[key]
        name = payload.get("event", payload)["type"]
        while (attempt := self._retries.next(key)).is_allowed:
            await self._retries.wait(attempt)
            await self._courier.wait()  # being away is no failed attempt: Slack keeps events for a reconnecting app
            try:
                await self._carry(Parcel("events_api", name, payload, attempt.number, attempt.reason), "")
                break
            except NoAnswerError as error:
                if error.final:
                    self._drop(payload, tries=attempt.number + 1, reason=str(error))
                    break
                self._retries.failed(key, attempt, str(error))
        else:
            self._drop(payload, tries=attempt.number, reason=attempt.reason)
        del self._waiting[key]
        self._retries.forget(key)

    def _drop(self, payload: Json, *, tries: int, reason: str) -> None:
        """Slack tries no more: from now on only this tells that there was such an event."""
        self.dropped.note(payload, tries=tries, reason=reason)
        name = payload.get("event", payload)["type"]
        detail = f"Slack gave up after {tries} tries ({reason}); event_id={payload.get('event_id', '')}"
        self._log.write("dropped", name, started=self._clock.elapsed(), who="", error=reason, detail=detail)

    async def _try(self, parcel: Parcel, who: str) -> None:
        with suppress(NoAnswerError):
            await self._carry(parcel, who)

    async def _carry(self, parcel: Parcel, who: str) -> Json:
        started = self._clock.elapsed()
        detail = f"redelivery {parcel.attempt}, {parcel.reason}" if parcel.attempt else ""
        try:
            answer = await self._courier.carry(parcel)
        except NoAnswerError as error:
            why = f"the app did not acknowledge ({error})"
            self._log.write("delivery", parcel.name, started=started, who=who, error=str(error), detail=why)
            raise
        self._log.write("delivery", parcel.name, started=started, who=who, detail=detail)
        return answer


def _authorization(team_id: str, bot_user: str) -> Json:
    return {
        "enterprise_id": None,
        "team_id": team_id,
        "user_id": bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
