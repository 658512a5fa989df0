"""Frameworks: what is done, each as one unit of work.

A reference is `edition:number`, such as `iso27001-2022:A.5.18`, so that it never loses its edition. A framework of the
organisation's own is an edition too (`own-acme:AC-1`), read from the database instead of from a file.
"""

from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from workflows.people.rules import Actor


def switch_titles(uow: UnitOfWork, actor: Actor, *, shown: bool, at: datetime) -> None:
    """Name requirements of standards with their short titles, or by number only. Raises `NotAllowed`."""
    actor.must("show or hide titles")
    uow.put_workspace(shows_titles=shown)
    uow.record(
        actor=actor.person_id,
        verb="titles.switch",
        subject="workspace",
        subject_id=uow.workspace_id,
        at=at,
        details={"shown": shown},
    )
