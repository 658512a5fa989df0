"""What is said with a decision: a sentence that has to be there, and where it is kept."""

from workflows.deed import Deed
from workflows.refusals import InputWanted
from workflows.wishes import Wish


def want(text: str, field: str, wish: Wish) -> None:
    """Raise `InputWanted` where nothing was written."""
    if not text.strip():
        raise InputWanted(field, wish)


def because(deed: Deed, reason: str) -> dict[str, object]:
    """The columns that say why a case went where it is, and who said so."""
    return {"reason": reason.strip(), "reason_by": deed.by, "reason_at": deed.at}


def nothing_in_the_way() -> dict[str, object]:
    """The same columns once there is nothing to say any more."""
    return {"reason": "", "reason_by": None, "reason_at": None}
