"""A message saved as evidence: who may save it, for what, and that its text and files are given once."""

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence import saved_messages as stored_saved_messages
from storage.evidence.tables import Evidence, EvidenceState, MessageFile, OfferedMessage, WayIn
from storage.record.outbox import OutboxRow
from storage.tasks.tables import TaskState
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.test_tasks import the_access_review
from workflows.evidence import saved_messages
from workflows.evidence.arrivals import Piece
from workflows.evidence.refusals import NoTaskTakesEvidence
from workflows.evidence.saved_messages import SlackMessage
from workflows.refusals import AlreadyDecided, NotAllowed

PHOTO = MessageFile("F7", "rack.jpg", 9, "https://example.com/f7")
MESSAGE = SlackMessage("C0OPS", "it-operations", "1763884800.000100", "UPRIYA", "The restore worked.", [PHOTO])


def offer(uow: UnitOfWork, by: str = "UJONAS") -> OfferedMessage:
    """A message for which the form stands open."""
    return saved_messages.offer(deed(uow, by), message=MESSAGE)[0]


def save(uow: UnitOfWork, message: OfferedMessage, by: str = "UJONAS") -> list[Evidence]:
    """The form submitted for the access review."""
    task_id = the_access_review(uow).id
    source = saved_messages.source_of(message, task_id)
    text = Piece("message.txt", "1" * 64, 20, "text/plain", source, "https://example.com/m", "Third quarter")
    return saved_messages.save(deed(uow, by), message_id=message.id, task_id=task_id, text=text, note="Third quarter")


def test_text_and_files_are_pieces_of_their_own_under_one_task(programme: UnitOfWork) -> None:
    text, photo = save(programme, offer(programme))
    assert (text.state, text.way_in, text.permalink) == (EvidenceState.KEPT, WayIn.SHORTCUT, "https://example.com/m")
    assert (photo.state, photo.way_in, photo.slack_file_id) == (EvidenceState.COLLECTING, WayIn.SHORTCUT, "F7")
    assert {each.note for each in (text, photo)} == {"Third quarter"}
    review = the_access_review(programme)
    assert review.state is TaskState.SUBMITTED
    assert {use.task_id for each in (text, photo) for use in evidence_queries.uses_of(programme, each.id)} == {
        review.id
    }
    [receipt] = programme.matching(OutboxRow, kind="evidence.receipt")
    assert receipt.recipient == "UJONAS"


def test_the_same_message_serves_the_same_task_once(programme: UnitOfWork) -> None:
    first, again = save(programme, offer(programme)), save(programme, offer(programme))
    assert [each.id for each in first] == [each.id for each in again]
    assert programme.count(Evidence) == 2


@pytest.mark.parametrize("person", ["UTOM", "ULIAM", "UDAVID"])
def test_who_has_no_task_is_told_so(programme: UnitOfWork, person: str) -> None:
    with pytest.raises(NoTaskTakesEvidence):
        offer(programme, by=person)
    assert programme.count(OfferedMessage) == 0


def test_an_owner_chooses_among_their_own_tasks_and_a_lead_among_all(programme: UnitOfWork) -> None:
    _, owner = saved_messages.offer(deed(programme, "UJONAS"), message=MESSAGE)
    _, lead = saved_messages.offer(deed(programme, "UMIRA"), message=MESSAGE)
    assert {task.owner_id for task in owner.own} == {"UJONAS"}
    assert owner.others == []
    assert {"UJONAS", "UPRIYA"} <= {task.owner_id for task in lead.others}


def test_nobody_saves_what_somebody_else_was_shown(programme: UnitOfWork) -> None:
    with pytest.raises(NotAllowed):
        save(programme, offer(programme), by="UMIRA")
    assert programme.count(Evidence) == 0


def test_a_task_of_others_takes_nothing_even_when_the_form_names_it(programme: UnitOfWork) -> None:
    mine = offer(programme, by="UPRIYA")
    with pytest.raises(NotAllowed):
        save(programme, mine, by="UPRIYA")


def test_a_task_decided_in_the_meantime_says_so(programme: UnitOfWork) -> None:
    message = offer(programme)
    programme.change(the_access_review(programme), state=TaskState.ACCEPTED)
    with pytest.raises(AlreadyDecided):
        save(programme, message)


def test_what_forms_were_opened_for_is_dropped_later_and_what_was_made_of_it_stays(programme: UnitOfWork) -> None:
    save(programme, offer(programme))
    assert stored_saved_messages.forget_before(programme, MONDAY) == 0
    assert stored_saved_messages.forget_before(programme, MONDAY.replace(year=2027)) == 1
    assert programme.count(OfferedMessage) == 0
    assert programme.count(Evidence) == 2
