"""The way of a file: from Slack into the store, hashed as it streams, then a verdict on the row.

A row in `collecting` is all that is remembered, so what a crash interrupts is taken up again at the next start.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import puremagic
import structlog

from bot.errors import DownloadFailed, MissingScope, SignInPage, SlackError
from bot.house import House
from storage import evidence as stored
from storage.blobs import Blob
from storage.errors import StoreUnavailable
from storage.evidence import Evidence, EvidenceState
from workflows import evidence
from workflows.evidence import Fault

log = structlog.get_logger(__name__)

TRIES = 3
SECONDS_BETWEEN_TRIES = 2.0
ENOUGH_TO_TELL_THE_TYPE = 4096
"""Bytes."""


class Fetched(NamedTuple):
    """What came from Slack: the blob as it stands in the store, the type its beginning tells, the size Slack names."""

    blob: Blob
    media_type: str
    named_size: int


def collect_later(house: House, workspace_id: str, taken: Sequence[Evidence]) -> None:
    """Begin to fetch what was just given, beside everything else."""
    for each in taken:
        if each.state is EvidenceState.COLLECTING and each.slack_file_id:
            house.later(collect(house, workspace_id, each), about=f"evidence {each.id}")


async def collect_what_is_left(house: House, workspace_id: str) -> None:
    """Take up what an earlier run was fetching when it ended."""
    collect_later(house, workspace_id, await house.database.read(workspace_id, stored.collecting))


async def collect(house: House, workspace_id: str, given: Evidence) -> None:
    """Fetch one file, keep it, and say so; or say why not."""
    fetched = await _fetch(house, given)
    fault = fetched if isinstance(fetched, Fault) else fault_of(fetched)
    at = house.clock.now()
    if fault is None and isinstance(fetched, Fetched):
        await house.database.run(
            workspace_id,
            evidence.keep,
            evidence_id=given.id,
            sha256=fetched.blob.sha256,
            size=fetched.blob.size,
            media_type=fetched.media_type,
            at=at,
        )
    elif fault is not None:
        log.warning("evidence was not kept", evidence=given.id, fault=fault.value)
        received = fetched.blob.size if isinstance(fetched, Fetched) else None
        await house.database.run(
            workspace_id, evidence.refuse, evidence_id=given.id, fault=fault, received=received, at=at
        )
    house.wake()


async def _fetch(house: House, given: Evidence) -> Fetched | Fault:
    """The file in the store, or why it is not there. What may pass is tried again."""
    for tried in range(1, TRIES + 1):
        try:
            return await _stream(house, given.slack_file_id or "")
        except (SignInPage, MissingScope):
            return Fault.SIGN_IN_PAGE
        except StoreUnavailable:
            return Fault.STORE_UNAVAILABLE
        except (DownloadFailed, SlackError) as error:
            log.warning("a download failed", evidence=given.id, tried=tried, why=type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_TRIES if tried < TRIES else 0)
    return Fault.DOWNLOAD_FAILED


async def _stream(house: House, slack_file_id: str) -> Fetched:
    file = await house.gateway.file_info(slack_file_id)
    head = bytearray()

    async def watched() -> AsyncIterator[bytes]:
        async for chunk in house.gateway.download(file):
            head.extend(chunk[: ENOUGH_TO_TELL_THE_TYPE - len(head)])
            yield chunk

    blob = await house.blobs.put(watched())
    return Fetched(blob, _media_type(bytes(head), file.name), file.size)


def _media_type(head: bytes, name: str) -> str:
    """The type the bytes tell; the name is only a hint to it, and never an authority."""
    try:
        return puremagic.from_string(head, mime=True, filename=name) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "text/plain" if head.isascii() else "application/octet-stream"


def fault_of(fetched: Fetched) -> Fault | None:
    """What is wrong with bytes that did arrive: none at all, or not as many as `files.info` names."""
    if fetched.blob.size == 0:
        return Fault.EMPTY
    return Fault.SIZE_DIFFERS if fetched.blob.size != fetched.named_size else None
