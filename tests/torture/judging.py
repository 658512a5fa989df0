"""The verdict: what people did and were told, held against what stands in Slack and in the bot's own books."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tests.torture.deeds import ROWS
from tests.torture.people import Deed, Outcome
from tests.torture.witnesses import Books, Said, SlackStore, moment


class Loss(StrEnum):
    """What can be wrong.

    `lost`: acknowledged or planned, and not there. `twice`: there more often than it was done. `denied`: there, and
    the books say that it is not, or the other way round. `unanswered`: somebody waits for a word that never comes.
    """

    LOST = "lost"
    TWICE = "twice"
    DENIED = "denied"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, with whom, and when it began, in seconds of the run or in the sandbox's time."""

    loss: Loss
    what: str
    when: str


Finds = Iterator[Finding]

AN_ANSWER = "obligations, by title"
"""What a lead asked for by a command, and so no word about a press."""


# --- planned messages ---


def judge_messages(slack: SlackStore, books: Books, now: datetime) -> Finds:
    """Every planned message stands in Slack once, or the ledger says why not; and nothing else is said in its name."""
    posted: dict[str, list[Said]] = defaultdict(list)
    for each in slack.said:
        if each.slot:
            posted[each.slot].append(each)
    rows = books.rows("SELECT * FROM outbox WHERE recipient <> ''")
    lines = Counter(
        each["outbox_id"] for each in books.rows("SELECT outbox_id FROM delivery WHERE outcome IN ('sent', 'found')")
    )
    for row in rows:
        when = f"planned {moment(row['planned_at']):%a %H:%M:%S}"
        for loss, what in judge_message(row, posted[row["slot"]], lines[row["id"]], now):
            yield Finding(loss, f"message {row['slot']} to {row['recipient']}: {what}", when)
    for row in books.rows("SELECT * FROM outbox WHERE recipient = '' AND state <> 'sent'"):
        if what := _missing(row, now):
            yield Finding(Loss.LOST, f"{row['slot']}: {what}", f"planned {moment(row['planned_at']):%a %H:%M:%S}")
    for slot in posted.keys() - {row["slot"] for row in rows}:
        yield Finding(Loss.DENIED, f"message {slot} stands in Slack, and was never planned", f"ts {posted[slot][0].ts}")


def judge_message(
    row: Mapping[str, Any], posted: Sequence[Said], lines: int, now: datetime
) -> Iterator[tuple[Loss, str]]:
    state, there = row["state"], [each.ts for each in posted]
    if len(there) > 1:
        yield Loss.TWICE, f"stands in Slack {len(there)} times ({', '.join(there)}); the ledger says {state}"
    elif there and state != "sent":
        yield Loss.DENIED, f"stands in Slack ({there[0]}), and the ledger says {state} {row['reason']}".rstrip()
    elif there and there[0] != row["ts"]:
        yield Loss.DENIED, f"stands in Slack as {there[0]}, and the ledger says {row['ts']}"
    elif not there and (what := _missing(row, now)):
        yield Loss.LOST, what
    if state == "sent" and lines != 1:
        yield Loss.DENIED, f"was sent, and the ledger has {lines} lines that say so"


def _missing(row: Mapping[str, Any], now: datetime) -> str:
    """Why a message that is not in Slack should be; nothing where it needs not."""
    is_a_file = not row["ts"] and row["thread_ts"]  # which names no message of its own
    if row["state"] == "sent" and not is_a_file:
        return f"the ledger says sent as {row['ts']}, and Slack has no such message"
    if row["state"] == "failed":
        return f"given up after {row['attempts']} attempts ({row['reason']})"
    if row["state"] in ("pending", "sending") and moment(row["not_before"]) <= now:
        return f"due and never sent: {row['state']} after {row['attempts']} attempts ({row['reason']})"
    return ""


# --- deeds ---


