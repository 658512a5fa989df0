"""What the messages of each room offer and to whom: buttons by state and reader, and nothing on what is decided."""

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from messages.concerns import cards as concern_cards
from messages.desk_audits import cards as desk_audit_cards
from messages.evidence import cards as evidence_cards
from messages.home import cards as home_cards
from messages.importing import cards as importing_cards
from messages.interviews import cards as interview_cards
from messages.interviews.cards import GivenAnswer
from messages.interviews.payloads import QuestionRef
from messages.nonconformities import cards as nonconformity_cards
from messages.nonconformities import forms as nonconformity_forms
from messages.packs import requests as request_cards
from messages.people import cards as people_cards
from messages.programme import starting
from messages.programme.payloads import StepRef
from messages.reviews import digest as review_digest
from messages.reviews import status
from messages.tasks import cards as task_cards
from messages.tasks.payloads import TaskDeed
from messages.words.filters import the_country
from messages.words.kit import Home, Message, Modal
from messages.words.payloads import decode
from messages.words.wording import phrase, words
from tests.messages import pack_samples, starting_samples, values
from tests.messages.readable import readable
from tests.messages.slack_rules import parts
from tests.messages.values import JONAS, MIRA, TODAY


def buttons(surface: Message | Modal | Home) -> list[str]:
    return [each["action_id"] for each in parts(surface.to_dict()) if each.get("type") == "button"]


def fields_of(modal: Modal) -> list[str]:
    return [block["block_id"] for block in modal.blocks if block["type"] == "input"]


def chosen_from(surface: Message | Modal | Home) -> list[str]:
    """The deeds behind the three dots."""
    menus = [each["options"] for each in parts(surface.to_dict()) if each.get("type") == "overflow"]
    return [decode(TaskDeed, option["value"]).deed for options in menus for option in options]


OWNER_BUTTONS = [task_cards.ADD_EVIDENCE]
LEAD_BUTTONS = [task_cards.ACCEPT, task_cards.RETURN]


@pytest.mark.parametrize(
    ("state", "for_owner", "for_lead"),
    [
        ("scheduled", [], []),
        ("open", OWNER_BUTTONS, []),
        ("returned", OWNER_BUTTONS, []),
        ("submitted", [], LEAD_BUTTONS),
        ("accepted", [], []),
        ("waived", [], []),
        ("missed", [], []),
    ],
)
def test_a_task_offers_what_its_state_allows_to_whoever_may(
    state: str, for_owner: list[str], for_lead: list[str]
) -> None:
    card = replace(values.task_card(str, state), files=())
    assert buttons(task_cards.card(card, "owner")) == for_owner
    assert buttons(task_cards.card(card, "lead")) == for_lead
    assert buttons(task_cards.card(card, "reader")) == []


WAITING = ["put_off", "delegate", "not_mine", "comment", "why"]
LEADS = ["assign", "waive", "comment", "why"]


@pytest.mark.parametrize(
    ("state", "for_owner", "for_lead"),
    [
        ("scheduled", ["delegate", "not_mine", "comment", "why"], ["assign", "comment", "why"]),
        ("open", WAITING, LEADS),
        ("returned", WAITING, LEADS),
        ("submitted", ["comment"], ["comment"]),
        ("accepted", [], ["reopen", "comment"]),
        ("waived", [], ["reopen", "comment"]),
        ("missed", [], []),
    ],
)
def test_behind_the_three_dots_stands_what_its_reader_may_do(
    state: str, for_owner: list[str], for_lead: list[str]
) -> None:
    card = values.task_card(str, state)
    assert chosen_from(task_cards.card(card, "owner")) == for_owner
    assert chosen_from(task_cards.card(card, "lead")) == for_lead
    assert chosen_from(task_cards.card(card, "reader")) == []
    external = replace(card, external=True)
    assert chosen_from(task_cards.card(external, "owner")) == [each for each in for_owner if each != "put_off"]
    assert chosen_from(task_cards.card(external, "lead")) == [each for each in for_lead if each != "waive"]


