"""Starting room: the steps in which a lead sets up the programme, and what they hear once it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from unicodedata import combining, normalize

from slack_sdk.models.blocks import Block, ButtonElement

from messages.programme import obligations
from messages.programme.obligations import ObligationChoices
from messages.programme.payloads import ProposalRef, SetupRef, StepRef
from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.recurrence import Rhythm
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, Words, words
from workflows.programme.shapes import Wishes

START = "programme.start"
STEP_FORM = "setup.step"
BACK = "setup.back"
TURN_BACK = "setup.previous_page"
TURN_ON = "setup.next_page"
CHANGE = "setup.change"
CHANGE_FORM = "setup.change_form"
LEAVE_OUT = "setup.leave_out"
PUT_BACK = "setup.put_back"
TAKE_OVER = "setup.take_over"
START_NOW_FORM = "setup.start"

STANDARDS = "standards"
AIM, OWNER, DEPUTY = "aim.", "owner.", "deputy."
"""Before the key of an edition or an owner group: `owner.it_operations` is the field for that group's owner."""
AUDITORS, MANAGEMENT = "auditors", "management"
WEEKDAYS, COUNTRY, REGION, DIGEST_CHANNEL, TITLES = "weekdays", "country", "region", "digest_channel", "titles"
BODY = "certification_body"
PREPARING_DAYS = ("stage_1_on", "stage_2_on")
CERTIFIED_DAYS = ("decided_on", "expires_on", "last_surveillance_on")
TRANSITION_BY = "transition_by"

AIMS = ("no_certificate", "preparing", "certified")
SHOWN, HIDDEN = "shown", "hidden"
DAYS_OF_THE_WEEK = 7


@dataclass(frozen=True)
class EditionChoice:
    """A standard to choose; of an edition that is being replaced, by what, and when its certificates end."""

    edition: str
    standard: str
    successor: str = ""
    until: date | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class OwnerField:
    """A field of work that needs somebody to look after it; `hint` says which duties come with it."""

    key: str
    label: str
    hint: str
    owner_id: str | None = None
    deputy_id: str | None = None


@dataclass(frozen=True)
class WorkingDraft:
    """What stands in the step about working days: countries by their codes, regions by codes and names."""

    countries: Sequence[str]
    regions: Sequence[Choice]
    weekdays: Sequence[int] = tuple(range(5))
    country: str | None = None
    region: str | None = None
    digest_channel: str | None = None
    shows_titles: bool = True


@dataclass(frozen=True)
class ProposalItem:
    """A proposed obligation as a line in the list. `owner` is a person's id, a role or a group's handle."""

    ref: ProposalRef
    title: str
    requirements: Sequence[Requirement]
    owner: str
    owner_kind: str
    rhythm: Rhythm
    first_due: date
    is_left_out: bool = False


@dataclass(frozen=True)
class FirstTold:
    """Who will be told of what on which day."""

    told_on: date
    title: str
    owner: str
    owner_kind: str


@dataclass(frozen=True)
class SummaryValues:
    """What will happen when the programme is started; `certificates` are dates by standard."""

    standards: Sequence[str]
    obligations: int
    left_out: int
    digest_channel_id: str
    first_told: Sequence[FirstTold]
    certificates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FirstDue:
    """One of the first things to fall due."""

    title: str
    due_on: date
    owner_id: str


def start_button() -> ButtonElement:
    """Opens the setup, where it stands."""
    return kit.button(words("programme/starting/step").button_start, START, Nothing(), style="primary")


def standards_step(
    ref: StepRef, editions: Sequence[EditionChoice], own: Sequence[str], *, chosen: Sequence[str], zone: str
) -> Modal:
    """Step 1: which standards are followed. `own` are the organisation's frameworks, `zone` its time zone."""
    wording = words("programme/starting/standards", zone=zone, own=own)
    offered = [(each.edition, each.standard) for each in editions]
    replaced = [words("programme/starting/standards", each=each).successor for each in editions if each.until]
    return _step(
        ref,
        1,
        [
            kit.section(wording.intro),
            fields.ticks(STANDARDS, wording.standards, offered, wording.standards_hint, given=chosen),
            *map(kit.context, replaced),
            kit.context(wording.own if own else wording.bring_own),
        ],
    )


