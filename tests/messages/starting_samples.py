"""Samples of what a lead sees who sets up the programme."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from messages.programme import settings as programme_settings
from messages.programme import starting
from messages.programme.payloads import ProposalRef, SetupRef, StandardRef, StepRef
from messages.programme.starting import EditionChoice, FirstTold, OwnerField, ProposalItem, SummaryValues, WorkingDraft
from messages.words.kit import Message, Modal
from tests.messages.calendar_samples import QUARTERLY, WISHES, obligation_choices
from tests.messages.values import CHANNEL, DAVID, DUE, JONAS, LATE, LIAM, MIRA, TODAY, Say, requirement

PROPOSAL = ProposalRef(key="access_review", page=2)
OWNERS = (("person", JONAS), ("role", "auditor"), ("group", "S0QUALITY"))


def editions(say: Say) -> list[EditionChoice]:
    return [
        EditionChoice("iso27001-2022", say("ISO/IEC 27001:2022")),
        EditionChoice("iso9001-2015", say("ISO 9001:2015"), say("ISO 9001:2026"), DUE),
        EditionChoice("iso14001-2015", say("ISO 14001:2015"), say("ISO 14001:2026"), DUE, is_confirmed=True),
    ]


def standards(say: Say, own: bool) -> Modal:
    names = [say("Acme"), say("House rules")] if own else []
    ref = StepRef("standards")
    return starting.standards_step(ref, editions(say), names, chosen=["iso9001-2015"], zone=say("Europe/Berlin"))


def aims(say: Say) -> Modal:
    return starting.aims_step(StepRef("certification"), editions(say), {"iso9001-2015": "certified"})


def dates(say: Say, is_certified: bool, place: int) -> Modal:
    edition = editions(say)[place]
    return starting.dates_step(
        StepRef(f"dates:{edition.edition}"),
        edition,
        is_certified=is_certified,
        body=say("A certification body"),
        days={"decided_on": TODAY, "stage_2_on": LATE},
    )


def owners(say: Say) -> Modal:
    groups = [
        OwnerField("it_operations", say("IT operations"), say("Access and backups"), JONAS, DAVID),
        OwnerField("people", say("People and culture"), say("Training")),
    ]
    return starting.owners_step(StepRef("owners"), groups, auditors=[LIAM], management=[DAVID])


def working(say: Say) -> Modal:
    countries = ["NZ", "DE"]
    draft = WorkingDraft(countries, [("BE", "Berlin")], (0, 5), "DE", "BE", CHANNEL, shows_titles=False)
    return starting.working_step(StepRef("working"), draft)


def working_at_first(say: Say) -> Modal:
    return starting.working_step(StepRef("working"), WorkingDraft(["SG"], []))


def proposals(say: Say) -> Modal:
    items = [
        ProposalItem(
            ref=PROPOSAL,
            title=say("Review who has access"),
            requirements=[requirement(say)],
            owner=owner,
            owner_kind=kind,
            rhythm=QUARTERLY,
            first_due=DUE,
            is_left_out=kind == "role",
        )
        for kind, owner in OWNERS
    ] + [ProposalItem(PROPOSAL, say("Audit"), [], "auditor", "role", QUARTERLY, DUE)]
    return starting.obligations_step(items, page=2, pages=4, total=29, left_out=1)


def proposal_form(say: Say) -> Modal:
    given = replace(WISHES, title=say("Review who has access"))
    return starting.proposal_form(PROPOSAL, given, obligation_choices(say))


def summary(say: Say) -> Modal:
    values = SummaryValues(
        standards=[say("ISO 9001:2015"), say("ISO/IEC 27001:2022")],
        obligations=27,
        left_out=2,
        digest_channel_id=CHANNEL,
        first_told=[FirstTold(DUE, say("Review who has access"), owner, kind) for kind, owner in OWNERS],
        certificates={say("ISO 9001:2015"): 6},
    )
    return starting.summary(SetupRef(version=12), values)


def started(say: Say) -> Message:
    return starting.started(
        standards=[say("ISO 9001:2015")],
        obligations=30,
        dates=6,
        first_due=[starting.FirstDue(say("Review who has access"), DUE, JONAS)],
        digest_channel_id=CHANNEL,
    )


def card(say: Say, others: bool, country: bool) -> Message:
    return programme_settings.card(
        programme_settings.Card(
            started_on=TODAY,
            standards=[("iso9001-2015", say("ISO 9001:2015"))],
            others=[("iso45001-2018", say("ISO 45001:2018"))] if others else [],
            groups=[
                OwnerField("it", say("IT operations"), "", JONAS, DAVID),
                OwnerField("people", say("People and culture"), ""),
            ],
            weekdays=(0, 1, 5),
            country="DE" if country else "",
            region="Bayern" if country else "",
            digest_channel_id=CHANNEL,
            shows_titles=others,
            without_name=others,
        )
    )


def addition(say: Say, new: int) -> Modal:
    values = programme_settings.AdditionValues(
        standard=say("ISO 45001:2018"),
        serving=[say("Management review"), say("Awareness training")] if new else [],
        new=[(f"key{place}", say("Hold an emergency drill")) for place in range(new)],
        groups=[OwnerField("people", say("People and culture"), say("Drills"))] if new else [],
    )
    return programme_settings.addition_form(StandardRef("iso45001-2018"), values)


def programme_forms() -> dict[str, Callable[[Say], Message | Modal]]:
    draft = WorkingDraft(["DE"], [("BE", "Berlin")], (0, 5), "DE", "BE", CHANNEL)
    ref = StandardRef("iso45001-2018")
    return {
        "programme, owners": lambda say: programme_settings.owners_form(
            [OwnerField("it", say("IT"), say("Access"), JONAS)]
        ),
        "programme, working days": lambda _: programme_settings.working_form(draft),
        "programme, digest": lambda _: programme_settings.digest_form(draft),
        "programme, add": lambda say: programme_settings.add_form([("iso45001-2018", say("ISO 45001:2018"))]),
        "programme, addition": partial(addition, new=23),
        "programme, nothing to add": partial(addition, new=0),
        "programme, end": lambda say: programme_settings.end_form(ref, standard=say("ISO 45001:2018")),
    }


def starting_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every step, and what is told around them."""
    return {
        "setup, standards": partial(standards, own=False),
        "setup, standards beside own frameworks": partial(standards, own=True),
        "setup, certification": aims,
        "setup, dates on the way to a certificate": partial(dates, is_certified=False, place=0),
        **{
            f"setup, dates of certificate {place}": partial(dates, is_certified=True, place=place) for place in range(3)
        },
        "setup, owners": owners,
        "setup, working days": working,
        "setup, working days at first": working_at_first,
        "setup, proposals": proposals,
        "setup, a proposal": proposal_form,
        "setup, summary": summary,
        "setup, under way": lambda _: starting.under_way(by=MIRA),
        "programme started": started,
        "programme card": partial(card, others=True, country=True),
        "programme card, everything followed": partial(card, others=False, country=False),
        **programme_forms(),
    }
