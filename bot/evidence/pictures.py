"""Evidence room at the edge: a picture under the card of whoever judges it, as a file of our own out of the store."""

from datetime import datetime

from bot.evidence.facts import belongs_to
from bot.slack.calls import Outgoing, ShareFile, Skip
from messages.evidence import cards as words
from messages.words.mrkdwn import plain
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceUse
from storage.record.outbox import OutboxRow
from workflows.evidence import pictures


def picture(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
    """The picture in the thread of the card, unless it was judged meanwhile."""
    if reason := pictures.why_not(uow, row):
        return Skip(reason)
    evidence, use = uow.get(Evidence, row.subject_id), uow.get(EvidenceUse, row.values["use"])
    card = uow.get(OutboxRow, row.values["under"])
    return ShareFile(
        message=words.picture(name=evidence.name, title=belongs_to(uow, use), given_by=evidence.provided_by),
        file_name=pictures.file_name(evidence),
        title=plain(evidence.name),
        size=evidence.size or 0,
        sha256=evidence.sha256 or "",
        channel_id=card.channel_id,
        thread_ts=card.thread_ts or card.ts,
    )


COMPOSERS = {pictures.KIND: picture}
