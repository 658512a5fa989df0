"""What is wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One finding. `pointer` is a JSON pointer, `code` the word of blocks.validate, `error` that of the Web API."""

    pointer: str
    message: str
    code: str = "failed_constraint"
    error: str = "invalid_blocks"

    def __str__(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"
