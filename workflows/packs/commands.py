"""What becomes of a pack: asked for by a lead, made as a whole or not at all, handed out, fetched by a link, let go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.packs import queries as pack_queries
from storage.packs.tables import Pack, PackLink, PackState
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.refusals import WhichRequirement
from workflows.frameworks.rules import Requirement
from workflows.packs.rules import Scope
from workflows.packs.shapes import Coverage
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.refusals import NotInDirectory
from workflows.programme.feeds import SECRET_BYTES, hash_of
from workflows.refusals import AlreadyDecided, EndBeforeStart, InputWanted, Thing
from workflows.wishes import Wish

# --- rules ---

State = PackState

MOVES: Mapping[str, tuple[frozenset[State], State]] = MappingProxyType(
    {
        "make": (frozenset({State.ASKED}), State.MADE),
        "hand_out": (frozenset({State.ASKED}), State.HANDED_OUT),
        "fail": (frozenset({State.ASKED}), State.FAILED),
        "again": (frozenset({State.FAILED}), State.ASKED),
        "expire": (frozenset({State.MADE}), State.EXPIRED),
    }
)
"""Every move of a pack: from which states, to which. `make`, `hand_out`, `fail` and `expire` are the bot's."""

MOST_TRIES = 3
"""How often the bot begins a pack that its own end has interrupted, before it says so."""

MAKE = "pack.make"
"""The errand of making a pack."""

ZIP = "pack.zip"
"""The message that is the pack itself."""

A_LINK_LASTS = timedelta(days=7)

KEPT_FOR = timedelta(days=90)
"""How long the ZIP stays in the store, longer while a link leads to it: from an audit until its findings are closed.

Nothing is in it that is not kept elsewhere, and a ZIP for ever is a copy that no retention of evidence reaches.
"""

STORE_AWAY = "store"
"""What may pass by itself: a pack waits for it, and fails when it was tried for a day."""

FAILURES = ("missing", "altered", STORE_AWAY, "trail", "interrupted", "unexpected")
"""Why a pack was not made; each has its sentence."""


@dataclass(frozen=True)
class Outcome:
    """What came of packing: the ZIP and its manifest by their SHA-256, and how many files are in it."""

    sha256: str
    size: int
    manifest_sha256: str
    files: int
    trail_sequence: int


# --- commands ---


def may_ask(deed: Deed) -> list[str]:
    """The editions a pack can be about. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.MAKE_PACK)
    people_questions.programme_must_run(deed.uow)
    return framework_questions.scope(deed.uow)


def scope_for(
    uow: UnitOfWork,
    *,
    editions: Iterable[str],
    days: tuple[date | None, date | None],
    themes: Iterable[str] = (),
    owners: Iterable[str] = (),
    typed: Iterable[str] = (),
    answers_because: str = "",
) -> Scope:
    """A scope as somebody describes it; a requirement that is `typed` narrows it to all that it means in the editions.

    `answers_because` is why what people said in audits goes into it.

    Raises `InputWanted` or `WhichRequirement`.
    """
    first, last = days
    if first is None or last is None:
        raise InputWanted("first" if first is None else "last", Wish.CHOOSE_DATE)
    chosen = frozenset(editions)
    meant = framework_questions.meant(uow, [each for each in framework_questions.scope(uow) if each in chosen])
    named = frozenset(each.reference for name in typed if name.strip() for each in _all_named(meant, name.strip()))
    return Scope(chosen, first, last, frozenset(themes), frozenset(owners), named, answers_because)


def reason_for_answers(coverage: Coverage) -> str:
    """Why a pack carries what people said in audits; nothing where it doesn't. Raises `InputWanted` for no reason."""
    if not coverage.with_answers:
        return ""
    if not coverage.answers_because.strip():
        raise InputWanted("answers_because", Wish.SAY_WHY_ANSWERS)
    return coverage.answers_because.strip()


def _all_named(meant: Mapping[str, list[Requirement]], name: str) -> list[Requirement]:
    if name.casefold() not in meant:
        raise WhichRequirement(name, (), "requirements")
    return meant[name.casefold()]


def ask(deed: Deed, *, scope: Scope, in_slack: bool = True) -> Pack:
    """A lead wants a pack; its card comes into the direct messages, unless it is made on the command line.

    Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted`, `EndBeforeStart` or `WhichRequirement`.
    """
    _must_make_sense(scope, may_ask(deed))
    values = _kept(scope)
    pack = deed.uow.add(
        Pack(
            editions=values["editions"],
            themes=values["themes"],
            owners=values["owners"],
            requirements=values["requirements"],
            answers_because=scope.answers_because or None,
            first=scope.first,
            last=scope.last,
            asked_by=deed.by,
            asked_at=deed.at,
        )
    )
    days = {"first": scope.first.isoformat(), "last": scope.last.isoformat()}
    deed.record("pack.ask", pack, **values, **days, answers_because=pack.answers_because)
    if in_slack:
        deed.message([deed.by], pack, "pack.card", what=("card",), at_once=True)
        deed.errand(MAKE, values={"of": pack.id})
    return pack


