"""Desk audits: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import Refusal


@dataclass(eq=False)
class OwnAudit(Refusal):
    """Nobody audits own work (cl. 9.2.2: objective and impartial)."""
