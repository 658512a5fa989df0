"""Machines: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class MachineKeyRef(Payload):
    """A key by which a machine brings evidence."""

    key: int
