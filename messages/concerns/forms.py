"""Concerns room: the form in which somebody brings something up, and those of whoever decides."""

from messages.concerns.payloads import ConcernRef, NoticedIn
from messages.words import fields, kit
from messages.words.inputs import inputs, named
from messages.words.kit import Modal
from messages.words.payloads import Nothing
from messages.words.wording import words
from workflows.concerns.shapes import Improvement, Noticed, SetAside, WithoutName

NOTICED_FORM = "concern.noticed_form"
IMPROVEMENT_FORM = "concern.improvement_form"
NONCONFORMITY_FORM = "concern.nonconformity_form"
SET_ASIDE_FORM = "concern.set_aside_form"
WITHOUT_NAME_FORM = "concern.without_name_form"
MESSAGE_SHORTCUT = "concern.of_message"

FILES = "files"
KINDS = ("not_right", "idea", "incident", "complaint")
LONGEST_TITLE = 200


def noticed_modal(*, ref: NoticedIn, text: str = "", files: int = 0, may_be_without_name: bool = False) -> Modal:
    """What somebody has noticed, in a sentence; `text` stands in it already, and `files` of a message come along.

    Whoever comes from a message is known to have seen it, so that without a name is offered elsewhere only.
    """
    wording = words("concerns/noticed_modal", files=files)
    asks_for_name = may_be_without_name and not ref.message
    asked = inputs(
        Noticed,
        wording,
        given={"words": text, "kind": "not_right"},
        choices={"kind": named(wording, "kind", KINDS)},
        without=() if asks_for_name else ("without_name",),
    )
    along = [kit.context(wording.along)] if files else []
    picked = fields.files(FILES, wording.files, wording.files_hint, optional=True)
    blocks = [kit.section(wording.intro), asked[0], *along, picked, *asked[1:]]
    heading = wording.heading_of_message if ref.message else wording.heading
    return kit.modal(NOTICED_FORM, heading, blocks, submit=wording.submit, payload=ref)


def improvement_modal(*, ref: ConcernRef, text: str) -> Modal:
    """Who is to do what about it, and by when."""
    wording = words("concerns/improvement_modal")
    asked = inputs(Improvement, wording, given={"title": text[:LONGEST_TITLE]})
    return kit.modal(
        IMPROVEMENT_FORM, wording.heading, [kit.section(wording.intro), *asked], submit=wording.submit, payload=ref
    )


def set_aside_modal(*, ref: ConcernRef, has_name: bool) -> Modal:
    """Why nothing is made of it."""
    wording = words("concerns/set_aside_modal", has_name=has_name)
    blocks = [kit.section(wording.intro), *inputs(SetAside, wording)]
    return kit.modal(SET_ASIDE_FORM, wording.heading, blocks, submit=wording.submit, payload=ref)


def without_name_modal(*, allowed: bool) -> Modal:
    """Whether people may bring something up without their name."""
    wording = words("concerns/without_name_modal")
    blocks = [kit.section(wording.intro), *inputs(WithoutName, wording, given={"allowed": allowed})]
    return kit.modal(WITHOUT_NAME_FORM, wording.heading, blocks, submit=wording.submit, payload=Nothing())