@pytest.mark.parametrize(
    ("kind", "reader", "to_id", "offered"),
    [
        ("delegation", "asked", JONAS, [task_cards.TAKE, task_cards.DECLINE]),
        ("delegation", "lead", JONAS, []),
        ("delegation", "owner", JONAS, OWNER_BUTTONS),
        ("not_mine", "lead", JONAS, [task_cards.TAKE, task_cards.CHOOSE, task_cards.DECLINE]),
        ("not_mine", "lead", None, [task_cards.CHOOSE, task_cards.DECLINE]),
        ("not_mine", "reader", JONAS, []),
    ],
)
def test_whoever_is_asked_can_answer_and_nobody_else(
    kind: str, reader: task_cards.Reader, to_id: str | None, offered: list[str]
) -> None:
    card = replace(values.task_card(str, "open"), files=(), asked=values.asked(str, kind, to_id=to_id))
    assert buttons(task_cards.card(card, reader)) == offered
    decided = replace(card, state="accepted")
    assert buttons(task_cards.card(decided, reader)) == []


@pytest.mark.parametrize(
    ("state", "changes", "offered"),
    [
        ("scheduled", {"may_begin": True}, [task_cards.BEGIN]),
        ("scheduled", {}, []),
        ("scheduled", {"may_begin": True, "is_own": False}, []),
        ("missed", {"explained": False}, [task_cards.EXPLAIN]),
        ("missed", {}, []),
    ],
)
def test_a_line_in_a_list_offers_what_its_reader_may_do(
    state: str, changes: dict[str, Any], offered: list[str]
) -> None:
    page = replace(values.list_page(str, "open"), items=[replace(values.work_item(str, state), **changes)], pages=1)
    assert buttons(task_cards.work_list(page)) == offered


@pytest.mark.parametrize(
    ("page", "offered"),
    [
        (0, [f"{task_cards.PAGE}.on"]),
        (1, [f"{task_cards.PAGE}.back", f"{task_cards.PAGE}.on"]),
        (2, [f"{task_cards.PAGE}.back"]),
    ],
)
def test_a_list_is_turned_as_far_as_it_goes(page: int, offered: list[str]) -> None:
    items = replace(values.list_page(str, "accepted", page=page), pages=3)
    assert buttons(task_cards.work_list(items)) == offered


def test_where_no_evidence_is_wanted_it_is_enough_to_say_that_it_is_done() -> None:
    card = replace(values.task_card(str, "open"), evidence_required=False)
    assert buttons(task_cards.card(card, "owner")) == [task_cards.DONE, task_cards.ADD_EVIDENCE]


def test_whoever_judges_a_task_can_have_every_kept_file_shown() -> None:
    card = values.task_card(str, "submitted")
    assert buttons(task_cards.card(card, "lead")).count(evidence_cards.SHOW) == len(card.files)
    assert evidence_cards.SHOW not in buttons(task_cards.card(card, "owner"))


@pytest.mark.parametrize(("state", "told"), [("open", True), ("submitted", False), ("accepted", False)])
def test_who_is_told_next_is_said_while_the_task_waits_for_its_owner(state: str, told: bool) -> None:
    assert ("I'll message" in readable(task_cards.card(values.task_card(str, state), "owner"))) is told


def test_a_nudge_says_why_it_came_and_who_hears_next() -> None:
    said = readable(task_cards.nudge(values.task_card(str, "open"), "due_soon"))
    assert "Why am I getting this?" in said
    assert "I'll message <@U0MIRA> and <@U0DAVID> on Wednesday 18 March 2026" in said


def test_owners_who_hear_next_along_with_others_read_of_themselves_as_you() -> None:
    heard = task_cards.ToldNext([values.JONAS, values.MIRA, values.DAVID], date(2026, 3, 18))
    card = replace(values.task_card(str, "open"), told_next=heard)
    assert "I'll message you, <@U0MIRA> and <@U0DAVID> on Wednesday" in readable(task_cards.card(card, "owner"))
    alone = replace(card, told_next=replace(heard, people=[values.JONAS]))
    assert "I'll message you again on Wednesday" in readable(task_cards.card(alone, "owner"))


@pytest.mark.parametrize(
    ("code", "name"),
    [("DE", "Germany"), ("US", "the United States"), ("GB", "the United Kingdom"), ("NL", "the Netherlands")],
)
def test_a_country_has_its_article_within_a_sentence(code: str, name: str) -> None:
    assert the_country(code, say=phrase) == name


