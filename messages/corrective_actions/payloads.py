"""Corrective actions: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class ActionRef(Payload):
    """An action of a plan as the reader saw it."""

    action: int
    version: int
