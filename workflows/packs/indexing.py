"""How the index of a pack says what is in it: the columns shown of each row, as values that JSON can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.engine.canonical import utc_text
from storage.engine.rows import Row
from storage.engine.unit_of_work import JSON
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.record import fingerprints
from workflows.evidence.links import is_address_only
from workflows.evidence.shapes import Details
from workflows.nonconformities.shapes import Finding, Plan
from workflows.packs import rules
from workflows.packs.shapes import Asked
from workflows.shapes import fields_of

Index = dict[str, JSON]


@dataclass(frozen=True)
class HeldFile:
    """A kept file that goes into the pack: under which path, and what its bytes must be."""

    evidence_id: int
    path: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Use:
    """A piece of evidence where it serves something in the scope. `serves` is like `T12`, `NC-3` or `R-4`.

    `row` is what says so, and holds the verdict; an answer to a request is judged with the request.
    """

    evidence: Evidence
    serves: str
    folder: str
    reference: str
    verdict: str
    judged_by: str | None
    judged_at: datetime | None
    reason: str = ""
    answers: bool = False
    row: EvidenceUse | None = None

    @property
    def path(self) -> str:
        """Where its bytes lie in the pack, if this is the use that they lie there for."""
        ending = ".uri" if is_address_only(self.evidence) else ""
        return f"{self.folder}/E{self.evidence.id}-{rules.safe_name(self.evidence.name)}{ending}"

    @property
    def is_given(self) -> bool:
        """Whether its bytes are kept, and it was accepted where it serves, or answers a request of the auditor."""
        is_kept = self.evidence.state is EvidenceState.KEPT
        return is_kept and (self.answers or self.verdict == Verdict.ACCEPTED.value)


def use_of(evidence: Evidence, use: EvidenceUse, *, serves: str, folder: str, reference: str) -> Use:
    """A piece of evidence where it serves a task or a nonconformity."""
    verdict = use.verdict.value if use.verdict else ""
    return Use(evidence, serves, folder, reference, verdict, use.judged_by, use.judged_at, use.reason, row=use)


def columns(shape: type, *, without: str = "") -> str:
    """The columns that hold a shape, but the one `without`."""
    return " ".join(each.name for each in fields_of(shape) if each.name != without)


TASK = "id title requirements owner_id scheduled_on due_on state submitted_by submitted_at decided_by decided_at reason"
FINDING = (
    f"number state grade grade_rationale {columns(Finding)} raised_by raised_at "
    "issued_by issued_at verified_by verified_at verification effect effect_confirmed_by effect_confirmed_at closed_by "
    "closed_at reason grade_tests earlier_owners is_correction_only merged_into_id source against"
)
RESPONSE = f"round of_round {columns(Plan)} submitted_by submitted_at reviewed_by reviewed_at review_comment"
ROUND = "number began_on begun_by reason paused_days extended_to extended_by extended_at extension_reason"
CAUSE = "response_id place steps how_unnoticed written_by written_at"
ACTION = "response_id place causes kind text assignee_id due_on expected_proof state moved_at remark proof"
SIGNATURE = "round signs person_id seat roles version_seen checks mark signed_at lapsed_at lapsed_by"
EFFECT_CHECK = "round value result is_met watched_days judged_by judged_at"
CONTEST = "contested_by contested_at reason heard other_side is_upheld decision mark decided_by decided_at"
OF_THE_BODY = "body audit body_number body_text letter reply_by plan_by corrected_by track dispute dispute_until"
ACCESS = "person_id starts_on ends_on competence independence mark called_by called_at"
NAMED = "seat person_id reason mark named_by named_at"
AUDIT = "id title edition question_set auditor_id opened_at"
REPORT = (
    "desk_audit_id revision state summary obstacles not_covered conclusion follow_up reason distribution facts "
    "signed_by signed_at signed_as digest pdf_sha256 xlsx_sha256"
)
FOUND = (
    "number kind requirement statement evidence place sample owner_id raised_by raised_at shown_at owner_agrees "
    "owner_view owner_view_at withdrawn_at reason"
)
INTERVIEW = "person_id state invited_at confirmed_at digest"
ANSWER = (
    "question_id requirements prompt kind text value handed_to written_by round answered_at "
    "redaction redacted_by redacted_at let_go_at "
    "rating corroboration rating_note rated_by"
)
SEALED_ROUND = "round scheme digest hashes confirmed_by confirmed_at"
REQUEST = f"number {columns(Asked)} state answer answered_by answered_at settled_by settled_at reason"
STATEMENT = "edition number approved_by approved_at"
FILE = (
    "id name sha256 size media_type revision way_in provided_by received_at "
    f"{columns(Details, without='legal_hold')} permalink note"
)
"""The columns that the index shows of a row. Why something is held is told to nobody outside."""

USE = "verdict judged_by judged_at reason"
COLUMNS: Index = {
    "task": TASK,
    "nonconformity": FINDING,
    "response": RESPONSE,
    "nonconformity_round": ROUND,
    "cause": CAUSE,
    "nonconformity_action": ACTION,
    "signature": SIGNATURE,
    "effect_check": EFFECT_CHECK,
    "contest": CONTEST,
    "body_finding": OF_THE_BODY,
    "case_access": ACCESS,
    "named_seat": NAMED,
    "desk_audit": AUDIT,
    "audit_report": REPORT,
    "audit_finding": FOUND,
    "interview": INTERVIEW,
    "answer": ANSWER,
    "sealed_round": SEALED_ROUND,
    "audit_request": REQUEST,
    "statement_of_applicability": f"{STATEMENT} decisions",
    "evidence": FILE,
    "evidence_use": USE,
}
"""The same by table; the index says so itself, so that its words can be held against the marks on the trail."""


@dataclass(frozen=True)
class Salts:
    """Gives the salts of rows to whoever gets their words."""

    workspace_id: str
    salt: str

    def of(self, row: Row) -> Index:
        """Where the trail speaks of a row, and the salt of its marks."""
        table = str(row.__tablename__)
        salt = fingerprints.row_salt(self.workspace_id, self.salt, table, row.id)
        return {"sealed": {"table": table, "id": row.id, "salt": salt}}


def told(row: Row, columns: str, salts: Salts) -> Index:
    """These columns of a row."""
    return {name: _plain(getattr(row, name)) for name in columns.split()} | salts.of(row)


def _plain(value: object) -> JSON:
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value]  # what JSON can say


def file(uses: Sequence[Use], salts: Salts) -> Index:
    """A file that is in the pack, and what it serves there."""
    given = [use for use in uses if use.is_given]
    served = [_served(use, salts) for use in given]
    return {**told(given[0].evidence, FILE, salts), "path": given[0].path, "serves": served}


def left_out(uses: Sequence[Use], salts: Salts) -> Index:
    """A file that is not in the pack, and why."""
    evidence = uses[0].evidence
    why = "disposed" if evidence.state is EvidenceState.DISPOSED else uses[-1].verdict
    return {**told(evidence, FILE, salts), "why": why, "serves": [_served(use, salts) for use in uses]}


def _served(use: Use, salts: Salts) -> Index:
    names = ("serves", "reference", "verdict", "judged_by", "judged_at", "reason")
    sealed = salts.of(use.row) if use.row else {}
    return {name: _plain(getattr(use, name)) for name in names} | {"verdict": use.verdict or None} | sealed


def texts(value: JSON) -> set[str]:
    """Every text in a value, in whatever depth."""
    found, waiting = set[str](), [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                found.add(text)
            case dict() as mapping:
                waiting.extend(mapping.values())
            case list() as sequence:
                waiting.extend(sequence)
    return found
