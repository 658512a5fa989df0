"""Evidence room: machines that bring evidence by a signed request. Each has a key, and each key one obligation."""

import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from secrets import token_hex

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.machines import queries as machine_queries
from storage.machines.tables import MachineKey
from storage.programme.tables import Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import arrivals
from workflows.evidence import rules as evidence_rules
from workflows.evidence.arrivals import Piece
from workflows.machines.refusals import KeysNotSetUp
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.refusals import NotInDirectory
from workflows.refusals import InputWanted
from workflows.wishes import Wish

# --- rules ---

WINDOW = timedelta(minutes=5)
"""So far a request's clock may be from ours, in both directions."""

NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_IN_A_KEY_OR_NAME = 120


class RequestFault(StrEnum):
    """Why a machine's request was not carried out."""

    MALFORMED = "malformed"
    UNSIGNED = "unsigned"
    OLD = "old"
    REVOKED = "revoked"
    MAKER_GONE = "maker_gone"
    REPLAYED = "replayed"
    NO_TASK = "no_task"
    DIGEST_DIFFERS = "digest_differs"
    EMPTY = "empty"
    WRONG_KIND = "wrong_kind"
    TOO_LARGE = "too_large"
    STALLED = "stalled"
    STORE_UNAVAILABLE = "store_unavailable"
    NOT_SET_UP = "not_set_up"


class MachineRefused(Exception):
    """A machine's request was not carried out, and nothing was kept."""

    def __init__(self, fault: RequestFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Claim:
    """What a request says of itself before its body comes. `once` is its idempotency key, or empty."""

    public_id: str
    timestamp: str
    nonce: str
    once: str
    name: str
    sha256: str
    signature: str


def secret_of(server_secret: str, public_id: str) -> str:
    """The secret of a key, which only whoever has ours can compute: there is nothing in the database to steal."""
    return hmac.new(server_secret.encode(), f"deskaudit machine key 1 {public_id}".encode(), hashlib.sha256).hexdigest()


def signature_of(secret: str, claim: Claim) -> str:
    """What a machine must send so that we know whose request it is, and that none of it was changed."""
    parts = ("v1", claim.public_id, claim.timestamp, claim.nonce, claim.once, claim.name, claim.sha256)
    return "v1=" + hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def must_be_well_formed(claim: Claim) -> None:
    """Raise `MachineRefused` for a request that says too little or too much of itself."""
    texts = (claim.once, claim.name)
    well = (
        NONCE.fullmatch(claim.nonce)
        and SHA256.fullmatch(claim.sha256)
        and re.fullmatch(r"\d{1,12}", claim.timestamp)
        and all(len(each) <= MOST_IN_A_KEY_OR_NAME and each.isprintable() for each in texts)
        and claim.name
    )
    if not well:
        raise MachineRefused(RequestFault.MALFORMED)


# --- commands ---


def make(deed: Deed, *, name: str, obligation_id: int, server_secret: str) -> tuple[MachineKey, str]:
    """Make a key for an obligation; its secret is told this once.

    Raises `NotAllowed`, `InputWanted`, or `KeysNotSetUp` where there is no `server_secret`.
    """
    deed.must(Permission.MAKE_KEYS_FOR_MACHINES)
    if not server_secret:
        raise KeysNotSetUp
    called = " ".join(name.split())
    if not called or len(called) > 80 or machine_queries.open_key(deed.uow, called):
        raise InputWanted("name", Wish.ENTER_NAME_NO_OTHER_KEY_HAS)
    obligation = deed.uow.get(Obligation, obligation_id)
    made = deed.uow.add(
        MachineKey(public_id=token_hex(8), name=called, obligation_id=obligation.id, made_by=deed.by, made_at=deed.at)
    )
    _record(deed, "make", made)
    return made, secret_of(server_secret, made.public_id)


def revoke(deed: Deed, *, key_id: int) -> MachineKey:
    """End a key; revoking it twice changes nothing. Raises `NotAllowed`."""
    deed.must(Permission.MAKE_KEYS_FOR_MACHINES)
    key = deed.uow.get(MachineKey, key_id)
    if key.revoked_at is not None:
        return key
    _record(deed, "revoke", key)
    return deed.uow.change(key, revoked_at=deed.at, revoked_by=deed.by)


def _record(deed: Deed, verb: str, key: MachineKey) -> None:
    deed.record(f"machine_key.{verb}", key, name=key.name, public_id=key.public_id, obligation=key.obligation_id)


@dataclass(frozen=True)
class Delivered:
    """What became of a machine's file. `again`: it had come before under the same idempotency key."""

    evidence: Evidence
    task: Task
    again: bool = False


def deliver(deed: Deed, *, claim: Claim, piece: Piece, server_secret: str) -> Delivered:
    """Keep what a machine brought for the open task of its key's obligation. Raises `MachineRefused`."""
    key = authentic(deed.uow, claim, server_secret=server_secret, at=deed.at)
    if not deed.uow.first_time(f"machine:{key.public_id}:{claim.nonce}", deed.at):
        raise MachineRefused(RequestFault.REPLAYED)
    known = evidence_queries.of_source(deed.uow, piece.source_key)
    if known is not None:
        return Delivered(known, _task_of(deed.uow, known), again=True)
    task = task_now(deed.uow, key.obligation_id)
    if task is None:
        raise MachineRefused(RequestFault.NO_TASK)
    kept = arrivals.bring_one(deed.in_name_of(key.made_by), task, piece, way_in=WayIn.ENDPOINT)
    if kept.state is not EvidenceState.KEPT:
        raise MachineRefused(RequestFault(kept.reason))
    deed.uow.change(key, used_at=deed.at)
    return Delivered(kept, task)


def _task_of(uow: UnitOfWork, given: Evidence) -> Task:
    return uow.get(Task, evidence_queries.uses_of(uow, given.id)[0].task_id or 0)


# --- questions ---


def authentic(uow: UnitOfWork, claim: Claim, *, server_secret: str, at: datetime) -> MachineKey:
    """The key of a request that was signed with it just now. Raises `MachineRefused`."""
    key = machine_queries.key_of(uow, claim.public_id)
    # For a key that is none the work is the same, so that nobody learns by the clock which there are.
    expected = signature_of(secret_of(server_secret, claim.public_id), claim)
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()) or key is None:
        raise MachineRefused(RequestFault.UNSIGNED)
    if abs(at - datetime.fromtimestamp(int(claim.timestamp), UTC)) > WINDOW:
        raise MachineRefused(RequestFault.OLD)
    if key.revoked_at is not None:
        raise MachineRefused(RequestFault.REVOKED)
    if not _maker_still_may(uow, key):
        raise MachineRefused(RequestFault.MAKER_GONE)
    return key


