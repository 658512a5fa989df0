"""Feeds: private addresses under which calendar programs read what is due. Whoever has the address may read it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex

from storage.engine.unit_of_work import UnitOfWork
from storage.engine.workspace import Workspace
from storage.programme import queries as programme_queries
from storage.programme.tables import Feed, FeedScope
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.refusals import NotInDirectory
from workflows.people.rules import Actor

# --- rules ---

SECRET_BYTES = 32
SHOWN_BEFORE = timedelta(days=90)
"""How long what is over stays in a feed, so that calendars hear of what was called off."""

SHOWN_AFTER = timedelta(days=400)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


# --- commands ---


def renew(deed: Deed, *, scope: FeedScope) -> str:
    """Give the actor a new secret address; the one before ends. The secret is told this once and not kept.

    Raises `NotAllowed` for the programme's feed, `NoProgrammeYet`.
    """
    _must(deed.actor, scope)
    people_questions.programme_must_run(deed.uow)
    _end(deed, scope)
    secret = token_hex(SECRET_BYTES)
    made = deed.uow.add(Feed(person_id=deed.by, scope=scope, secret_hash=hash_of(secret), made_at=deed.at))
    _record(deed, "renew", made)
    return secret


def revoke(deed: Deed, *, scope: FeedScope) -> None:
    """End the actor's address; revoking it twice changes nothing."""
    ended = _end(deed, scope)
    if ended is not None:
        _record(deed, "revoke", ended)


def _must(actor: Actor, scope: FeedScope) -> None:
    if scope is FeedScope.PROGRAMME:
        actor.must(Permission.SEE_EVERYONES_CALENDAR)


def _end(deed: Deed, scope: FeedScope) -> Feed | None:
    feed = programme_queries.open_feed(deed.uow, deed.by, scope)
    return deed.uow.change(feed, revoked_at=deed.at) if feed else None


def _record(deed: Deed, verb: str, feed: Feed) -> None:
    deed.record(f"feed.{verb}", feed, scope=feed.scope.value)


# --- questions ---


@dataclass(frozen=True)
class FeedStanding:
    """Whether somebody has a feed of a scope, and since when."""

    scope: FeedScope
    made_at: datetime | None


def standing(deed: Deed, *, scope: FeedScope) -> FeedStanding:
    """How a feed of the actor's stands. Raises as `renew` does."""
    _must(deed.actor, scope)
    people_questions.programme_must_run(deed.uow)
    feed = programme_queries.open_feed(deed.uow, deed.by, scope)
    return FeedStanding(scope, feed.made_at if feed else None)


@dataclass(frozen=True)
class FeedContent:
    """What a feed shows."""

    workspace: Workspace
    scope: FeedScope
    tasks: list[Task]


def content(uow: UnitOfWork, secret: str, *, at: datetime) -> FeedContent | None:
    """What the feed of a secret shows now; None when it is unknown or revoked, or its holder may see it no longer."""
    secret_hash = hash_of(secret)
    feed = programme_queries.feed_of_hash(uow, secret_hash)
    if feed is None or not hmac.compare_digest(feed.secret_hash, secret_hash) or not _still_may(uow, feed):
        return None
    workspace = uow.workspace()
    first, last = _span(local_day(workspace.zone, at))
    owner_id = feed.person_id if feed.scope is FeedScope.OWN else None
    tasks = task_queries.dated_between(uow, first, last, owner_id=owner_id)
    return FeedContent(workspace, feed.scope, tasks)


def to_put_down(deed: Deed, *, task_id: int) -> Task:
    """A task that somebody wants in a calendar: one's own, or anybody's for those who may see them. `NotAllowed`."""
    task = deed.uow.get(Task, task_id)
    if task.owner_id != deed.by:
        deed.must(Permission.SEE_EVERYONES_CALENDAR)
    return task


def _span(today: date) -> tuple[date, date]:
    return today - SHOWN_BEFORE, today + SHOWN_AFTER


def _still_may(uow: UnitOfWork, feed: Feed) -> bool:
    try:
        holder = people_questions.actor(uow, feed.person_id)
    except NotInDirectory:
        return False
    return feed.scope is FeedScope.OWN or holder.may(Permission.SEE_EVERYONES_CALENDAR)