@pytest.mark.parametrize(
    ("rule", "said"),
    [("", "Please write the rule."), ("  ", "Please write the rule."), ("often", "understand “often”")],
)
def test_a_rule_that_was_left_out_is_asked_for(rule: str, said: str) -> None:
    assert said in words("words/refusals/rule_not_understood", rule=rule, part=rule).what.plain


@pytest.mark.parametrize(
    ("audience", "why"),
    [
        ("manager", "as their manager"),
        ("lead", "you lead the compliance programme"),
        ("management", "as part of management"),
    ],
)
def test_who_hears_of_an_overdue_task_learns_why_and_is_not_asked_for_the_file(audience: str, why: str) -> None:
    said = readable(task_cards.escalated(values.task_card(str, "open", due_on=values.LATE), "reader", audience))
    assert why in said
    assert "Drop the file" not in said


def test_what_belongs_into_a_field_can_be_said_beside_it() -> None:
    wish = {"field_name": "group", "wish": "enter_handle", "about": {"known": ["@it", "@r&d"]}}
    said = "Please enter the handle of a Slack user group, such as @it; I know @it, @r&d."
    assert words("words/refusals/input_wanted", **wish).what.plain == said


@pytest.mark.parametrize(("kind", "asks_enough"), [("return_plan", True), ("reject", True), ("discard", False)])
def test_nobody_is_told_that_the_owner_of_a_discarded_draft_reads_along(
    kind: nonconformity_forms.ReasonFor, asks_enough: bool
) -> None:
    said = readable(nonconformity_forms.reason_modal(ref=values.FINDING, kind=kind))
    assert ("what would be enough" in said) is asks_enough


def test_the_form_that_discards_a_draft_says_so_on_its_button() -> None:
    assert nonconformity_forms.reason_modal(ref=values.FINDING, kind="discard").submit == "Discard"


def test_nobody_is_told_of_a_thread_where_there_is_none() -> None:
    asked = replace(pack_samples.request(str, "assigned"), deeds=frozenset({"answer"}))
    assert "thread" not in readable(request_cards.card(asked))
    assert "drop files in this thread" in readable(request_cards.day_item(asked, JONAS, today=TODAY).alone())


def test_access_ends_after_a_question_only() -> None:
    shown = request_cards.auditors([pack_samples.access(str)])
    [end] = [each for each in parts(shown.to_dict()) if each.get("action_id") == request_cards.END]
    assert "confirm" in end


@pytest.mark.parametrize("suggestion", ["unverified", "verify_further"])
def test_whoever_did_not_know_is_not_said_to_have_sounded_right(suggestion: str) -> None:
    [answer] = values.answers_card(str, [suggestion]).answers
    card = replace(values.answers_card(str, []), answers=[values.not_known(answer)])
    said = readable(desk_audit_cards.answers(card))
    assert "sounds right" not in said
    assert "only words" not in said


def test_plain_words_stand_before_the_clause() -> None:
    said = readable(task_cards.card(values.task_card(str, "open"), "owner"))
    assert said.index("must not keep their way in") < said.index("A.5.18")


@pytest.mark.parametrize(
    ("required", "wanted", "said"),
    [
        (True, "", "any file that shows it was done"),
        (False, "", "just press Done"),
        (False, "A list", "A list (if you have any)"),
    ],
)
def test_a_task_says_which_evidence_it_needs(required: bool, wanted: str, said: str) -> None:
    card = replace(values.task_card(str, "open"), evidence_required=required, evidence_wanted=wanted)
    assert said in readable(task_cards.card(card, "owner"))


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("invited", [interview_cards.GO_ON, interview_cards.TALK, interview_cards.DECLINE]),
        ("answering", [interview_cards.GO_ON, interview_cards.TALK, interview_cards.DECLINE]),
        ("confirming", []),
        ("confirmed", []),
        ("declined", []),
        ("withdrawn", []),
    ],
)
def test_an_interview_offers_what_its_state_allows(state: str, offered: list[str]) -> None:
    assert buttons(interview_cards.invitation(values.interview_card(str, state))) == offered


def test_an_interview_goes_on_where_it_was_left() -> None:
    assert "[Begin]" in readable(interview_cards.invitation(values.interview_card(str, "invited")))
    assert "[Question 4 of 12 · Continue]" in readable(
        interview_cards.invitation(values.interview_card(str, "answering"))
    )