def _maker_still_may(uow: UnitOfWork, key: MachineKey) -> bool:
    try:
        return people_questions.actor(uow, key.made_by).may(Permission.MAKE_KEYS_FOR_MACHINES)
    except NotInDirectory:
        return False


def task_now(uow: UnitOfWork, obligation_id: int, but: Collection[int] = ()) -> Task | None:
    """The task of an obligation that takes evidence now, the longest waiting one where there are several.

    `but` are tasks that somebody has to answer, and no machine.
    """
    tasks = task_queries.of_obligation(uow, obligation_id, evidence_rules.TAKES_FILES)
    open_ones = [each for each in tasks if each.id not in but]
    return open_ones[0] if open_ones else None


def source_of(claim: Claim) -> str:
    """What tells a delivery apart: the idempotency key, else the request itself."""
    return f"key:{claim.public_id}:{claim.once or claim.nonce}"


@dataclass(frozen=True)
class KeyStanding:
    """A key and what it is for."""

    key: MachineKey
    obligation: Obligation


def keys(deed: Deed) -> list[KeyStanding]:
    """Every key that is not revoked. Raises `NotAllowed`."""
    deed.must(Permission.MAKE_KEYS_FOR_MACHINES)
    return [
        KeyStanding(each, deed.uow.get(Obligation, each.obligation_id)) for each in machine_queries.open_keys(deed.uow)
    ]
