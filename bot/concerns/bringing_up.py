"""Concerns room at the edge: the form in which somebody brings something up, from wherever they are."""

from messages.concerns import forms
from messages.concerns.payloads import NoticedIn
from messages.words.kit import Modal
from storage.evidence import saved_messages as stored_messages
from workflows.concerns import questions
from workflows.deed import Deed
from workflows.evidence import saved_messages
from workflows.evidence.saved_messages import SlackMessage


def begin(deed: Deed, *, text: str = "") -> Modal:
    """The form, with the words that were typed already. Raises `NotAllowed` for guests."""
    questions.must_be_free_to(deed)
    may_be_without_name = questions.may_be_without_name(deed.uow)
    return forms.noticed_modal(ref=NoticedIn(0), text=text, may_be_without_name=may_be_without_name)


def from_message(deed: Deed, *, message: SlackMessage) -> Modal:
    """The form, with what a message says; its files come along. Raises `NotAllowed` for guests."""
    questions.must_be_free_to(deed)
    kept = saved_messages.remember(deed, message=message)
    return forms.noticed_modal(ref=NoticedIn(kept.id), text=kept.text, files=len(stored_messages.files_of(kept)))