class Judge:
    """Holds each deed against what became of it."""

    def __init__(self, slack: SlackStore, books: Books, deeds: Sequence[Deed]) -> None:
        self._slack = slack
        self._books = books
        self._deeds = deeds
        self._by_the_app = [each for each in slack.said if each.is_by_the_app]
        self._ways: Mapping[str, Callable[[Deed], Iterator[tuple[Loss, str]]]] = {
            "obligation": self._row_of("obligation", "title"),
            "audit": self._row_of("desk_audit", "title"),
            "comment": self._row_of("task_comment", "text"),
            "pack": self._pack,
            "list": self._list,
            "columns": self._columns,
            "import": self._import,
            "done": self._state_of("task", ("submitted", "accepted", "returned", "waived", "missed")),
            "decline": self._state_of("interview", ("declined",)),
            "file": self._file,
        }

    def findings(self) -> Finds:
        """What became of none of them."""
        for deed in self._deeds:
            if deed.ts not in self._slack.dropped:  # what Slack itself gave up delivering is no loss of the bot's
                for loss, what in self._ways[deed.kind](deed):
                    yield Finding(loss, f"{deed.kind} {deed.marker} by {deed.who}: {what}", f"at {deed.at:.1f} s")
        yield from self._unanswered_files()

    def _row_of(self, table: str, column: str) -> Callable[[Deed], Iterator[tuple[Loss, str]]]:
        return lambda deed: times(deed, self._books.count(table, column, deed.marker))

    def _state_of(self, table: str, states: Sequence[str]) -> Callable[[Deed], Iterator[tuple[Loss, str]]]:
        def judge(deed: Deed) -> Iterator[tuple[Loss, str]]:
            [row] = self._books.rows(f"SELECT state FROM {table} WHERE id = :id", id=deed.about)
            if deed.is_acknowledged and row["state"] not in states and not self._was_told_no(deed):
                yield Loss.LOST, f"acknowledged, and {table} {deed.about} is {row['state']}"

        return judge

    def _was_told_no(self, deed: Deed) -> bool:
        """Whether the app said something to that person alone: a press is refused in words that come after it."""
        heard = self._slack.whispered(deed.who)
        return any(each.ts > deed.ts and AN_ANSWER not in each.words for each in heard)

    def _pack(self, deed: Deed) -> Iterator[tuple[Loss, str]]:
        packs = self._books.rows("SELECT id, state FROM pack WHERE first = :first", first=deed.marker)
        yield from times(deed, len(packs))
        for pack in packs:
            if pack["state"] == "asked":
                yield Loss.LOST, f"pack {pack['id']} was never finished"
            yield from self._card("pack", pack["id"], ("is ready", "could not be made"))
            if pack["state"] == "made":
                yield from self._zip(pack["id"])

    def _zip(self, pack_id: int) -> Iterator[tuple[Loss, str]]:
        for card in self._cards("pack", pack_id):
            names = [name for each in self._thread(card["channel_id"], card["ts"]) for name in each.files]
            times = sum(name.endswith(".zip") for name in names)
            if times != 1:
                loss = Loss.TWICE if times else Loss.LOST
                yield loss, f"the ZIP of pack {pack_id} stands {times} times under its card"

    def _list(self, deed: Deed) -> Iterator[tuple[Loss, str]]:
        runs = self._books.rows("SELECT id, state FROM import_run WHERE file_name = :name", name=deed.marker)
        yield from times(deed, len(runs))
        for run in runs:
            if run["state"] in ("received", "mapped"):
                yield Loss.LOST, f"list {run['id']} is still {run['state']}"
            yield from self._card("import_run", run["id"], ("check the columns", "checked", "imported", "cancelled"))
            yield from self._rows_of(run)

    def _rows_of(self, run: Mapping[str, Any]) -> Iterator[tuple[Loss, str]]:
        key = f"import:{run['id']}:%"
        [found] = self._books.rows("SELECT count(*) AS n FROM obligation WHERE key LIKE :key", key=key)
        if found["n"] != (ROWS if run["state"] == "done" else 0):
            yield Loss.DENIED, f"list {run['id']} is {run['state']}, and {found['n']} of its {ROWS} rows are there"

    def _columns(self, deed: Deed) -> Iterator[tuple[Loss, str]]:
        [run] = self._books.rows("SELECT state FROM import_run WHERE id = :id", id=deed.about)
        if deed.is_acknowledged and run["state"] in ("received", "read"):
            yield Loss.LOST, f"the columns were confirmed, and list {deed.about} is {run['state']}"

    def _import(self, deed: Deed) -> Iterator[tuple[Loss, str]]:
        [run] = self._books.rows("SELECT state FROM import_run WHERE id = :id", id=deed.about)
        if deed.is_acknowledged and run["state"] == "checked" and not self._was_told_no(deed):
            yield Loss.LOST, f"acknowledged, and list {deed.about} was neither imported nor said not to be"

    def _card(self, subject: str, number: int, ends: Sequence[str]) -> Iterator[tuple[Loss, str]]:
        """The card of something that went on by itself says at last what became of it."""
        for card in self._cards(subject, number):
            shown = [each for each in self._by_the_app if (each.channel, each.ts) == (card["channel_id"], card["ts"])]
            if shown and not any(end in shown[0].words for end in ends):
                yield Loss.UNANSWERED, f"its card still says {shown[0].words.splitlines()[0]!r}"

    def _cards(self, subject: str, number: int) -> list[Mapping[str, Any]]:
        return self._books.rows(
            "SELECT channel_id, ts FROM outbox WHERE subject = :subject AND subject_id = :number AND recipient <> ''"
            " AND kind LIKE '%.card' AND state = 'sent'",
            subject=subject,
            number=number,
        )

    def _thread(self, channel: str, ts: str) -> list[Said]:
        return [each for each in self._slack.said if (each.channel, each.thread_ts) == (channel, ts)]

    # --- files ---

    def _file(self, deed: Deed) -> Iterator[tuple[Loss, str]]:
        rows = self._books.rows("SELECT id, state, sha256 FROM evidence WHERE name = :name", name=deed.marker)
        if len(rows) > 1:
            yield Loss.TWICE, f"was taken {len(rows)} times"
        for row in rows:
            if row["state"] == "collecting":
                yield Loss.LOST, "was never fetched"
            if row["state"] == "kept" and row["sha256"] != hashlib.sha256(deed.content).hexdigest():
                yield Loss.DENIED, "what is kept is something else"

    def _unanswered_files(self) -> Finds:
        files = [each for each in self._deeds if each.kind == "file" and each.ts not in self._slack.dropped]
        for file in unanswered(files, self._by_the_app):
            what = f"file {file.marker} dropped by {file.who}: neither kept nor answered"
            yield Finding(Loss.UNANSWERED, what, f"at {file.at:.1f} s")


