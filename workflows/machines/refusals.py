"""Machines: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import Refusal


@dataclass(eq=False)
class KeysNotSetUp(Refusal):
    """A key for a machine is wanted, and the bot was given no secret to make keys with."""
