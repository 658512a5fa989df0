"""Evidence room: the files that say how something came from an address, or that only the address was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Snapshot:
    """How something was fetched: which address was asked, by which redirects, what answered and with what."""

    asked: str
    via: Sequence[str]
    final: str
    machine: str
    status: int
    headers: Sequence[tuple[str, str]]
    at: datetime
    sha256: str
    size: int


def response_record(snapshot: Snapshot) -> str:
    """What an address answered, beside the answer's own bytes. Nothing in it is ours but the names of the lines."""
    facts = [
        ("Asked", snapshot.asked),
        *(("Sent on by", each) for each in snapshot.via),
        ("Answered by", snapshot.final),
        ("Machine", snapshot.machine),
        ("Moment", _moment(snapshot.at)),
        ("Status", str(snapshot.status)),
        ("Bytes", str(snapshot.size)),
        ("SHA-256", snapshot.sha256),
    ]
    head = "\n".join(f"{name + ':':<13}{value}" for name, value in facts)
    headers = "\n".join(f"{name}: {' '.join(value.split())}" for name, value in snapshot.headers)
    return f"What was fetched from an address\n\n{head}\n\nHeaders of the answer\n\n{headers}\n"


def probe_record(snapshot: Snapshot, *, name: str, expects: Sequence[str]) -> str:
    """What a probe was answered, and what was true of it."""
    found_so = "\n".join(expects)
    return f"{response_record(snapshot)}\nExpected by the probe {name}, and found so\n\n{found_so}\n"


def address_record(url: str, *, given_by: str, at: datetime) -> str:
    """An address that was kept without what stands there, as a list of addresses (RFC 2483)."""
    return f"# Given as evidence by {given_by} on {_moment(at)}.\n# What stands there was not fetched.\n{url}\n"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