def unanswered(files: Sequence[Deed], by_the_app: Sequence[Said]) -> list[Deed]:
    """The files of which the app said nothing.

    One is answered by its name, or, where it was dropped, by a sentence that names none: that is about the newest file
    before it that nothing else answers.
    """
    said = [each for each in by_the_app if not each.slot.startswith("day:")]
    waiting = [file for file in files if not any(file.marker in each.words for each in said)]
    for answer in said:
        about = [file for file in waiting if _may_answer(answer, file)]
        if about and not any(file.marker in answer.words for file in files):
            waiting.remove(max(about, key=lambda file: file.ts))
    return waiting


def _may_answer(said: Said, file: Deed) -> bool:
    where = said.channel == f"D{file.who[1:]}" and said.thread_ts in (file.thread_ts or said.ts, file.ts)
    return where and said.ts > file.ts and ("kept" in said.words or not said.slot)


def times(deed: Deed, found: int) -> Iterator[tuple[Loss, str]]:
    """How often something is there, given how often it was asked for and how often that was acknowledged."""
    if found < deed.acknowledged:
        yield Loss.LOST, f"acknowledged {deed.acknowledged} times, and there {found} times"
    if found > deed.attempts:
        yield Loss.TWICE, f"done {deed.attempts} times, and there {found} times"
    if found and set(deed.outcomes) == {Outcome.REFUSED}:
        yield Loss.DENIED, "refused, and there all the same"
