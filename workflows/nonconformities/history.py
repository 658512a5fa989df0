"""The whole history of a case: who did what and when, as the trail says, and which signatures stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.nonconformities import queries
from storage.nonconformities.tables import Nonconformity, Signature
from storage.record import trail
from workflows.deed import Deed
from workflows.nonconformities import questions


@dataclass(frozen=True)
class Happened:
    """One event of a case, by its name; `details` are what the trail tells of it."""

    at: datetime
    by: str
    event: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class History:
    """Everything that happened to a case, and every signature, those that lapsed included; the first one first."""

    case: Nonconformity
    events: Sequence[Happened]
    signatures: Sequence[Signature]


def of_case(deed: Deed, *, nonconformity_id: int) -> History:
    """The history of a case, for those who may read it. Raises `NotAllowed`."""
    case = questions.to_read(deed, nonconformity_id=nonconformity_id)
    found = trail.about(deed.uow, "nonconformity", case.id)
    events = [
        Happened(each.moment, each.actor_id, each.verb.removeprefix("nonconformity."), json.loads(each.details))
        for each in found
    ]
    return History(case, events, queries.signatures(deed.uow, case.id))