@pytest.mark.parametrize(("count", "length"), [(1, 10), (12, 3000), (20, 3000), (24, 40)])
def test_every_answer_can_be_changed_however_long_they_are(count: int, length: int) -> None:
    answers = [GivenAnswer(QuestionRef(4, f"q{each}"), "What do you do here?", "x " * length) for each in range(count)]
    summary = interview_cards.summary(ref=values.INTERVIEW, audit_title="Access", answers=answers)
    assert buttons(summary) == [*[interview_cards.CHANGE] * count, interview_cards.CONFIRM]


def test_a_finding_is_offered_beside_every_answer_whatever_is_suggested() -> None:
    card = values.answers_card(str, [None, "observation", "nonconformity"])
    shown = desk_audit_cards.answers(card)
    assert buttons(shown) == [desk_audit_cards.RATE, desk_audit_cards.RAISE] * 3
    assert "Suggestion: nonconformity. You decide." in readable(shown)


def test_answers_are_read_from_among_other_things_until_they_are_rated() -> None:
    rated, waiting = (desk_audit_cards.day_item(values.answers_card(str, [each])) for each in ("conformity", None))
    assert (rated.group, waiting.group) == ("settled", "decide")
    offered = [part for block in waiting.blocks for part in parts(block.to_dict()) if part.get("type") == "button"]
    assert [each["action_id"] for each in offered] == [desk_audit_cards.READ]
    assert buttons(waiting.alone()) == [desk_audit_cards.RATE, desk_audit_cards.RAISE]


ALL_ACTIONS = frozenset(
    {
        nonconformity_cards.ISSUE,
        nonconformity_cards.DISCARD,
        nonconformity_cards.ACKNOWLEDGE,
        nonconformity_cards.RESPOND,
        nonconformity_cards.ACCEPT_PLAN,
        nonconformity_cards.RETURN_PLAN,
        nonconformity_cards.ADD_EVIDENCE,
        nonconformity_cards.CLAIM_DONE,
        nonconformity_cards.CONFIRM_IMPLEMENTATION,
        nonconformity_cards.REJECT_IMPLEMENTATION,
        nonconformity_cards.CONFIRM_EFFECTIVE,
        nonconformity_cards.CONFIRM_INEFFECTIVE,
        nonconformity_cards.CO_SIGN,
        nonconformity_cards.READ,
    }
)


@pytest.mark.parametrize("allowed", [frozenset(), frozenset({nonconformity_cards.RESPOND}), ALL_ACTIONS])
def test_a_finding_offers_exactly_what_is_allowed(allowed: frozenset[str]) -> None:
    card = replace(values.finding_card(lambda words: words * 500, "verifying"), actions=allowed)
    shown = [each for each in buttons(nonconformity_cards.card(card, "verifier")) if each != evidence_cards.SHOW]
    assert len(shown) == len(set(shown))
    assert set(shown) == allowed


def test_an_action_without_a_button_is_a_fault() -> None:
    with pytest.raises(KeyError, match="no button"):
        nonconformity_cards.buttons(values.FINDING, frozenset({"nc.dance"}))


@pytest.mark.parametrize("state", values.FINDING_STATES)
def test_a_finding_names_who_acts_next_until_it_is_decided(state: str) -> None:
    said = readable(nonconformity_cards.card(values.finding_card(str, state), "owner"))
    waits = state not in ("closed", "void")
    assert ("*Next:* <@U0JONAS>, by Friday 13 March 2026 (in 3 days)" in said) is waits


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("draft", "○○○○ Draft"),
        ("contested", "●○○○ Put right (paused)"),
        ("implementing", "●●●○ Do it"),
        ("closed", "●●●● Closed"),
        ("void", "Taken out of the process: void"),
    ],
)
def test_a_finding_shows_how_far_it_is(state: str, line: str) -> None:
    assert line in readable(nonconformity_cards.card(values.finding_card(str, state), "reader"))


def home_for(**changes: Any) -> Home:
    return home_cards.home(home_cards.HomeValues(MIRA, TODAY, **{"programme": values.programme(str), **changes}))


OWN_DAYS = [people_cards.AWAY, people_cards.CHANGE_DAYS, concern_cards.BRING_UP]
"""What everybody finds on their Home tab."""


