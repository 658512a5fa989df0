"""A courier that fails on demand: late, twice, out of order, or with the acknowledgement lost on its way back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from sandbox.delivery.courier import Courier, NoAnswerError, Parcel
from sandbox.faults import Fault, Faults
from sandbox.store import Json


class FaultyCourier:
    """Hands everything to another courier, and does to it what the faults of the moment say."""

    def __init__(self, *, courier: Courier, faults: Faults, ack_seconds: float) -> None:
        self._courier = courier
        self._faults = faults
        self._ack_seconds = ack_seconds
        self._held: asyncio.Event | None = None
        self._acts: Mapping[str, Callable[[Fault, Parcel], Awaitable[Json]]] = {
            "late_delivery": self._late,
            "slow_ack": self._slow_ack,
            "ignored_ack": self._ignored_ack,
            "duplicate_event": self._twice,
            "reordered_event": self._after_the_next,
        }

    @property
    def timeout_reason(self) -> str:
        return self._courier.timeout_reason

    @property
    def connected(self) -> bool:
        return self._courier.connected

    async def wait(self) -> None:
        await self._courier.wait()

    async def carry(self, parcel: Parcel) -> Json:
        fault = self._faults.strike(parcel.kind, parcel.name)
        held = self._held
        answer = await (self._acts[fault.kind.name](fault, parcel) if fault else self._courier.carry(parcel))
        if held and parcel.kind == "events_api":
            held.set()
        return answer

    async def _late(self, fault: Fault, parcel: Parcel) -> Json:
        await fault.hold(fault["seconds"])
        return await self._courier.carry(parcel)

    async def _slow_ack(self, fault: Fault, parcel: Parcel) -> Json:
        try:
            async with asyncio.timeout(self._ack_seconds):
                answer = await self._courier.carry(parcel)
                await fault.hold(fault["seconds"])
                return answer
        except TimeoutError:
            raise NoAnswerError(self.timeout_reason) from None

    async def _ignored_ack(self, fault: Fault, parcel: Parcel) -> Json:
        await self._courier.carry(parcel)
        await fault.hold(self._ack_seconds)  # Slack waits for what it did not get
        raise NoAnswerError(self.timeout_reason)

    async def _twice(self, _: Fault, parcel: Parcel) -> Json:
        await self._courier.carry(parcel)
        return await self._courier.carry(parcel)

    async def _after_the_next(self, fault: Fault, parcel: Parcel) -> Json:
        # One is held at a time: two that waited for each other would both be late and in their old order.
        if self._held is None:
            self._held = asyncio.Event()
            try:
                async with asyncio.timeout(fault["seconds"]):
                    await self._held.wait()
            except TimeoutError:
                pass
            finally:
                self._held = None
        return await self._courier.carry(parcel)
