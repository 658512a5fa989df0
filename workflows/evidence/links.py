"""Evidence room: an address given as evidence. What stands there is fetched and kept, or the address alone is."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from storage.evidence.tables import Evidence, EvidenceState, WayIn
from workflows.deed import Deed
from workflows.evidence import arrivals
from workflows.evidence import commands as evidence_commands
from workflows.evidence.arrivals import Piece
from workflows.evidence.rules import OfferedFile, Place

# --- rules ---

ADDRESS_ONLY = "text/uri-list"
"""The type of a file that holds an address and not what stands there (RFC 2483)."""

NAME_LENGTH = 120
FETCH = "evidence.fetch"
"""The errand of fetching what stands at an address."""


def name_of(url: str) -> str:
    """What a link is called among files: its host and its path."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path.rstrip('/')}"[:NAME_LENGTH]


def source_of(url: str, task_id: int, at: datetime) -> str:
    """What tells one look at an address apart from the next: the same page shows something else another day."""
    return f"link:{task_id}:{at.isoformat()}:{hashlib.sha256(url.encode()).hexdigest()}"


def is_address_only(given: Evidence) -> bool:
    """Whether a link was kept without what stands there, so that whoever judges it has to look for themselves."""
    return given.way_in is WayIn.LINK and given.media_type == ADDRESS_ONLY


# --- commands ---


def give(deed: Deed, *, task_id: int, url: str, note: str) -> Evidence:
    """Take note of an address for a task; what stands there is fetched afterwards.

    Raises `NotAllowed` or `AlreadyDecided`.
    """
    offered = OfferedFile("", name_of(url), 0, url, note, source_of(url, task_id, deed.at))
    place = Place("", "", WayIn.LINK)
    [taken] = evidence_commands.give(deed, task_id=task_id, files=[offered], place=place)
    deed.errand(FETCH, values={"of": taken.id}, about=taken.name)
    return taken


def keep(deed: Deed, *, evidence_id: int, page: Piece, about: Sequence[Piece] = ()) -> Evidence:
    """What stands there, or the address alone, is in the store; `about` are files that say how it came."""
    given = deed.uow.get(Evidence, evidence_id)
    if given.state is not EvidenceState.COLLECTING:
        return given
    deed.uow.change(given, name=page.name)
    kept = arrivals.keep_or_refuse(deed, given.id, page)
    for task in arrivals.tasks_of(deed.uow, given) if kept.state is EvidenceState.KEPT else ():
        for each in about:
            arrivals.bring_one(deed.in_name_of(given.provided_by), task, each, way_in=WayIn.LINK)
    return kept