def test_a_home_with_nothing_to_do_says_so() -> None:
    assert "You're all caught up." in readable(home_for())
    assert buttons(home_for()) == OWN_DAYS


def test_only_an_administrator_without_a_lead_can_claim_the_role() -> None:
    assert buttons(home_for(has_begun=False, can_claim_lead=True)) == [people_cards.CLAIM_LEAD, *OWN_DAYS]
    assert buttons(home_for(has_begun=False)) == OWN_DAYS


def test_only_a_lead_can_start_the_programme_and_only_once() -> None:
    assert buttons(home_for(has_begun=False, is_lead=True)) == [starting.START, *OWN_DAYS]
    assert buttons(home_for(is_lead=True)) == OWN_DAYS


def test_nobody_gets_buttons_for_what_they_handed_in_themselves() -> None:
    queue = [values.queue_item(str, is_own=True), values.queue_item(str, is_own=False)]
    aside = (evidence_cards.SHOW, *OWN_DAYS)
    assert [each for each in buttons(home_for(is_lead=True, queue=queue)) if each not in aside] == LEAD_BUTTONS
    assert buttons(home_for(is_lead=False, queue=queue)) == OWN_DAYS


def test_a_full_home_says_how_much_more_there_is() -> None:
    many: dict[str, Any] = {
        "tasks": [values.work_item(str, "open")] * 40,
        "interviews": [values.interview_item(str, "answering")] * 40,
        "findings": [values.finding_item(str, "responding")] * 40,
        "queue": [values.queue_item(str, is_own=False)] * 40,
        "is_lead": True,
    }
    full = home_for(**many)
    assert 80 < len(full.blocks) <= 100
    assert readable(full).count("more") == 4


def test_the_status_names_who_is_behind_or_says_nobody_is() -> None:
    behind = values.programme(str)
    assert "<@U0JONAS>: 2 tasks, the oldest 9 days overdue" in readable(status.status(behind))
    assert "Nothing is overdue." in readable(status.status(replace(behind, overdue=[])))


def test_the_digest_puts_what_cannot_wait_first_and_ends_with_the_head_of_the_trail() -> None:
    said = readable(values_digest())
    assert said.index("Urgent") < said.index("Ready for an audit")
    assert f"Audit trail: entry 214, {values.SHA256}" in said


def test_an_older_digest_without_a_figure_is_no_obstacle() -> None:
    before = values.figures(str)
    del before["tasks_open"]  # type: ignore[misc] # as a digest of an earlier version would come out of storage
    assert "5 open" in readable(values_digest(previous=before))


def values_digest(previous: review_digest.DigestFigures | None = None) -> Message:
    return review_digest.digest(
        figures=values.figures(str), previous=previous, trail_sequence=214, trail_hash=values.SHA256
    )


def test_the_setup_asks_for_an_owner_and_a_deputy_per_area() -> None:
    groups = [starting.OwnerField("it", "IT", "Access"), starting.OwnerField("hr", "HR", "Training")]
    modal = starting.owners_step(StepRef("owners"), groups, auditors=[], management=[])
    assert fields_of(modal) == ["owner.it", "deputy.it", "owner.hr", "deputy.hr", "auditors", "management"]


def test_a_field_of_the_setup_belongs_to_what_it_is_asked_about() -> None:
    """Slack keeps what was typed under one id, so the dates of two standards must not share one."""
    pages = [starting_samples.dates(str, is_certified=True, place=place) for place in range(3)]
    names = [name for page in pages for name in fields_of(page)]
    assert len(set(names)) == len(names)


def test_the_file_of_faults_computes_nothing_and_is_read_by_any_spreadsheet() -> None:
    faults = [
        importing_cards.CellFault(14, "C14", "Owner", "formula", '=cmd|" /C calc"!A0'),
        importing_cards.CellFault(15, "", "", "owner_missing", ""),
    ]
    written = importing_cards.faults_file(faults).decode("utf-8-sig")
    head, first, second = csv.reader(io.StringIO(written))
    assert head == ["Row", "Cell", "Column", "Content", "Problem"]
    assert first[:4] == ["14", "C14", "Owner", '\'=cmd|" /C calc"!A0']
    assert second == ["15", "", "", "", "no owner is named"]