def _must_make_sense(scope: Scope, followed: Iterable[str]) -> None:
    if not scope.editions or not scope.editions <= set(followed):
        raise InputWanted("editions", Wish.CHOOSE_STANDARD_OF_PROGRAMME)
    if scope.last < scope.first:
        raise EndBeforeStart(scope.first, scope.last, field_name="last")


def _kept(scope: Scope) -> dict[str, list[str]]:
    return {name: sorted(getattr(scope, name)) for name in ("editions", "themes", "owners", "requirements")}


def again(deed: Deed, *, pack_id: int, version: int) -> Pack:
    """A lead wants a pack that failed to be tried once more. Raises `NotAllowed` or `AlreadyDecided`."""
    deed.must(Permission.MAKE_PACK)
    pack = deed.uow.get(Pack, pack_id)
    if pack.version != version:
        raise AlreadyDecided(what=Thing.THIS_PACK, state=f"pack_{pack.state.value}", by=None)
    asked = _move(deed.uow, pack, "again", reason="", fault="", tries=0, settled_at=None)
    deed.record("pack.again", asked)
    deed.redraw(asked)
    deed.errand(MAKE, values={"of": asked.id})
    return asked


def anew(deed: Deed, *, pack_id: int, version: int) -> Pack:
    """A lead wants another pack of the same scope as one that expired, which stays as it is.

    Raises as `ask`, and `AlreadyDecided`.
    """
    deed.must(Permission.MAKE_PACK)
    expired = deed.uow.get(Pack, pack_id)
    if expired.state is not State.EXPIRED or expired.version != version:
        raise AlreadyDecided(what=Thing.THIS_PACK, state=f"pack_{expired.state.value}", by=None)
    asked = ask(deed, scope=scope_of(expired))
    deed.redraw(deed.uow.change(expired))  # another press of the same button is refused
    return asked


def begin(deed: Deed, *, pack_id: int) -> Pack | None:
    """Count a try; None when nobody waits for the pack any more, or when it was begun too often."""
    pack = deed.uow.get(Pack, pack_id)
    if pack.state is not State.ASKED:
        return None
    if pack.tries >= MOST_TRIES:
        fail(deed, pack_id=pack_id, reason="interrupted")
        return None
    return deed.uow.change(pack, tries=pack.tries + 1)


def wait_for_store(deed: Deed, *, pack_id: int) -> None:
    """The store was away, which uses no try up; the card says that it takes longer."""
    pack = deed.uow.get(Pack, pack_id)
    waits = deed.uow.change(pack, tries=pack.tries - 1, reason=STORE_AWAY)
    if not pack.reason:
        deed.redraw(waits)


def settle(deed: Deed, *, pack_id: int, outcome: Outcome, handed_out: bool = False) -> Pack:
    """The pack is whole: in the file store, or `handed_out` to a file elsewhere. Its hashes are on the trail."""
    verb = "hand_out" if handed_out else "make"
    made = _move(deed.uow, deed.uow.get(Pack, pack_id), verb, **vars(outcome), reason="", settled_at=deed.at)
    deed.record(f"pack.{verb}", made, **vars(outcome))
    deed.redraw(made)
    return made


def fail(deed: Deed, *, pack_id: int, reason: str, fault: str = "") -> Pack:
    """Nothing was made, and the card says why; `fault` is the file that is to blame."""
    pack = deed.uow.get(Pack, pack_id)
    if pack.state is not State.ASKED:
        return pack
    failed = _move(deed.uow, pack, "fail", reason=reason, fault=fault, settled_at=deed.at)
    deed.record("pack.fail", failed, reason=reason, fault=fault)
    deed.redraw(failed)
    return failed


def expire(deed: Deed) -> None:
    """Let go of the ZIPs that were kept long enough; they leave the store once that is committed."""
    for pack in pack_queries.with_bytes(deed.uow):
        if not is_over(pack, deed.at) or living_links(deed.uow, pack, deed.at):
            continue
        expired = _move(deed.uow, pack, "expire")
        hashes = {"sha256": pack.sha256, "size": pack.size, "manifest_sha256": pack.manifest_sha256}
        deed.record("pack.expire", expired, **hashes)
        deed.redraw(expired)


def hand_out(deed: Deed, *, pack_id: int, place: tuple[str, str], key: str) -> Pack:
    """A lead wants the pack as a file in Slack, in a conversation and thread; `key` tells one wish from the next.

    Raises `NotAllowed` or `AlreadyDecided`.
    """
    pack = _made(deed, pack_id)
    deed.record("pack.share", pack)
    lay(deed, pack, place=place, to=deed.by, key=key)
    return pack


