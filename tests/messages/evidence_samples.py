"""Samples of what people hear about the evidence they give."""

from collections.abc import Callable
from functools import partial

from messages.evidence import cards as evidence_cards
from messages.evidence import details, retention, unasked
from messages.evidence.payloads import ChoiceRef, DisposalRef, EvidenceRef
from messages.words import errands as errand_words
from messages.words.kit import Message, Modal
from tests.messages.values import (
    DAVID,
    DUE,
    FAULTS,
    FILE_STATES,
    GONE_STATES,
    JONAS,
    MIRA,
    PERMALINK,
    SHA256,
    TODAY,
    Say,
    files,
)
from workflows.evidence.dropping import SHOWN
from workflows.evidence.shapes import Details

EVIDENCE = EvidenceRef(evidence=21, version=2)


def _refused(say: Say, because: str) -> Message:
    file = evidence_cards.RefusedFile(
        name=say("report.pdf"),
        announced=5_000_000_000,
        received=3_000_000_000,
        most=2_000_000_000,
        found="picture",
        wanted=["pdf", "spreadsheet"],
        title=say("Review who has access"),
    )
    return evidence_cards.refused(file, because)


def evidence_list(say: Say) -> Message:
    items = [
        evidence_cards.EvidenceItem(
            each, [say("Review who has access"), say("Keep it so")], TODAY, may_describe=True, permalink=PERMALINK
        )
        for each in files(say, FILE_STATES + GONE_STATES)
    ]
    return evidence_cards.listing(items=items, total=40)


def words_said(say: Say, *, tasks: int, chosen: str = "") -> Message:
    titles = [(ChoiceRef(7, n), say(title)) for n, title in enumerate(("Access review", "Restore test")[:tasks])]
    return unasked.offer(text=say("Done.\nOn Friday."), tasks=titles, chosen=say(chosen) if chosen else None)


def way_on(say: Say, *, about: list[str]) -> Message:
    return unasked.way_on(about=about, waiting=[say("Access rights, spring 2026"), say("Suppliers")])


def choice(say: Say, *, chosen: bool) -> Message:
    names = [say("Review who has access"), say("NC-4")]
    return evidence_cards.choice(
        evidence_cards.DroppedFiles(
            [say("list.pdf"), say("photo.png")],
            [
                evidence_cards.Choice(ChoiceRef(5, number), each, DUE if number else None)
                for number, each in enumerate(names)
            ],
            names[0] if chosen else None,
        )
    )


def same_again(say: Say, state: str, verdict: str = "accepted") -> Message:
    return evidence_cards.same_again(
        evidence_cards.SameAgain(
            ref=EVIDENCE,
            name=say("list.pdf"),
            title=say("Review who has access"),
            before=say("list Q3.pdf"),
            served=say("Review who has access"),
            given_by=JONAS,
            given_on=TODAY,
            verdict=verdict,
            state=state,
        )
    )


def serves_modal(say: Say) -> Modal:
    tasks = [evidence_cards.OpenTask(number, say("Test the restore"), DUE) for number in range(12)]
    return evidence_cards.serves_modal(
        ref=EVIDENCE, name=say("list.pdf"), serves=[say("Review access")] * 3, tasks=tasks
    )


def details_modal(say: Say, may_hold: bool) -> Modal:
    return details.form(
        details.DetailsDraft(
            ref=EVIDENCE,
            name=say("list.pdf"),
            sniffed="pdf",
            revision=2,
            given_by=JONAS,
            said=Details(
                collected_on=TODAY,
                period_begins=TODAY,
                period_ends=DUE,
                classification="confidential",
                personal_data=True,
                legal_hold=say("An inquiry") if may_hold else "",
            ),
            retain_until=DUE,
            classifications=("public", "internal", "confidential", "restricted"),
            may_hold=may_hold,
        )
    )


def due_files(say: Say) -> list[retention.DueFile]:
    return [retention.DueFile(say("list.pdf"), 312_000, SHA256, TODAY) for _ in range(30)]


def disposal_card(say: Say, state: str) -> retention.DisposalCard:
    return retention.DisposalCard(
        ref=DisposalRef(3),
        state=state,
        proposed_by=MIRA,
        files=due_files(say),
        disposed=29,
        decided_by=None if state == "proposed" else DAVID,
        deeds=frozenset({"approve", "decline"} if state == "proposed" else ()),
    )


def disposal(say: Say, state: str) -> Message:
    return retention.day_item(disposal_card(say, state)).alone()


def evidence_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """By a name that says which one it is."""
    return {
        "note held back": lambda _: evidence_cards.note_held_back(looks_like="password", line=2),
        "receipt": lambda say: evidence_cards.receipt(
            name=say("list.pdf"),
            size=312_000,
            sha256=SHA256,
            title=say("Test the restore"),
            ref=EVIDENCE,
            may_describe=True,
            may_extend=True,
        ),
        "picture": lambda say: evidence_cards.picture(
            name=say("plan.png"), title=say("Test the restore"), given_by="U0JONAS"
        ),
        **{f"same again, {state}": partial(same_again, state=state) for state in ("asked", "confirmed", "withdrawn")},
        "same again, returned before": partial(same_again, state="asked", verdict="returned"),
        **{
            f"disposal, just {state}": partial(
                lambda say, state: retention.decided(disposal_card(say, state)), state=state
            )
            for state in ("approved", "declined")
        },
        "runs out": lambda say: evidence_cards.runs_out(title=say("Review who has access"), until=DUE).alone(),
        "serves modal": serves_modal,
        "details modal, of a lead": partial(details_modal, may_hold=True),
        "details modal, of a giver": partial(details_modal, may_hold=False),
        **{f"disposal, {state}": partial(disposal, state=state) for state in ("proposed", "approved", "declined")},
        "retention": lambda say: retention.overview(due_files(say), [disposal_card(say, "proposed")], may_propose=True),
        "retention, nothing due": lambda _: retention.overview([], [], may_propose=True),
        **{f"refused, {why}": partial(_refused, because=why) for why in FAULTS},
        "evidence list": evidence_list,
        "words on a task": partial(words_said, tasks=1),
        "words on several tasks": partial(words_said, tasks=2),
        "words on a task, kept": partial(words_said, tasks=1, chosen="Access review"),
        **{f"words on {each}": partial(way_on, about=[each]) for each in SHOWN},
        "words on nothing": partial(way_on, about=[]),
        "words in a channel": lambda _: unasked.mentioned(),
        "dropped files, asked": partial(choice, chosen=False),
        "dropped files, answered": partial(choice, chosen=True),
        "still working": lambda say: errand_words.still_working(say("list.pdf")),
        "an errand given up": lambda say: errand_words.given_up(say("list.pdf")),
        "an errand without a name given up": lambda _: errand_words.given_up(""),
        "evidence list, empty": lambda _: evidence_cards.listing(items=[], total=0),
    }
