"""Samples of what is said about frameworks: what is followed, what applies, how well it is met."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from messages.frameworks import applicability, catalogues, gap_analysis
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from tests.messages.values import DUE, JONAS, THEME, TODAY, Say, decided_line, gap_line, statement
from workflows.frameworks.shapes import Assessment

Sample = Callable[[Say], Message | Modal]


def framework_samples() -> dict[str, Sample]:
    """Every message about frameworks by a name that says which one it is."""
    return {**_followed_samples(), **_applicability_samples(), **_gap_samples()}


def frameworks_overview(say: Say, *, for_lead: bool, shows_titles: bool = True) -> Message:
    edition = catalogues.FollowedEdition
    followed = [
        edition(say("ISO/IEC 27001:2022"), 123, "current"),
        edition(say("ISO 9001:2015"), 65, "in_transition", say("ISO 9001:2026"), DUE),
        edition(say("ISO 14001:2015"), 1, "in_transition", say("ISO 14001:2026"), DUE, confirmed=True),
        edition(say("ISO/IEC 27001:2013"), 144, "withdrawn", say("ISO/IEC 27001:2022"), DUE, confirmed=True),
        edition(say("Acme security annex"), 12, "own"),
    ]
    others = [say("ISO 45001:2018")]
    return catalogues.overview(
        followed=followed, others=others, shows_titles=shows_titles, may_bring=for_lead, may_switch=for_lead
    )


def moved_register(say: Say) -> Message:
    new = Requirement(say("ISO/IEC 27001:2022"), say("A.5.18"), say("Access rights"))
    return catalogues.moved(
        catalogues.MovedRegister(
            carried={say("A.6.1.1"): new},
            merged=[(new, [say("A.9.2.2"), say("A.9.2.5")])],
            split={say("A.18.2.3"): [new, replace(new, title="")]},
            new=[new, replace(new, title="")],
            absent=[new, new],
            gone=[say("A.1.1.1")],
            unknown=[say("A.99.1.1")],
        )
    )


def theme_page(say: Say, *, may_decide: bool) -> Message:
    lines = [decided_line(say, applies=each) for each in (None, True, False)]
    standard = say("ISO/IEC 27001:2022")
    return applicability.theme(lines * 3, page=THEME, standard=standard, total=37, undecided=4, may_decide=may_decide)


def _decide_modal(say: Say, applies: bool | None, goes_on: bool) -> Modal:
    line = decided_line(say, applies=applies, goes_on=goes_on)
    return applicability.decide_modal(line, summary=say("Give, change and end access as people come and go."), left=4)


def _applicability_samples() -> dict[str, Sample]:
    undecided = partial(statement, undecided=4, number=0, is_approved=False)
    changed = partial(statement, undecided=0, number=2, is_approved=False)
    approved = partial(statement, undecided=0, number=3, is_approved=True)
    return {
        "soa, for a lead": lambda say: applicability.overview(
            [undecided(say), changed(say), approved(say)], may_decide=True, may_approve=True
        ),
        "soa, for an auditor": lambda say: applicability.overview([approved(say)], may_decide=False, may_approve=False),
        "soa, nothing yet": lambda _: applicability.overview([], may_decide=True, may_approve=True),
        "soa theme": partial(theme_page, may_decide=True),
        "soa theme, for an auditor": partial(theme_page, may_decide=False),
        "soa decide modal": partial(_decide_modal, applies=False, goes_on=False),
        "soa decide modal, going on": partial(_decide_modal, applies=None, goes_on=True),
        "soa rest modal": lambda say: applicability.rest_modal(THEME, standard=say("ISO/IEC 27001:2022"), undecided=4),
        "soa exporting": lambda say: applicability.exporting(file=say("iso27001-2022-applicability.xlsx")),
    }


def _rate_modal(say: Say, planned: bool, goes_on: bool) -> Modal:
    return gap_analysis.rate_modal(
        gap_line(say, planned=planned, goes_on=goes_on),
        ratings=[(str(each), f"rating_{each}") for each in range(4)],
        given=Assessment("1", say("Lock the door"), JONAS, DUE) if planned else None,
        summary=say("Give, change and end access as people come and go."),
        left=4,
    )


def gap_overview(say: Say, *, may_rate: bool) -> Message:
    counts = [("rating_0", 4), ("rating_1", 0), ("rating_3", 30)]
    page = replace(THEME, theme="")
    analyses = [
        gap_analysis.AnalysisFigures(page, say("ISO/IEC 27001:2022"), 123, 34, counts),
        gap_analysis.AnalysisFigures(page, say("ISO 9001:2015"), 65, 65, counts),
    ]
    return gap_analysis.overview(analyses, gaps=4, overdue=1, may_rate=may_rate)


def gap_list(say: Say, *, may_rate: bool) -> Message:
    lines = [gap_line(say, planned=True), gap_line(say, planned=False)]
    return gap_analysis.gap_list(lines * 5, page=1, total=12, today=TODAY, may_rate=may_rate)


def _gap_samples() -> dict[str, Sample]:
    return {
        "gap analysis, for a lead": partial(gap_overview, may_rate=True),
        "gap analysis, for an auditor": partial(gap_overview, may_rate=False),
        "gap analysis, nothing yet": lambda _: gap_analysis.overview([], gaps=0, overdue=0, may_rate=True),
        "gap list, for a lead": partial(gap_list, may_rate=True),
        "gap list, for an auditor": partial(gap_list, may_rate=False),
        "gap of one requirement, for an auditor": lambda say: gap_analysis.one(gap_line(say, planned=True), TODAY),
        "gap list, empty": lambda _: gap_analysis.gap_list([], page=1, total=0, today=TODAY, may_rate=True),
        "gap rate modal": partial(_rate_modal, planned=True, goes_on=False),
        "gap rate modal, going on": partial(_rate_modal, planned=False, goes_on=True),
    }


def _followed_samples() -> dict[str, Sample]:
    return {
        "frameworks, for a lead": partial(frameworks_overview, for_lead=True),
        "frameworks, titles off": partial(frameworks_overview, for_lead=True, shows_titles=False),
        "frameworks, for a reader": partial(frameworks_overview, for_lead=False),
        "frameworks, none yet": lambda _: catalogues.overview(
            followed=[], others=[], shows_titles=True, may_bring=False, may_switch=False
        ),
        "migrate modal": lambda _: catalogues.migrate_modal(),
        "moved register": moved_register,
        "moved register, nothing known": lambda _: catalogues.moved(catalogues.MovedRegister(unknown=["A.99.1.1"])),
        "bring modal": lambda _: catalogues.bring_modal(),
        "reading a file": lambda say: catalogues.reading(say("controls.xlsx")),
        "own controls brought": lambda say: catalogues.brought(
            name=say("Acme security annex"),
            edition="own-acme",
            added=12,
            changed=1,
            withdrawn=0,
            unchanged=3,
            kept_as_text=2,
        ),
    }
