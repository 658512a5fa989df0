"""Frameworks: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class FrameworkPage(Payload):
    """A page of the requirements of a framework, counted from 1; of one theme if it is not empty."""

    edition: str
    theme: str = ""
    page: int = 1


@dataclass(frozen=True)
class RequirementRef(Payload):
    """A requirement and the version of what the reader saw decided about it (0: nothing yet).

    `goes_on`: after saving, the next one is asked for in the same modal.
    """

    reference: str
    version: int
    goes_on: bool = False


@dataclass(frozen=True)
class EditionRef(Payload):
    """The certificate for an edition as the reader saw it; version 0 where there was none yet."""

    edition: str
    version: int
