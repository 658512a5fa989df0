"""The templates: each says when it is used, and none of their wording is dead."""

import io
import re
from pathlib import Path

import pytest

import messages
from bot.slack.errors import BY_CODE
from messages.importing import cards as importing_cards
from messages.machines import keys as machine_keys
from messages.machines import probes
from messages.nudges import ledger
from messages.packs import cards as pack_cards
from messages.packs import index as pack_index
from messages.packs import workbook as pack_workbook
from messages.programme import feeds
from messages.question_bank import files as question_files
from messages.reviews import witnesses
from messages.words import workbooks
from messages.words.recurrence import Rhythm
from messages.words.wording import Phrase, Words, phrase, rooms, words
from storage.concerns.tables import ConcernKind
from storage.desk_audits.tables import Approach, AuditState, FindingKind, Part, Party
from storage.nonconformities.origins import Against, Source
from storage.nonconformities.tables import Seat, Signs
from storage.tasks.tables import TaskState
from tests.messages.case_samples import say_every_record
from tests.messages.importing_samples import fault
from tests.messages.report_samples import say_every_paper
from tests.messages.samples import every_sample
from tests.messages.test_pack_index import NOTHING
from tests.messages.test_workbooks import SHEET
from tests.messages.values import AT
from workflows.evidence import file_kinds
from workflows.frameworks import gap_analysis
from workflows.frameworks import rules as framework_rules
from workflows.machines.keys import RequestFault
from workflows.nonconformities.lifecycle import EVENTS, Phase
from workflows.nudges.reasons import Lost, Moved, Reason, lost, moved_on
from workflows.packs import rules
from workflows.question_bank.own_files import COLUMNS
from workflows.question_bank.shapes import AnswerKind, Mode, Tap

TEMPLATES = sorted(each.removesuffix(".j2") for each in rooms().list_templates() if each.endswith(".j2"))


def source(template: str) -> str:
    room, _, rest = template.partition("/")
    return (Path(messages.__file__).parent / room / "templates" / f"{rest}.j2").read_text()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_begins_by_saying_when_to_whom_and_with_what(template: str) -> None:
    comment = re.match(r"\{#\n  When: .+?\n  To: .+?\n  Values: .+?\n#\}\n", source(template), re.DOTALL)
    assert comment is not None


TABLES_PEOPLE_NAME = (
    "answer",
    "audit_finding",
    "audit_plan",
    "audit_request",
    "auditor_access",
    "certificate",
    "desk_audit",
    "disposal",
    "evidence",
    "gap_rating",
    "handover",
    "import_run",
    "interview",
    "machine_key",
    "nonconformity",
    "obligation",
    "pack",
    "pack_link",
    "person",
    "response",
    "setup",
    "statement_of_applicability",
    "task",
    "workspace",
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """The template and block of every phrase asked for while the test runs."""
    asked: set[tuple[str, str]] = set()
    find = Words.get

    def recorded(wording: Words, block: str) -> Phrase | None:
        asked.add((wording.template, block))
        return find(wording, block)

    monkeypatch.setattr(Words, "get", recorded)
    return asked


def _say_what_has_a_key() -> None:
    for edition in framework_rules.EDITIONS:
        for requirement in framework_rules.catalogue(edition).requirements.values():
            assert words("frameworks/catalogues/themes")[requirement.theme].plain
    for rating in (*(f"rating_{each}" for each in gap_analysis.RATINGS), "not_applicable", "not_rated"):
        assert words("frameworks/gap_analysis/ratings")[rating].plain
    for table in TABLES_PEOPLE_NAME:
        assert words("words/refusals/row")[table].plain
    for key in (*AnswerKind, *Mode, *set(Tap) - {Tap.SOMEBODY_ELSE, Tap.SKIP}):
        assert words("question_bank/kinds")[key].plain
    for kind in file_kinds.kinds():
        assert words("evidence/file_kinds")[kind.key].plain


def _say_the_lifecycle() -> None:
    named = (
        *(("lifecycle", EVENTS), ("seats", Seat), ("phases", (*Phase, "draft", "closed")), ("sources", Source)),
        *(("against", set(Against) - {Against.STANDARD}), ("signs", Signs)),
        ("history", (*EVENTS, "raise", "take_over")),
    )
    for template, keys in named:
        for key in keys:
            assert words(f"nonconformities/{template}")[key].plain
    for kind in ConcernKind:
        assert words("concerns/kinds")[kind].plain


def _say_what_audits_have_keys_for() -> None:
    for key in (*Party, *Approach, *set(Part) - {Part.LEAD}):
        assert words("desk_audits/audit_words")[key].plain
    for key in (*set(AuditState) - {AuditState.WITHDRAWN}, *FindingKind):
        assert words("desk_audits/programme_words")[key].plain
    for state in set(TaskState) - {TaskState.WAIVED}:
        assert words("desk_audits/programme_words")[f"task_{state}"].plain


def _say_every_rhythm() -> None:
    for frequency in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        rhythm = Rhythm(frequency, year_days=(1,), month_days=(1,), weekdays=((1, 0),), positions=(1,))
        assert words("programme/obligations/form", rhythm=rhythm).rhythm_choice.plain
    assert words("programme/obligations/form", rhythm=Rhythm("DAILY", count=1)).rhythm_choice.plain


def _say_what_is_in_a_pack() -> None:
    pack_index.write_page(io.BytesIO(), NOTHING, dict.fromkeys(rules.folders(), ()), {})
    decided = [{"number": "4", "title": "", "applies": applies, "reason": ""} for applies in (True, False)]
    statements = [{"edition": "own", "decisions": decided}]
    scope = {"standards": {"own": "Our own"}}
    pack_workbook.write_workbook(
        io.BytesIO(), {**NOTHING, "asked_at": "2026-03-10T08:00:00Z", "scope": scope, "statements": statements}
    )


def test_every_block_of_every_template_is_said_somewhere(said: set[tuple[str, str]]) -> None:
    for sample in every_sample().values():
        sample(str)
    workbooks.statement(SHEET)
    question_files.workbook(COLUMNS, created_at=AT)
    importing_cards.faults_file([fault(str, "owner_missing")])
    for why in (*RequestFault, "kept", "kept_before"):
        machine_keys.answer(why, title="Scan", most=1)
    pack_cards.leads_nowhere()
    for included in ("deed", "who_may", "wish", "thing", "row_fault", "question_fault"):
        assert words(f"words/refusals/{included}").words
    _say_what_has_a_key()
    _say_the_lifecycle()
    _say_what_audits_have_keys_for()
    _say_every_rhythm()
    for reason in (
        *BY_CODE,
        *Reason,
        *(moved_on(what, "accepted") for what in Moved),
        *(lost(how, "timeout") for how in Lost),
    ):
        ledger.reason_in_words(reason)
    assert words("packs/in_words", of="task", value="open").words
    witnesses.mail({"workspace": "Alder", "week_of": "2026-01-05", "sequence": 7, "hash": "0f"})
    _say_what_is_in_a_pack()
    say_every_paper()
    say_every_record()
    feeds.name(scope="own", organisation="Alder")
    for each in ("tomorrow", "no_share", "more_people"):
        phrase(each, count=3)
    probes.failure_title("backups")
    probes.evidence_wanted()
    probes.recovered("backups")
    for expected in ("ok", ""):
        probes.failure_purpose(name="backups", expected=expected, seen="no_answer")
    written = {(name, block) for name in TEMPLATES for block in re.findall(r"\{% block (\w+) %\}", source(name))}
    assert written - said == set()
