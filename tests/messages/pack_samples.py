"""Samples of what is said about audit packs, and about what auditors ask to see."""

from collections.abc import Callable
from functools import partial
from typing import Any

from messages import packs
from messages.kit import Message, Modal
from messages.packs import PackCard
from messages.payloads import PackRef
from tests.messages.values import AT, DUE, SHA256, TODAY, Say
from workflows.packs.commands import FAILURES

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
    return packs.card(PackCard(**values))


def failed(say: Say, why: str) -> Message:
    return card(say, "failed", why=why, fault=say("05-operation/T1/E7-access.pdf"))


def ask_modal(say: Say) -> Modal:
    standards = [(f"own-{number}", say("ISO/IEC 27001:2022")) for number in range(10)]
    themes = [(f"theme-{number}", say("operation")) for number in range(40)]
    return packs.ask_modal(standards=standards, themes=themes, first=TODAY, last=DUE)


def pack_samples() -> dict[str, Callable[[Say], Message | Modal]]:
    """Every message about a pack by a name that says which one it is."""
    return {
        "pack, ask modal": ask_modal,
        "pack card, asked": partial(card, state="asked", files=0),
        "pack card, being made": partial(card, state="asked", done=400, is_narrowed=True),
        "pack card, made": partial(card, state="made", links=2),
        "pack card, made and too large": partial(card, state="made", fits_into_slack=False, size=9_000_000_000),
        "pack card, too large, with links": partial(card, state="made", fits_into_slack=False, links=1),
        **{f"pack card, failed, {why}": partial(failed, why=why) for why in FAILURES},
        "pack, link": lambda _: packs.link(url="http://127.0.0.1:8080/packs/00ff.zip", ends_at=AT),
        "pack, links ended": lambda _: packs.revoked(),
    }
