"""People: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class PersonRef(Payload):
    """Somebody in the directory."""

    person: str
