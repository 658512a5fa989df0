"""Question bank: what is done to the organisation's own questions, each as one unit of work.

A question is never rewritten: a change is a further revision, and interviews keep the words that they were asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from storage.question_bank import queries
from storage.question_bank.tables import OwnQuestion
from workflows.deed import Deed
from workflows.question_bank.asking import with_texts
from workflows.question_bank.bank import shipped_questions
from workflows.question_bank.checking import checked
from workflows.question_bank.faults import Why
from workflows.question_bank.marked import Marked
from workflows.question_bank.own_files import as_row, questions_in
from workflows.question_bank.questions import definition, ground, may_see, one
from workflows.question_bank.reading import slug
from workflows.question_bank.refusals import LineFault, QuestionAtFault
from workflows.question_bank.shapes import Reworded, Written
from workflows.refusals import AlreadyDecided, Stale, Thing, want_all

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"

FIELDS: Mapping[str, str] = {"follow_ups": "follow_up_1", "wanted_evidence": "evidence"}
"""The fields in which a part of a question is entered, where they are not called by its name."""


@dataclass(frozen=True)
class Taken:
    """What became of the questions in a file: how many are new, have another version now, or were the same."""

    added: int
    changed: int
    unchanged: int


def take_file(deed: Deed, *, file: str, found: Marked, sha256: str) -> Taken:
    """Take all questions of a file, or none. Raises `NotAllowed` or `QuestionsAtFault`."""
    may_see(deed)
    known = ground(deed.uow)
    questions_in(file, found, known)
    written_out, _ = with_texts(found.data, {key: each.text for key, each in known.questions.items()})
    outcomes = [_put(deed, row) for row in written_out]
    taken = Taken(*(outcomes.count(each) for each in (ADDED, CHANGED, UNCHANGED)))
    deed.record("question_bank.take_file", ("workspace", deed.uow.workspace_id), **vars(taken), sha256=sha256)
    return taken


def add(deed: Deed, *, said: Written) -> OwnQuestion:
    """Add a question. Raises `NotAllowed`, `InputWanted` or `QuestionAtFault`."""
    may_see(deed)
    want_all(said)
    row = _entered(said)
    row["id"] = said.id.strip() or slug(said.text)
    if row["id"] in ground(deed.uow).questions:
        raise QuestionAtFault("id", LineFault(0, row["id"], Why.DOUBLED_ID, {"word": row["id"]}))
    return _take(deed, row)


def change(deed: Deed, *, key: str, revision: int, said: Reworded) -> OwnQuestion:
    """Make a new version of a question; what the form doesn't ask stays as it was.

    Raises `NotAllowed`, `NoSuchQuestion`, `Stale`, `InputWanted` or `QuestionAtFault`.
    """
    _must_be_current(deed, key, revision)
    want_all(said)
    before = definition(deed.uow, key)
    return _take(deed, {**before, **_entered(said), "mode": before["mode"], **_translated(before, said)})


def retire(deed: Deed, *, key: str, revision: int) -> OwnQuestion:
    """Ask a question no more; interviews under way keep it. Raises `NotAllowed`, `NoSuchQuestion` or `Stale`."""
    _must_be_current(deed, key, revision)
    newest = queries.revisions(deed.uow, key)
    row = newest[-1] if newest else deed.uow.add(_next(deed, key, definition(deed.uow, key)))
    retired = deed.uow.change(row, retired_by=deed.by, retired_at=deed.at)
    deed.record("question_bank.retire", retired, key=key, revision=retired.revision)
    return retired


def _must_be_current(deed: Deed, key: str, revision: int) -> None:
    kept = one(deed, key=key)
    if kept.retired_at is not None:
        raise AlreadyDecided(what=Thing.THIS_QUESTION, state="retired", by=kept.retired_by)
    if kept.revision != revision:
        raise Stale(Thing.THIS_QUESTION)


def _entered(said: Reworded) -> dict[str, Any]:
    cells = {each.name: str(getattr(said, each.name)).strip() for each in fields(said)}
    return as_row({name: text for name, text in cells.items() if text})


def _translated(before: Mapping[str, Any], said: Reworded) -> dict[str, Any]:
    """The text with its other languages, while its English is the same; a translation of other words is none."""
    text = before["text"]
    return {"text": text} if isinstance(text, dict) and text.get("en") == said.text.strip() else {}


def _take(deed: Deed, row: dict[str, Any]) -> OwnQuestion:
    found = checked([row], ground(deed.uow))
    if found.faults:
        fault = found.faults[0]
        part = str(fault.at[1]) if len(fault.at) > 1 else str(fault.about.get("key", "text"))
        raise QuestionAtFault(FIELDS.get(part, part), LineFault(0, row["id"], fault.why, fault.about))
    taken = deed.uow.add(_next(deed, row["id"], row))
    deed.record("question_bank.take", taken, key=taken.key, revision=taken.revision)
    return taken


def _put(deed: Deed, row: Mapping[str, Any]) -> str:
    newest = queries.revisions(deed.uow, row["id"])
    if newest and newest[-1].definition == row and newest[-1].retired_at is None:
        return UNCHANGED
    deed.uow.add(_next(deed, row["id"], row))
    return CHANGED if newest or row["id"] in shipped_questions() else ADDED


def _next(deed: Deed, key: str, row: Mapping[str, Any]) -> OwnQuestion:
    newest = queries.revisions(deed.uow, key)
    shipped = shipped_questions().get(key)
    before = newest[-1].revision if newest else shipped.version if shipped else 0
    return OwnQuestion(key=key, revision=before + 1, definition=dict(row), added_by=deed.by, added_at=deed.at)
