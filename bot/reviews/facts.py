"""Reviews: what the words need to know, looked up in rows."""

from messages.reviews import status as status_words
from workflows.reviews.rules import Standing


def programme(standing: Standing) -> status_words.Programme:
    """The programme in figures, as it is told."""
    behind = [status_words.OverdueOwner(**vars(each)) for each in standing.overdue]
    readiness = [
        status_words.StandardReadiness(each.standard, each.ready, each.applicable) for each in standing.readiness
    ]
    return status_words.Programme(**{**vars(standing), "overdue": behind, "readiness": readiness})
