"""What is wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Objection:
    """One finding. `pointer` is a JSON pointer, `error` the word of the Web API, `field` the key that is missing."""

    pointer: str
    message: str
    error: str = "invalid_blocks"
    field: str = ""

    @property
    def code(self) -> str:
        """The word of blocks.validate (Slack reference: "blocks.validate")."""
        return "missing_field" if self.field else "failed_constraint"

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


def missing(pointer: str, field: str) -> Objection:
    return Objection(pointer, f"missing required field: {field}", field=field)
