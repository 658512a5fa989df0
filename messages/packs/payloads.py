"""Packs: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class PackRef(Payload):
    """An audit pack as the reader saw it."""

    pack: int
    version: int


@dataclass(frozen=True)
class RequestRef(Payload):
    """What an auditor asks to see, as the reader saw it."""

    request: int
    version: int


@dataclass(frozen=True)
class AccessRef(Payload):
    """What an auditor from outside was let in to."""

    access: int