def aims_step(ref: StepRef, editions: Sequence[EditionChoice], aims: Mapping[str, str]) -> Modal:
    """Step 2: for each standard, whether there is a certificate."""
    wording = words("programme/starting/certification")
    choices = [(each, wording[each].plain) for each in AIMS]
    asked = [
        fields.radio(
            f"{AIM}{each.edition}",
            words("programme/starting/certification", standard=each.standard).standard,
            choices,
            given=aims.get(each.edition, AIMS[0]),
        )
        for each in editions
    ]
    return _step(ref, 2, [kit.section(wording.intro), *asked])


def dates_step(
    ref: StepRef, edition: EditionChoice, *, is_certified: bool, body: str, days: Mapping[str, date | None]
) -> Modal:
    """Step 2, a page for each standard with a certificate or on the way to one: its dates."""
    wording = words("programme/starting/dates", edition=edition)
    known_as = words("programme/certification/form")
    moving = (TRANSITION_BY,) if edition.until and is_certified else ()
    asked = [
        fields.day(
            name,
            wording[name],
            wording[f"{name}_hint"],
            given=days.get(name),
            optional=name != "decided_on",
        )
        for name in (*(CERTIFIED_DAYS if is_certified else PREPARING_DAYS), *moving)
    ]
    name_of_body = fields.text(BODY, known_as.certification_body, given=body, long=False, optional=True)
    intro = wording.intro_certified if is_certified else wording.intro_preparing
    return _step(ref, 2, [kit.section(intro), *asked, name_of_body], about=edition.edition)


def owners_step(
    ref: StepRef, groups: Sequence[OwnerField], *, auditors: Sequence[str], management: Sequence[str]
) -> Modal:
    """Step 3: who looks after what, who audits, and who is management."""
    wording = words("programme/starting/owners")
    return _step(
        ref,
        3,
        [
            kit.section(wording.intro),
            *owner_fields(groups),
            fields.people(AUDITORS, wording.auditors, wording.auditors_hint, given=auditors),
            fields.people(MANAGEMENT, wording.management, wording.management_hint, given=management),
        ],
    )


def owner_fields(groups: Sequence[OwnerField]) -> list[Block]:
    """An owner, and perhaps a deputy, for each field of work."""
    return [block for group in groups for block in _owner_and_deputy(group)]


def _owner_and_deputy(group: OwnerField) -> list[Block]:
    wording = words("programme/starting/owners", group=group)
    return [
        fields.person(f"{OWNER}{group.key}", wording.owner, wording.owner_hint, given=group.owner_id),
        fields.person(f"{DEPUTY}{group.key}", wording.deputy, given=group.deputy_id, optional=True),
    ]


def working_step(ref: StepRef, draft: WorkingDraft) -> Modal:
    """Step 4: when and where people work, where management reads, and how requirements are named."""
    return _step(ref, 4, [*working_day_fields(draft), *digest_fields(draft)])


def digest_fields(draft: WorkingDraft) -> list[Block]:
    """The channel of the digest, and how requirements are named."""
    wording = words("programme/starting/working")
    titles = [(SHOWN, wording.titles_shown.plain), (HIDDEN, wording.titles_hidden.plain)]
    return [
        fields.channel(DIGEST_CHANNEL, wording.digest_channel, wording.digest_channel_hint, given=draft.digest_channel),
        fields.radio(TITLES, wording.titles, titles, given=SHOWN if draft.shows_titles else HIDDEN),
    ]


def working_day_fields(draft: WorkingDraft, *, of_person: bool = False) -> list[Block]:
    """The days of the week, the country, and its region where it has some with holidays of their own."""
    wording = words("programme/starting/working")
    countries = [
        (each, words("programme/starting/working", code=each).country_choice.plain) for each in draft.countries
    ]
    days = [(str(day), words("programme/starting/working", day=day).day.plain) for day in range(DAYS_OF_THE_WEEK)]
    ticked = [str(day) for day in draft.weekdays]
    regions = (
        fields.one_of_groups(
            fields.about(REGION, draft.country or ""),
            wording.region,
            _by_letter(draft.regions),
            wording.region_hint,
            given=draft.region,
            optional=True,
        )
        if draft.regions
        else None
    )
    return [
        fields.ticks(WEEKDAYS, wording.weekdays, days, given=ticked),
        fields.one_of_groups(
            COUNTRY,
            wording.country,
            _by_letter(countries),
            wording.own_country_hint if of_person else wording.country_hint,
            given=draft.country,
            optional=True,
        ),
        *([regions] if regions else []),
    ]


def _by_letter(choices: Sequence[Choice]) -> list[tuple[str, Sequence[Choice]]]:
    """In the order of the alphabet, below the letter they begin with; accents play no role."""
    by_letter: dict[str, list[Choice]] = {}
    for each in sorted(choices, key=lambda choice: _without_accents(choice[1])):
        by_letter.setdefault(_without_accents(each[1])[:1].upper(), []).append(each)
    return list(by_letter.items())


