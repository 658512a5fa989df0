"""Samples of what is said about audit packs, and about what auditors ask to see."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from messages.evidence.cards import GivenFile
from messages.evidence.payloads import EvidenceRef
from messages.packs import cards as pack_cards
from messages.packs import requests
from messages.packs.cards import PackCard
from messages.packs.payloads import AccessRef, PackRef, RequestRef
from messages.packs.requests import Access, RequestCard, SeenFile
from messages.words.kit import Message, Modal
from tests.messages.values import AT, DUE, JONAS, LIAM, SHA256, TODAY, Say
from workflows.packs.commands import FAILURES, STORE_AWAY
from workflows.packs.shapes import EVERY_THEME, Admission, Coverage

REF = PackRef(pack=3, version=2)


def card(say: Say, state: str, **more: Any) -> Message:
    values: dict[str, Any] = {
        "ref": REF,
        "state": state,
        "standards": [say("ISO/IEC 27001:2022"), say("Rules of ACME")],
        "first": TODAY,
        "last": DUE,
        "files": 1_204,
        "size": 48_000_000,
        "sha256": SHA256,
        "manifest_sha256": SHA256,
        **more,
    }
    return pack_cards.card(PackCard(**values))


def failed(say: Say, why: str) -> Message:
    return card(say, "failed", why=why, fault=say("05-operation/T1/E7-access.pdf"))


def ask_modal(say: Say) -> Modal:
    standards = [(f"own-{number}", say("ISO/IEC 27001:2022")) for number in range(10)]
    themes = ["performance_evaluation", *map(str, range(40))]
    return pack_cards.ask_modal(Coverage((), TODAY, DUE, EVERY_THEME), standards=standards, themes=themes)


def request(say: Say, state: str, **more: Any) -> RequestCard:
    values: dict[str, Any] = {
        "ref": RequestRef(request=8, version=2),
        "number": 4,
        "label": say("A-1"),
        "what": say("Show me the last access review"),
        "requirement": say("ISO/IEC 27001:2022 A.5.18"),
        "period": say("Q3 2026"),
        "sample": say("25 of 180 leavers"),
        "state": state,
        "owner_id": JONAS,
        "due_on": DUE,
        "deeds": frozenset({"assign", "answer", "judge", "withdraw"}),
        **more,
    }
    return RequestCard(**values)


def answered(say: Say, state: str) -> RequestCard:
    files = [GivenFile(say("review.pdf"), 312_000, "kept", say("Q3"), EvidenceRef(7, 1))] * 10
    return request(say, state, answer=say("See page 3."), answered_by=JONAS, files=files)


def listed(say: Say) -> Message:
    states = ("open", "assigned", "answered", "accepted", "withdrawn")
    return requests.listing([request(say, state) for state in states * 2], may_bring=True, sees_all=True)


def access(say: Say) -> Access:
    return Access(AccessRef(2), LIAM, [say("ISO/IEC 27001:2022")], TODAY, DUE, TODAY, DUE)


def view(say: Say) -> Message:
    files = [SeenFile(EvidenceRef(7, 1), say("review.pdf"), say("05-operation/T1"))] * 8
    return requests.view(access(say), files, tasks=4, findings=1)


def request_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every message about what auditors ask to see, by a name that says which one it is."""
    standards = [("iso27001-2022", "ISO/IEC 27001:2022")]
    return {
        "requests": listed,
        "requests, none": lambda _: requests.listing([], may_bring=False, sees_all=False),
        "requests, none, for a lead": lambda _: requests.listing([], may_bring=True, sees_all=True),
        "request card, open": lambda say: requests.card(request(say, "open", owner_id=None, due_on=None)),
        "request card, assigned": lambda say: requests.card(request(say, "assigned")),
        "request card, returned": lambda say: requests.card(request(say, "assigned", reason=say("Of which quarter?"))),
        "request card, answered": lambda say: requests.card(answered(say, "answered")),
        "request card, accepted": lambda say: requests.card(answered(say, "accepted")),
        "request card, withdrawn": lambda say: requests.card(request(say, "withdrawn", reason=say("Seen on site."))),
        "request, bring modal": lambda _: requests.bring_modal(),
        "request, brought": lambda _: requests.brought(count=42, known=0, unassigned=3),
        "request, brought again": lambda _: requests.brought(count=0, known=1, unassigned=0),
        "request, assign modal": lambda say: requests.assign_modal(request(say, "open")),
        "request, answer modal": lambda say: requests.answer_modal(
            answered(say, "answered"), [(str(number), say("review.pdf")) for number in range(10)]
        ),
        "request, answer modal, no evidence": lambda say: requests.answer_modal(request(say, "assigned"), []),
        "request, return modal": lambda say: requests.reason_modal(request(say, "answered"), withdraws=False),
        "request, withdraw modal": lambda say: requests.reason_modal(request(say, "open"), withdraws=True),
        "auditors": lambda say: requests.auditors([access(say)] * 8),
        "auditor, told of being let in": lambda say: requests.let_in_item(access(say)).alone(),
        "auditor, told of being let in, over": lambda say: requests.let_in_item(
            replace(access(say), is_over=True)
        ).alone(),
        "auditor let in": lambda say: requests.was_let_in(access(say)),
        "auditors, none": lambda _: requests.auditors([]),
        "auditors, let in modal": lambda _: requests.let_in_modal(Admission("", (), TODAY, DUE, TODAY, DUE), standards),
        "auditors, view": view,
    }


def pack_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every message about a pack by a name that says which one it is."""
    return {
        **request_samples(),
        "pack, ask modal": ask_modal,
        "pack card, asked": partial(card, state="asked", files=0),
        "pack card, being made": partial(card, state="asked", done=400, is_narrowed=True),
        "pack card, waiting for the file store": partial(card, state="asked", why=STORE_AWAY),
        "pack card, made": partial(card, state="made", links=2),
        "pack card, made of nothing": partial(card, state="made", files=0, is_narrowed=True),
        "pack card, made and too large": partial(card, state="made", fits_into_slack=False, size=9_000_000_000),
        "pack card, too large, with links": partial(card, state="made", fits_into_slack=False, links=1),
        **{f"pack card, failed, {why}": partial(failed, why=why) for why in FAILURES},
        "pack card, expired": partial(card, state="expired", kept_days=90),
        "pack, link": lambda _: pack_cards.link(url="http://127.0.0.1:8080/packs/00ff.zip", ends_at=AT),
        "pack, links ended": lambda _: pack_cards.revoked(),
    }
