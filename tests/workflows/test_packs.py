"""What goes into a pack: the rule as a table, the names, the folders; and who may do what with a pack."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.packs.tables import Pack, PackState, RequestEvidence
from storage.people.tables import Role
from storage.record.trail import TrailEntry
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from tests.workflows.test_nonconformities import put
from tests.workflows.test_requests import bring
from tests.workflows.test_reuse import another_task
from tests.workflows.test_tasks import give, the_access_review
from workflows.deed import Deed
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.refusals import WhichRequirement
from workflows.nonconformities.lifecycle import State
from workflows.packs import commands, rules
from workflows.packs.commands import MOVES, Outcome
from workflows.packs.rules import Matter, Scope
from workflows.packs.scoping import holds
from workflows.packs.selecting import select
from workflows.people import commands as people_commands
from workflows.people import rules as people_rules
from workflows.refusals import AlreadyDecided, EndBeforeStart, InputWanted, NotAllowed, Refusal
from workflows.tasks import commands as task_commands

YEAR = Scope(frozenset({"iso27001-2022"}), date(2026, 1, 1), date(2026, 12, 31))
MATTER = Matter(
    references=("iso27001-2022:A.5.18", "iso27001-2022:A.8.2"),
    themes={"organizational"},
    owner_id="UJONAS",
    begins=date(2026, 7, 1),
    ends=date(2026, 9, 30),
)
OUTCOME = Outcome("1" * 64, 20, "2" * 64, 1, 5)


def only(**narrowed: str) -> Scope:
    return Scope(**{**vars(YEAR), **{name: frozenset({value}) for name, value in narrowed.items()}})


def lasting(begins: date, ends: date) -> Matter:
    return replace(MATTER, begins=begins, ends=ends)


@pytest.mark.parametrize(
    ("scope", "matter", "is_in"),
    [
        (YEAR, MATTER, True),
        (only(editions="iso9001-2015"), MATTER, False),
        (YEAR, replace(MATTER, references=()), False),
        (YEAR, replace(MATTER, references=("iso27001-2013:A.5.18",)), False),
        (YEAR, replace(MATTER, references=("iso9001-2015:7.2", "iso27001-2022:7.2")), True),
        # the period: one day in common is enough
        (YEAR, lasting(date(2025, 10, 1), date(2025, 12, 31)), False),
        (YEAR, lasting(date(2025, 10, 1), date(2026, 1, 1)), True),
        (YEAR, lasting(date(2026, 12, 31), date(2027, 3, 31)), True),
        (YEAR, lasting(date(2027, 1, 1), date(2027, 3, 31)), False),
        (YEAR, lasting(date(2025, 1, 1), date(2027, 12, 31)), True),
        # what narrows it down: each of the three must be met by one
        (only(themes="organizational"), MATTER, True),
        (only(themes="people"), MATTER, False),
        (only(owners="UJONAS"), MATTER, True),
        (only(owners="UPRIYA"), MATTER, False),
        (only(requirements="iso27001-2022:A.8.2"), MATTER, True),
        (only(requirements="iso27001-2022:A.8.3"), MATTER, False),
        (only(themes="organizational", owners="UPRIYA"), MATTER, False),
        (only(themes="people", owners="UJONAS", requirements="iso27001-2022:A.8.2"), MATTER, False),
    ],
)
def test_the_rule(scope: Scope, matter: Matter, is_in: bool) -> None:
    assert rules.is_within(scope, matter) is is_in


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("review.pdf", "review.pdf"),
        ("../../x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/passwd", "passwd"),
        ("=cmd()|' /C calc'!A0.csv", "C-calc-A0.csv"),
        ("-rf.txt", "rf.txt"),
        ("\u202efdp.exe", "fdp.exe"),
        ("Übersicht März.xlsx", "Ubersicht-Marz.xlsx"),
        ("日本.pdf", "file.pdf"),
        ("CON.txt", "_CON.txt"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("...", "file"),
        ("", "file"),
        (".env", "file.env"),
        ("x.", "x"),
        ("a" * 300 + ".pdf", "a" * 68 + ".pdf"),
    ],
)
def test_a_name_that_is_safe_everywhere(given_name: str, name: str) -> None:
    assert rules.safe_name(given_name) == name


@given(st.text())
def test_no_name_leaves_its_folder_or_is_refused_by_a_system(name: str) -> None:
    safe = rules.safe_name(name)
    assert safe.isascii()
    assert set(safe) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert 0 < len(safe) <= rules.LONGEST_NAME + 1
    assert ".." not in safe
    assert safe[0] not in ".-"
    assert safe[-1] != "."
    assert safe.partition(".")[0].casefold() not in rules.RESERVED


@pytest.mark.parametrize(
    ("reference", "folder"),
    [
        ("iso27001-2022:4.3", "01-scope-context-policy-roles"),
        ("iso27001-2022:8.1", "05-operation"),
        ("iso27001-2022:8.2", "02-risks-applicability-objectives"),
        ("iso9001-2015:8.2.1", "10-complaints-changes-marks"),
        ("iso9001-2015:8.2.2", "05-operation"),
        ("iso27001-2022:A.5.1", "01-scope-context-policy-roles"),
        ("iso27001-2022:A.5.18", "05-operation"),
        ("iso27001-2022:A.5.22", "11-suppliers-legal"),
        ("iso9001-2015:7.5.1", "03-documents"),
        ("iso22301-2019:10.1", "09-nonconformities-improvement"),
        ("own-acme:AC-1", "05-operation"),
        ("", "05-operation"),
    ],
)
def test_where_things_lie(reference: str, folder: str) -> None:
    assert rules.folder_of(reference) == folder


def test_every_requirement_has_a_folder_that_is_named() -> None:
    named = rules.folders()
    for edition in framework_rules.EDITIONS:
        for each in framework_rules.catalogue(edition).requirements.values():
            assert rules.folder_of(each.reference) in named


# --- what is selected ---


def accept(uow: UnitOfWork, task: Task) -> None:
    given_for = uow.get(Task, task.id)
    task_commands.accept(deed(uow, "UMIRA", MONDAY + timedelta(hours=1)), task_id=task.id, version=given_for.version)


def test_accepted_files_go_in_others_are_named(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    kept = give(programme, task)
    waiting = select(programme, YEAR, asked_by="UMIRA", at=MONDAY)
    assert list(waiting.files) == []
    assert [(each["id"], each["why"]) for each in waiting.rows("not_included")] == [(kept.id, "waiting")]
    accept(programme, task)
    selection = select(programme, YEAR, asked_by="UMIRA", at=MONDAY)
    [file] = selection.files
    day = task.due_on.isoformat()
    assert file.path == f"05-operation/T{task.id}-{day}-Review-who-has-access-to-what/E{kept.id}-review.pdf"
    assert list(selection.rows("not_included")) == []
    assert all(each in selection.told for each in (f"task {task.id}", f"evidence {kept.id}"))
    assert selection.index["people"] == {"UMIRA": "Mira", "UJONAS": "Jonas", "UPRIYA": "Priya"}


def test_what_was_disposed_of_is_named_with_its_hash_and_does_not_fail_the_pack(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    kept = give(programme, task)
    accept(programme, task)
    gone = programme.get(Evidence, kept.id)
    programme.change(gone, state=EvidenceState.DISPOSED, disposed_at=MONDAY + timedelta(days=1))
    selection = select(programme, YEAR, asked_by="UMIRA", at=MONDAY)
    assert list(selection.files) == []
    assert [(each["sha256"], each["why"]) for each in selection.rows("not_included")] == [(gone.sha256, "disposed")]


@pytest.mark.parametrize(
    ("scope", "files"),
    [
        (YEAR, 1),
        (replace(YEAR, editions=frozenset({"iso9001-2015"})), 0),
        (replace(YEAR, first=date(2027, 1, 1), last=date(2027, 12, 31)), 0),
        (replace(YEAR, last=date(2026, 1, 1)), 0),
        (replace(YEAR, owners=frozenset({"UPRIYA"})), 0),
        (replace(YEAR, requirements=frozenset({"iso27001-2022:A.5.18"})), 1),
        (replace(YEAR, requirements=frozenset({"iso27001-2022:A.5.1"})), 0),
    ],
)
def test_a_scope_against_a_programme(programme: UnitOfWork, scope: Scope, files: int) -> None:
    task = the_access_review(programme)
    give(programme, task)
    accept(programme, task)
    assert len(list(select(programme, scope, asked_by="UMIRA", at=MONDAY).files)) == files


def test_asked_about_one_file_the_rule_says_what_it_says_of_all(programme: UnitOfWork) -> None:
    finding = put(programme, State.PLAN_REVIEW)
    [request, _] = bring(programme)
    task = the_access_review(programme)
    pieces = [give(programme, task), give(programme, task, file="F2", digit="1")]
    accept(programme, task)
    other = another_task(programme)
    for file, digit, served in (("F3", "2", {"nonconformity_id": finding.id}), ("F4", "3", {}), ("F5", "4", {})):
        piece = give(programme, other, file=file, digit=digit)
        [use] = programme.matching(EvidenceUse, evidence_id=piece.id)
        if served:
            programme.change(use, task_id=None, verdict=Verdict.ACCEPTED, judged_by="UMIRA", judged_at=MONDAY, **served)
        pieces.append(piece)
    programme.add(RequestEvidence(request_id=request.id, evidence_id=pieces[-1].id, added_by="UJONAS", added_at=MONDAY))
    packed = {each["id"] for each in select(programme, YEAR, asked_by="UMIRA", at=MONDAY).rows("files")}
    assert packed == {pieces[0].id, pieces[1].id, pieces[2].id, pieces[4].id}
    assert {each.id for each in pieces if holds(programme, YEAR, each.id)} == packed


def test_a_file_for_a_shared_clause_serves_the_other_standard_too(programme: UnitOfWork) -> None:
    task = the_access_review(programme)
    programme.change(task, requirements=["iso9001-2015:7.2"])
    give(programme, the_access_review(programme))
    accept(programme, the_access_review(programme))
    [file] = select(programme, YEAR, asked_by="UMIRA", at=MONDAY).files
    assert file.path.startswith("04-competence-awareness/")


# --- commands ---


def asked(uow: UnitOfWork, by: str = "UMIRA", scope: Scope = YEAR) -> Pack:
    return commands.ask(deed(uow, by), scope=scope)


@pytest.mark.parametrize(
    ("who", "may"), [("UMIRA", True), ("UINES", True), ("ULIAM", False), ("UDAVID", False), ("UJONAS", False)]
)
def test_leads_make_packs_and_nobody_else(programme: UnitOfWork, who: str, may: bool) -> None:
    made = commands.settle(the_bot(programme), pack_id=asked(programme).id, outcome=OUTCOME)
    acts = (
        lambda _deed: asked(programme, who),
        lambda deed: commands.hand_out(deed, pack_id=made.id, place=("D1", "1.1"), key="press:1"),
        lambda deed: commands.make_link(deed, pack_id=made.id),
        lambda deed: commands.revoke_links(deed, pack_id=made.id),
        lambda deed: commands.latest(deed, limit=5),
    )
    for act in acts:
        if may:
            act(deed(programme, who))
        else:
            with pytest.raises(NotAllowed):
                act(deed(programme, who))


@pytest.mark.parametrize(
    ("scope", "refusal"),
    [
        (replace(YEAR, editions=frozenset()), InputWanted),
        (replace(YEAR, editions=frozenset({"iso14001-2015"})), InputWanted),
        (replace(YEAR, first=date(2027, 1, 1)), EndBeforeStart),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(programme: UnitOfWork, scope: Scope, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        asked(programme, scope=scope)
    assert programme.count(Pack) == 0


@pytest.mark.parametrize(
    ("editions", "typed", "named"),
    [
        (["iso27001-2022"], ["A.5.18", " 9.2"], {f"iso27001-2022:{each}" for each in ("A.5.18", "9.2.1", "9.2.2")}),
        (["iso27001-2022", "iso9001-2015"], ["7.2"], {"iso27001-2022:7.2", "iso9001-2015:7.2"}),
        (["iso27001-2022", "iso9001-2015"], ["ISO 9001:2015 7.2"], {"iso9001-2015:7.2"}),
    ],
)
def test_a_number_narrows_a_pack_to_all_it_means_in_its_standards(
    programme: UnitOfWork, editions: list[str], typed: list[str], named: set[str]
) -> None:
    scope = commands.scope_for(programme, editions=editions, days=(YEAR.first, YEAR.last), typed=typed)
    assert scope.requirements == named


def test_a_requirement_nobody_knows_is_said_beside_its_field(programme: UnitOfWork) -> None:
    with pytest.raises(WhichRequirement) as no:
        commands.scope_for(programme, editions=["iso27001-2022"], days=(YEAR.first, YEAR.last), typed=["A.99"])
    assert no.value.field == "requirements"
    with pytest.raises(InputWanted):
        commands.scope_for(programme, editions=[], days=(None, YEAR.last))


DEEDS = {
    "make": lambda uow, pack: commands.settle(the_bot(uow), pack_id=pack.id, outcome=OUTCOME),
    "hand_out": lambda uow, pack: commands.settle(the_bot(uow), pack_id=pack.id, outcome=OUTCOME, handed_out=True),
    "again": lambda uow, pack: commands.again(deed(uow, "UMIRA"), pack_id=pack.id, version=pack.version),
}


@pytest.mark.parametrize("state", list(PackState))
@pytest.mark.parametrize("move", DEEDS)
def test_every_move_begins_where_the_table_says(programme: UnitOfWork, state: PackState, move: str) -> None:
    hashes = {"sha256": "1" * 64, "manifest_sha256": "2" * 64}
    pack = programme.change(asked(programme), state=state, **hashes)
    begins, ends = MOVES[move]
    if state in begins:
        assert DEEDS[move](programme, pack).state is ends
    else:
        with pytest.raises(AlreadyDecided):
            DEEDS[move](programme, pack)


def test_what_fails_twice_fails_once(programme: UnitOfWork) -> None:
    pack = asked(programme)
    failed = commands.fail(the_bot(programme), pack_id=pack.id, reason="missing", fault="a.pdf")
    assert commands.fail(the_bot(programme), pack_id=pack.id, reason="store") == failed
    assert commands.begin(the_bot(programme), pack_id=pack.id) is None


def test_a_pack_is_begun_three_times_at_most(programme: UnitOfWork) -> None:
    pack = asked(programme)
    for tries in range(1, commands.MOST_TRIES + 1):
        begun = commands.begin(the_bot(programme), pack_id=pack.id)
        assert begun is not None
        assert begun.tries == tries
    assert commands.begin(the_bot(programme), pack_id=pack.id) is None
    assert programme.get(Pack, pack.id).reason == "interrupted"


def test_a_link_leads_to_its_pack_until_its_end(programme: UnitOfWork) -> None:
    pack = commands.settle(the_bot(programme), pack_id=asked(programme).id, outcome=OUTCOME)
    link, secret = commands.make_link(deed(programme, "UMIRA"), pack_id=pack.id)
    assert secret not in str(vars(link))
    moment = timedelta(microseconds=1)
    for at, leads in ((MONDAY, True), (link.ends_at - moment, True), (link.ends_at, False)):
        assert commands.leads_somewhere(programme, secret, at=at) is leads
        assert (commands.fetch(the_bot(programme, at), secret) is not None) is leads
    fetched = programme.all(TrailEntry, col(TrailEntry.verb) == "pack.fetch")
    assert len(fetched) == 2
    assert commands.fetch(the_bot(programme), secret[:-1]) is None


def test_a_link_ends_when_it_is_revoked_or_its_maker_leads_no_longer(programme: UnitOfWork) -> None:
    pack = commands.settle(the_bot(programme), pack_id=asked(programme).id, outcome=OUTCOME)
    ines = deed(programme, "UINES")
    _, of_ines = commands.make_link(ines, pack_id=pack.id)
    people_commands.end_role(deed(programme, "UMIRA"), "UINES", Role.LEAD)
    assert commands.fetch(the_bot(programme), of_ines) is None
    mira = deed(programme, "UMIRA")
    _, secret = commands.make_link(mira, pack_id=pack.id)
    commands.revoke_links(mira, pack_id=pack.id)
    commands.revoke_links(mira, pack_id=pack.id)
    assert commands.fetch(the_bot(programme), secret) is None
    assert commands.living_links(programme, pack, MONDAY) == []


LATER = MONDAY + commands.KEPT_FOR
A_MOMENT = timedelta(microseconds=1)


def made(uow: UnitOfWork) -> Pack:
    return commands.settle(the_bot(uow), pack_id=asked(uow).id, outcome=OUTCOME)


def expired(uow: UnitOfWork) -> Pack:
    pack = made(uow)
    commands.expire(the_bot(uow, LATER))
    return uow.get(Pack, pack.id)


def test_a_pack_expires_after_its_time_and_the_trail_says_what_it_was(programme: UnitOfWork) -> None:
    pack = made(programme)
    commands.expire(the_bot(programme, LATER - A_MOMENT))
    assert programme.get(Pack, pack.id) == pack
    commands.expire(the_bot(programme, LATER))
    commands.expire(the_bot(programme, LATER))
    assert programme.get(Pack, pack.id).state is PackState.EXPIRED
    [entry] = programme.all(TrailEntry, col(TrailEntry.verb) == "pack.expire")
    said = {"sha256": OUTCOME.sha256, "size": OUTCOME.size, "manifest_sha256": OUTCOME.manifest_sha256}
    assert (json.loads(entry.details), entry.actor_id) == (said, people_rules.THE_BOT)


def test_a_pack_stays_while_a_link_to_it_lives(programme: UnitOfWork) -> None:
    pack = made(programme)
    link, secret = commands.make_link(deed(programme, "UMIRA", LATER - timedelta(days=1)), pack_id=pack.id)
    commands.expire(the_bot(programme, link.ends_at - A_MOMENT))
    assert commands.fetch(the_bot(programme, link.ends_at - A_MOMENT), secret) is not None
    commands.expire(the_bot(programme, link.ends_at))
    assert programme.get(Pack, pack.id).state is PackState.EXPIRED


@pytest.mark.parametrize("state", [each for each in PackState if each is not PackState.MADE])
def test_only_what_lies_in_the_store_expires(programme: UnitOfWork, state: PackState) -> None:
    pack = programme.change(made(programme), state=state)
    commands.expire(the_bot(programme, LATER))
    assert programme.get(Pack, pack.id) == pack


def test_another_pack_of_the_same_scope_is_asked_for_once_and_the_expired_one_stays(programme: UnitOfWork) -> None:
    mira, old = actor(programme, "UMIRA"), expired(programme)
    again = commands.anew(Deed(programme, mira, LATER), pack_id=old.id, version=old.version)
    assert (again.id != old.id, again.state, commands.scope_of(again)) == (True, PackState.ASKED, YEAR)
    with pytest.raises(AlreadyDecided):
        commands.anew(Deed(programme, mira, LATER), pack_id=old.id, version=old.version)
    assert programme.get(Pack, old.id).sha256 == OUTCOME.sha256


def test_what_has_not_expired_is_not_asked_for_anew(programme: UnitOfWork) -> None:
    pack = made(programme)
    with pytest.raises(AlreadyDecided):
        commands.anew(deed(programme, "UMIRA"), pack_id=pack.id, version=pack.version)
    old = expired(programme)
    with pytest.raises(NotAllowed):
        commands.anew(deed(programme, "ULIAM", LATER), pack_id=old.id, version=old.version)


def test_an_expired_pack_is_not_handed_out(programme: UnitOfWork) -> None:
    old = expired(programme)
    for hand_out in (partial(commands.hand_out, place=("D1", "1.1"), key="press:1"), commands.make_link):
        with pytest.raises(AlreadyDecided):
            hand_out(deed(programme, "UMIRA", LATER), pack_id=old.id)
