"""Frameworks: what is done, each as one unit of work.

A reference is `edition:number`, such as `iso27001-2022:A.5.18`, so that it never loses its edition. A framework of the
organisation's own is an edition too (`own-acme:AC-1`), read from the database instead of from a file.
"""

from workflows.deed import Deed
from workflows.people.permissions import Permission


def switch_titles(deed: Deed, *, shown: bool) -> None:
    """Name requirements of standards with their short titles, or by number only. Raises `NotAllowed`."""
    deed.must(Permission.SHOW_OR_HIDE_TITLES)
    deed.uow.put_workspace(shows_titles=shown)
    deed.record("titles.switch", ("workspace", deed.uow.workspace_id), shown=shown)