def lay(deed: Deed, pack: Pack, *, to: str, key: str, place: tuple[str, str] = ("", "")) -> None:
    """Plan that the ZIP is laid before somebody: at a place, or in the thread of its card, wherever that will be."""
    channel_id, thread_ts = place
    deed.uow.schedule(
        slot=f"{ZIP}:{pack.id}:{key}"[:200],
        kind=ZIP,
        recipient=to,
        subject="pack",
        subject_id=pack.id,
        not_before=deed.at,
        at=deed.at,
        values={"channel": channel_id, "thread_ts": thread_ts},
    )


def make_link(deed: Deed, *, pack_id: int) -> tuple[PackLink, str]:
    """A private address that ends by itself, and its secret, which is told this once. Raises as `hand_out`."""
    pack = _made(deed, pack_id)
    secret = token_hex(SECRET_BYTES)
    link = deed.uow.add(
        PackLink(
            pack_id=pack.id,
            secret_hash=hash_of(secret),
            made_by=deed.by,
            made_at=deed.at,
            ends_at=deed.at + A_LINK_LASTS,
        )
    )
    deed.record("pack.link", pack, link=link.id, ends_at=link.ends_at.isoformat())
    deed.redraw(deed.uow.change(pack))
    return link, secret


def revoke_links(deed: Deed, *, pack_id: int) -> None:
    """End every address of a pack; ending them twice changes nothing. Raises `NotAllowed`."""
    deed.must(Permission.MAKE_PACK)
    links = pack_queries.links_of(deed.uow, pack_id)
    for each in links:
        deed.uow.change(each, revoked_by=deed.by, revoked_at=deed.at)
    if links:
        pack = deed.uow.get(Pack, pack_id)
        deed.record("pack.revoke", pack, links=[each.id for each in links])
        deed.redraw(deed.uow.change(pack))


def leads_somewhere(uow: UnitOfWork, secret: str, *, at: datetime) -> bool:
    """Whether an address leads to a pack, so that what leads nowhere costs no writing."""
    return _link_of(uow, secret, at) is not None


def fetch(deed: Deed, secret: str) -> Pack | None:
    """The pack of an address, for whoever has it; every fetching is on the trail. None where there is none (any more).

    An address ends with its time, when it is revoked, and when whoever made it may not make packs any longer.
    """
    link = _link_of(deed.uow, secret, deed.at)
    if link is None:
        return None
    pack = deed.uow.get(Pack, link.pack_id)
    deed.record("pack.fetch", pack, link=link.id)
    return pack


def _link_of(uow: UnitOfWork, secret: str, at: datetime) -> PackLink | None:
    link = pack_queries.link_of_hash(uow, hash_of(secret))
    return link if link and at < link.ends_at and _still_may(uow, link.made_by) else None


def _still_may(uow: UnitOfWork, person_id: str) -> bool:
    try:
        return people_questions.actor(uow, person_id).may(Permission.MAKE_PACK)
    except NotInDirectory:
        return False


# --- questions ---


def scope_of(pack: Pack) -> Scope:
    """What a pack is about."""
    return Scope(
        editions=frozenset(pack.editions),
        first=pack.first,
        last=pack.last,
        themes=frozenset(pack.themes),
        owners=frozenset(pack.owners),
        requirements=frozenset(pack.requirements),
        answers_because=pack.answers_because or "",
    )


def latest(deed: Deed, *, limit: int) -> list[Pack]:
    """The newest packs. Raises `NotAllowed`."""
    deed.must(Permission.MAKE_PACK)
    return pack_queries.latest(deed.uow, limit)


def is_over(pack: Pack, at: datetime) -> bool:
    """Whether the ZIP of a pack was kept long enough."""
    return pack.settled_at is not None and pack.settled_at + KEPT_FOR <= at


def living_links(uow: UnitOfWork, pack: Pack, at: datetime) -> list[PackLink]:
    """The addresses of a pack that still lead to it."""
    return [each for each in pack_queries.links_of(uow, pack.id) if at < each.ends_at]


# --- what the commands share ---


def _made(deed: Deed, pack_id: int) -> Pack:
    deed.must(Permission.MAKE_PACK)
    pack = deed.uow.get(Pack, pack_id)
    if pack.state is not State.MADE:
        raise AlreadyDecided(what=Thing.THIS_PACK, state=f"pack_{pack.state.value}", by=None)
    return pack


def _move(uow: UnitOfWork, pack: Pack, move: str, **values: object) -> Pack:
    begins, ends = MOVES[move]
    if pack.state not in begins:
        raise AlreadyDecided(what=Thing.THIS_PACK, state=f"pack_{pack.state.value}", by=None)
    return uow.change(pack, state=ends, **values)
