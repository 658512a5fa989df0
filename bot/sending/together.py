"""What many messages are at in the same moment, such as being written down, is done for all of them in one transaction.

A transaction has a price of its own: being begun, being committed, and the flush of a disk. Whoever asks while the last
ones are carried out waits for that and goes with the next; whoever asks alone waits for nobody.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork

A = TypeVar("A")
T = TypeVar("T")

AT_ONCE = 100
"""So many at most: the rows that they change are kept from others until all of them are written."""


@dataclass(frozen=True, eq=False)
class _Asked(Generic[A, T]):
    workspace_id: str
    about: A
    outcome: "asyncio.Future[T]"


class Together(Generic[A, T]):
    """Carries out a command that does the same for several; one that fails takes down none of the others."""

    def __init__(self, database: Database, command: Callable[[UnitOfWork, Sequence[A]], Sequence[T]]) -> None:
        self._database = database
        self._command = command
        self._waiting: list[_Asked[A, T]] = []
        self._working: asyncio.Task[None] | None = None

    async def run(self, workspace_id: str, about: A) -> T:
        """The outcome, once it is committed. Raises what the command raises when it is carried out for this one alone.

        Cancelling stops the waiting, not the work.
        """
        asked: _Asked[A, T] = _Asked(workspace_id, about, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await asked.outcome

    async def _work(self) -> None:
        while self._waiting:
            workspace_id = self._waiting[0].workspace_id
            ours = [each for each in self._waiting if each.workspace_id == workspace_id][:AT_ONCE]
            self._waiting = [each for each in self._waiting if each not in ours]
            await self._carry_out(workspace_id, ours)
        self._working = None

    async def _carry_out(self, workspace_id: str, asked: Sequence[_Asked[A, T]]) -> None:
        try:
            outcomes = await self._database.run(workspace_id, self._command, [each.about for each in asked])
        except Exception as error:  # noqa: BLE001 - not swallowed: whoever it is about is given it
            if len(asked) > 1:
                await asyncio.gather(*(self._carry_out(workspace_id, [each]) for each in asked))
            elif not asked[0].outcome.done():
                asked[0].outcome.set_exception(error)
            return
        for each, outcome in zip(asked, outcomes, strict=True):
            if not each.outcome.done():  # they may have stopped waiting
                each.outcome.set_result(outcome)
