"""Machines: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MachineKeyRef:
    """A key by which a machine brings evidence."""

    key: int
