"""People: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonRef:
    """Somebody in the directory."""

    person: str
