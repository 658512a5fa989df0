"""A form's fields are declared once: what its inputs ask is what is decoded, stored and told of in a pack."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.slack.calls import Filled
from bot.slack.filling import filled
from messages.words.inputs import inputs
from messages.words.wording import words
from storage.evidence.tables import Classification, Evidence
from storage.nonconformities.tables import Nonconformity, Response
from storage.packs.tables import AuditRequest
from workflows.desk_audits.shapes import (
    Agreed,
    Assessed,
    Basics,
    Competence,
    Found,
    Further,
    NewLead,
    Note,
    OtherDays,
    OtherView,
    Withdrawal,
)
from workflows.evidence.shapes import Details
from workflows.frameworks.shapes import Assessment
from workflows.nonconformities.shapes import Effect, Finding, Grading, Plan, Reason, Verification
from workflows.packs import indexing
from workflows.packs.shapes import Admission, Asked, Coverage
from workflows.programme.shapes import CertificateDates, Wishes
from workflows.refusals import InputWanted, LooksLikeSecret, want_all
from workflows.shapes import fields_of, of_row, values_of

DAY = date(2026, 9, 30)
FINDING = Finding(
    requirement="iso27001-2022:A.5.18",
    evidence="One account of three",
    statement="Access is not always removed",
    place="Leaver process",
    sample="3 of 3 leavers",
    owner_id="UJONAS",
)
OF_ANY_FINDING = {each.name for each in fields_of(Found)} - {"kind"}
FOUND = Found(kind="observation", **{name: said for name, said in vars(FINDING).items() if name in OF_ANY_FINDING})
NOTE = Note(
    mode="observation",
    prompt="The front desk",
    requirements=("iso27001-2022:A.5.18",),
    text="Nobody signs out",
    evidence=("3",),
)
ASSESSED = Assessed(
    rating="0",
    corroboration="2",
    backed_by=("evidence:3",),
    record="Ticket 12",
    document_missing=True,
    rating_note="Seen on site",
)
PLAN = Plan(
    contained="Locked",
    correction="Closed",
    consequences="None",
    extent="All were compared",
    causes=("Told by hand", "Nothing reminds anybody"),
    corrective_action="A ticket opens by itself",
    how_unnoticed="Nobody compares",
    assignee_id="UJONAS",
    action_due_on=DAY,
    expected_proof="The rule",
    effect_criterion="No late closure",
    effect_target="100 %",
    effect_source="The list of leavers",
    effect_period="Two months",
    stands_because="It is so",
    check_effect_on=DAY,
    risk_decision="No change",
    system_decision="The checklist",
)
DETAILS = Details(
    collected_on=DAY,
    period_begins=DAY,
    classification="restricted",
    personal_data=True,
    legal_hold="An inquiry",
)
GRADING = Grading(tests=("M1", "M3"), grade="major", rationale="It is everywhere")
WISHES = Wishes(
    title="Check the fire doors",
    purpose="They close.",
    kind="control",
    urgency="high",
    owner_kind="person",
    owner_id="UJONAS",
    rhythm="other",
    recurrence="FREQ=WEEKLY;INTERVAL=2",
    starts_on=DAY,
    lead_days="7",
    evidence_required=True,
    accepts=("pdf",),
)
DATES = CertificateDates(state="certified", decided_on=DAY, scope="The cloud service", owner_id="UMIRA")
ADMISSION = Admission("UTOM", ("iso27001-2022",), DAY, DAY, DAY, DAY)
COVERAGE = Coverage(("iso27001-2022",), DAY, DAY, "-", ("UJONAS", "UTOM"), "A.5.18")
CHOICES: dict[str, Any] = {
    "requirement": {"ISO/IEC 27001:2022": [("iso27001-2022:A.5.18", "A.5.18 Access rights")]},
    "classification": [(each, each) for each in Classification],
    "tests": [(each, each) for each in ("M1", "M2", "M3")],
    "grade": [("major", "Major"), ("minor", "Minor")],
    "rating": [("0", "Not in place"), ("na", "Not applicable")],
    "kind": [("control", "A control"), ("audit", "An audit"), ("observation", "Observation")],
    "urgency": [("normal", "Normal"), ("high", "High")],
    "owner_kind": [(each, each) for each in ("person", "lead", "auditor", "management", "reader", "group")],
    "rhythm": [("quarterly", "Quarterly"), ("other", "By the rule below")],
    "accepts": [("pdf", "PDF"), ("image", "Pictures")],
    "editions": [("iso27001-2022", "ISO/IEC 27001:2022")],
    "language": [("en", "English"), ("de", "German")],
    "theme": [("-", "Every theme"), ("operation", "Operation")],
    "template": [("leavers", "Leavers")],
    "edition": [("iso9001-2015", "ISO 9001:2015")],
    "modes": [("interview", "Interviews"), ("observation", "Observation")],
    "party": [("first", "Ourselves"), ("second", "A supplier")],
    "approach": [("process", "A process"), ("system", "The system")],
    "corroboration": [("2", "Record sampled")],
    "mode": [("observation", "I watched")],
    "backed_by": {"Evidence": [("evidence:3", "leavers.csv")]},
    "requirements": {"ISO/IEC 27001:2022": [("iso27001-2022:A.5.18", "A.5.18")]},
    "evidence": {"Kept": [("3", "leavers.csv")]},
    "state": [("applicant", "Preparing"), ("certified", "Certified")],
}
FORMS = {
    "desk_audits/finding_modal": FOUND,
    "desk_audits/note_modal": NOTE,
    "desk_audits/differ_modal": OtherView("It was the old form"),
    "desk_audits/further_modal": Further("Since when?"),
    "desk_audits/withdraw_modal": Withdrawal("Seen twice"),
    "nonconformities/issue_modal": GRADING,
    "nonconformities/response_modal": PLAN,
    "nonconformities/verify_modal": Verification("25 of 180"),
    "nonconformities/effect_modal": Effect("0 of 14", "None in 60 days"),
    "nonconformities/reason_modal": Reason("Not yet"),
    "evidence/details_modal": DETAILS,
    "frameworks/gap_analysis/rate_modal": Assessment("0", "Lock the door", "UJONAS", DAY),
    "packs/ask_modal": COVERAGE,
    "packs/requests/let_in_modal": ADMISSION,
    "desk_audits/plan_basics_modal": Basics(
        template="leavers",
        title="Leavers",
        auditee_id="UJONAS",
        lead_id="ULIAM",
        auditors=("UMIRA",),
        observers=("UTOM",),
        begins_on=DAY,
        ends_on=DAY,
    ),
    "desk_audits/plan_agreed_modal": Agreed(
        objective="See whether it works",
        scope="This year",
        requirements="A.5.18",
        other_criteria="The rule",
        places="Berlin",
        processes="Leaving",
        modes=("interview",),
        party="first",
        approach="process",
    ),
    "desk_audits/other_days_modal": OtherDays(proposed_begins_on=DAY, proposed_ends_on=DAY, proposal="We move"),
    "desk_audits/plan_lead_modal": NewLead(lead_id="UMIRA", change="Liam has left", exception="Nobody else"),
    "desk_audits/competence_modal": Competence(
        person_id="ULIAM", edition="iso9001-2015", basis="A course", valid_until=DAY
    ),
    "desk_audits/rate_modal": ASSESSED,
    "programme/obligations/form": WISHES,
    "programme/certification/form": DATES,
}


NOTHING_WITHOUT: dict[type, str] = {
    Plan: "action_due_on",
    Wishes: "starts_on",
    Admission: "first",
    Coverage: "first",
    Basics: "begins_on",
    OtherDays: "proposed_begins_on",
}
"""The day without which there is no such thing at all, so that nothing before it is looked at."""


def submitted(blocks: list[Block]) -> Filled:
    """What Slack sends of these inputs when nobody changes what stands in them."""
    fields = {block["block_id"]: _state(block["element"]) for block in (each.to_dict() for each in blocks)}
    services: Any = SimpleNamespace()
    at = datetime(2026, 9, 30, 8, tzinfo=UTC)
    return Filled(services=services, workspace_id="T1", person_id="UJONAS", key="form:1", at=at, fields=fields)


def _state(element: dict[str, Any]) -> dict[str, Any]:
    names = {"initial_value": "value", "initial_date": "selected_date", "initial_user": "selected_user"}
    names |= {"initial_users": "selected_users"}
    names |= {"initial_option": "selected_option", "initial_options": "selected_options"}
    return {names[name]: value for name, value in element.items() if name in names}


@pytest.mark.parametrize("template", FORMS)
def test_what_stands_in_a_form_comes_back_as_the_shape_it_was_built_from(template: str) -> None:
    said = FORMS[template]
    blocks = inputs(type(said), words(template, kind="discard"), given=vars(said), choices=CHOICES)
    assert filled(submitted(blocks), type(said)) == said


@pytest.mark.parametrize("template", FORMS)
def test_an_empty_form_is_refused_at_the_first_field_that_is_wanted(template: str) -> None:
    shape = type(FORMS[template])
    wanted = next(each for each in fields_of(shape) if not each.is_optional)
    with pytest.raises(InputWanted) as refusal:
        want_all(filled(submitted(inputs(shape, words(template, kind="discard"), choices=CHOICES)), shape))
    assert refusal.value.field == NOTHING_WITHOUT.get(shape, wanted.name)


@pytest.mark.parametrize(
    ("said", "changed", "field"),
    [
        (PLAN, {"correction": "  "}, "correction"),
        (PLAN, {"causes": ("Told by hand", " ")}, "causes_2"),
        (PLAN, {"system_decision": ""}, "system_decision"),
        (FINDING, {"owner_id": ""}, "owner_id"),
        (DETAILS, {"classification": ""}, "classification"),
    ],
)
def test_a_gap_is_told_beside_the_input_in_which_it_is(said: Any, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InputWanted) as refusal:
        want_all(type(said)(**{**vars(said), **changed}))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("said", "field"),
    [
        *((FOUND, field) for field in ("evidence", "statement", "place", "sample")),
        (NOTE, "prompt"),
        (NOTE, "text"),
        (ASSESSED, "rating_note"),
        (Withdrawal("No"), "reason"),
        (OtherView("No"), "owner_view"),
        (PLAN, "how_unnoticed"),
        (PLAN, "expected_proof"),
        (Reason("No"), "reason"),
    ],
)
def test_a_pasted_secret_is_refused_beside_its_field_in_every_form(said: Any, field: str) -> None:
    blocks = inputs(
        type(said),
        words(next(name for name, each in FORMS.items() if type(each) is type(said)), kind="discard"),
        given={**vars(said), field: "The root password is Tr0ub4dor&3"},
        choices=CHOICES,
    )
    with pytest.raises(LooksLikeSecret) as refused:
        filled(submitted(blocks), type(said))
    assert refused.value.field == field


def test_a_pasted_secret_in_a_step_is_refused_beside_that_step() -> None:
    steps = ("IT is told by a mail", "The root password is Tr0ub4dor&3")
    blocks = inputs(Plan, words("nonconformities/response_modal"), given={**vars(PLAN), "causes": steps})
    with pytest.raises(LooksLikeSecret) as refused:
        filled(submitted(blocks), Plan)
    assert refused.value.field == "causes_2"


def test_what_a_form_did_not_ask_keeps_its_default() -> None:
    asked = inputs(Details, words("evidence/details_modal"), given=vars(DETAILS), choices=CHOICES, without="legal_hold")
    assert filled(submitted(asked), Details).legal_hold is None


def test_nobody_was_chosen_in_a_field_that_may_be_left_empty() -> None:
    said = Assessment("na")
    asked = inputs(Assessment, words("frameworks/gap_analysis/rate_modal"), given=vars(said), choices=CHOICES)
    assert filled(submitted(asked), Assessment) == said


@pytest.mark.parametrize(("many", "kind"), [(5, "radio_buttons"), (6, "static_select")])
def test_few_choices_are_all_visible_and_more_go_into_a_menu(many: int, kind: str) -> None:
    choices = {"rating": [(str(each), str(each)) for each in range(many)]}
    block, *_ = inputs(Assessment, words("frameworks/gap_analysis/rate_modal"), choices=choices)
    assert block.to_dict()["element"]["type"] == kind


def test_a_reason_that_was_emptied_is_told_apart_from_one_that_was_not_asked() -> None:
    lifted = Details(**{**vars(DETAILS), "legal_hold": ""})
    asked = inputs(Details, words("evidence/details_modal"), given=vars(lifted), choices=CHOICES)
    assert filled(submitted(asked), Details).legal_hold == ""


@pytest.mark.parametrize(
    ("said", "table", "told", "kept_back"),
    [
        (FINDING, Nonconformity, indexing.FINDING, set()),
        (PLAN, Response, indexing.RESPONSE, set()),
        (DETAILS, Evidence, indexing.FILE, {"legal_hold"}),
        (Asked("7", "The log", "", "Q3", "3 of 9", "UJONAS", DAY), AuditRequest, indexing.REQUEST, set()),
    ],
)
def test_a_shape_is_stored_and_packed_by_the_same_names(said: Any, table: Any, told: str, kept_back: set[str]) -> None:
    row = table(**values_of(said))
    assert of_row(type(said), row) == said
    assert {each.name for each in fields_of(type(said))} - set(told.split()) == kept_back