def _without_accents(name: str) -> str:
    return "".join(each for each in normalize("NFKD", name.casefold()) if not combining(each))


def obligations_step(items: Sequence[ProposalItem], *, page: int, pages: int, total: int, left_out: int) -> Modal:
    """Step 5: what comes round, a page of it."""
    ref = StepRef("obligations", page)
    wording = words("programme/starting/obligations", total=total, left_out=left_out, page=page, pages=pages)
    rows = [block for each in items for block in _proposal_blocks(each)]
    back = [kit.button(wording.button_previous, TURN_BACK, StepRef(ref.place, page - 1))] if page > 1 else []
    on = [kit.button(wording.button_next, TURN_ON, StepRef(ref.place, page + 1))] if page < pages else []
    return _step(ref, 5, [kit.section(wording.intro), *rows, *kit.actions([*back, *on])])


def _proposal_blocks(item: ProposalItem) -> list[Block]:
    wording = words("programme/starting/obligations", item=item)
    if item.is_left_out:
        return [kit.section(wording.left_out, button=kit.button(wording.button_put_back, PUT_BACK, item.ref))]
    change = kit.button(wording.button_change, CHANGE, item.ref)
    leave_out = kit.button(wording.button_leave_out, LEAVE_OUT, item.ref)
    return [kit.section(wording.item), *kit.actions([change, leave_out])]


def proposal_form(ref: ProposalRef, given: Wishes, choices: ObligationChoices) -> Modal:
    """Step 5, one obligation: everything about it may be otherwise."""
    wording = words("programme/starting/obligations")
    asked = fields.asked_about(obligations.form_fields(given, choices), ref.key)
    back = kit.actions(
        [kit.button(words("programme/starting/step").button_back, TURN_ON, StepRef("obligations", ref.page))]
    )
    return kit.modal(CHANGE_FORM, wording.heading, [*asked, *back], submit=wording.submit, payload=ref)


def summary(ref: SetupRef, values: SummaryValues) -> Modal:
    """The last page: what will happen first and to whom, and the one button that starts it."""
    wording = words("programme/starting/summary", values=values)
    first = [words("programme/starting/summary", item=each).line for each in values.first_told]
    listed = [kit.section(wording.first), kit.lines(first)] if first else []
    return kit.modal(
        START_NOW_FORM,
        words("programme/starting/step").heading,
        [
            kit.header(wording.title),
            kit.section(wording.body),
            *listed,
            kit.context(wording.nobody_yet),
            *_back(StepRef("summary")),
        ],
        submit=wording.submit,
        payload=ref,
    )


def under_way(*, by: str) -> Message:
    """Told to a lead while another one is at the setup."""
    wording = words("programme/starting/under_way", by=by)
    ask = kit.ask_first(wording.title, wording.text, yes=wording.button_take_over, no=wording.no)
    button = kit.button(wording.button_take_over, TAKE_OVER, Nothing(), confirm=ask)
    return kit.message(wording.summary, [kit.section(wording.body), *kit.actions([button])])


def started(
    *, standards: Sequence[str], obligations: int, dates: int, first_due: Sequence[FirstDue], digest_channel_id: str
) -> Message:
    """Told to the lead who started the programme."""
    wording = words(
        "programme/starting/started",
        standards=standards,
        obligations=obligations,
        dates=dates,
        digest_channel_id=digest_channel_id,
    )
    first = [words("programme/starting/started", item=each).line for each in first_due]
    listed = [kit.section(wording.first), kit.lines(first, most=10)] if first else []
    return kit.message(
        wording.summary, [kit.header(wording.title), kit.section(wording.body), *listed, kit.section(wording.next)]
    )


def _step(ref: StepRef, number: int, blocks: Sequence[Block], *, about: str = "") -> Modal:
    """A page of the setup: where one is, what is asked, and the way back."""
    wording: Words = words("programme/starting/step", number=number)
    where: Phrase = wording[f"step_{number}"]
    asked = fields.asked_about(blocks, about) if about else list(blocks)
    back = _back(ref) if ref.place != "standards" else []
    return kit.modal(
        STEP_FORM, wording.heading, [kit.context(where), *asked, *back], submit=wording.submit, payload=ref
    )


def _back(ref: StepRef) -> list[Block]:
    return kit.actions([kit.button(words("programme/starting/step").button_back, BACK, ref)])
