"""What a lead has answered so far. Answers are kept as they were given; whether they will do stands in `steps.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from storage.engine.unit_of_work import JSON
from workflows.programme.shapes import Wishes


class Aim(StrEnum):
    """How a standard is followed: without a certificate, on the way to one, or with one."""

    NO_CERTIFICATE = "no_certificate"
    PREPARING = "preparing"
    CERTIFIED = "certified"


@dataclass(frozen=True)
class Dates:
    """What a lead says about the certificate for a standard, or the way to it."""

    certification_body: str = ""
    stage_1_on: date | None = None
    stage_2_on: date | None = None
    decided_on: date | None = None
    expires_on: date | None = None
    last_surveillance_on: date | None = None
    transition_by: date | None = None


@dataclass(frozen=True)
class Answers:
    """Everything a programme is started with.

    `aims` and `dates` go by edition, `owners` and `deputies` by owner group. `left_out` and `changed` are the proposed
    obligations, by their keys, that a lead does not want, or wants otherwise.
    """

    standards: tuple[str, ...] = ()
    aims: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, Dates] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    deputies: Mapping[str, str] = field(default_factory=dict)
    auditors: tuple[str, ...] = ()
    management: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = tuple(range(5))
    country: str | None = None
    region: str | None = None
    digest_channel: str = ""
    shows_titles: bool = True
    left_out: tuple[str, ...] = ()
    changed: Mapping[str, Wishes] = field(default_factory=dict)

    def with_more(self, given: Mapping[str, Any]) -> "Answers":
        """These answers with those that were given now; what goes by a key is added to what others said there."""
        values: dict[str, Any] = {
            name: {**getattr(self, name), **new} if isinstance(new, dict) else new for name, new in given.items()
        }
        return replace(self, **values)

    def to_json(self) -> dict[str, JSON]:
        """The answers as a row keeps them."""
        kept: dict[str, JSON] = _adapter().dump_python(self, mode="json")
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Answers":
        """The answers that a row keeps."""
        return _adapter().validate_python(kept)


@cache
def _adapter() -> TypeAdapter[Answers]:
    return TypeAdapter(Answers)
