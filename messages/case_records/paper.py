"""Case records room: one case on paper, in the order in which it is read: exceptions first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from messages.words import papers
from messages.words.filters import ENGLISH
from messages.words.papers import Part, bullets, on_paper, with_days
from messages.words.requirements import Requirement
from messages.words.wording import Words, named, words

Facts = Mapping[str, Any]

SAID = ("contained", "correction", "consequences", "extent", "risk_decision", "system_decision", "stands_because")
"""What an answer says beside its causes and actions, in the order in which it is read."""

PLANNED = ("effect_criterion", "effect_target", "effect_source", "effect_period")
FOUND = ("evidence", "place", "process", "sample")


@dataclass(frozen=True)
class CaseRecord:
    """A case as its paper shows it; `facts` are those of `workflows/case_records/facts.py`, as they stood at `at`."""

    facts: Facts
    at: datetime

    @property
    def number(self) -> int:
        """Its number: 12 of NC-12."""
        return int(self.facts["case"]["number"])


def pdf(record: CaseRecord, language: str = ENGLISH) -> bytes:
    """The case as a PDF; the same facts give the same bytes."""
    return papers.pdf("words/paper", contents(record, language), at=record.at, language=language)


def contents(record: CaseRecord, language: str = ENGLISH) -> dict[str, Any]:
    """What the template is given: sections of parts, in which everything is text."""
    return Told(record, language).paper()


class Told:
    """One case in one language, section by section."""

    def __init__(self, record: CaseRecord, language: str = ENGLISH) -> None:
        self._language = language
        self.facts: Any = with_days(record.facts)
        self._case, self._grade = self.facts["case"], self.facts["grade"]
        self._words = self.say()

    def say(self, **values: Any) -> Words:
        """The words of a record, with some values more."""
        return words("case_records/paper", self._language, facts=self.facts, case=self._case, **values)

    def paper(self) -> dict[str, Any]:
        wording = self._words
        sections = [
            ("first", bullets(self.first())),
            ("finding", self._finding()),
            ("grade", self._graded()),
            ("answer", self._answer()),
            ("causes", bullets(self.causes())),
            ("actions", self._actions()),
            ("effect", self._effect()),
            ("signatures", self._signatures()),
            ("evidence", self._evidence()),
            ("before", bullets(self.before())),
            ("disputes", self._disputes()),
            ("body", self._body()),
            ("people", bullets(self.people())),
        ]
        return {
            "language": self._language.partition("_")[0],
            "title": wording.title.plain,
            "kicker": wording.kicker.plain,
            "subtitle": self.say(about=self._about).subtitle.plain,
            "is_draft": self._case["state"] == "draft",
            "draft": wording.draft.plain,
            "page": wording.page.plain,
            "sections": [
                {"heading": wording[f"heading_{name}"].plain, "parts": parts} for name, parts in sections if parts
            ],
        }

    # --- what matters first ---

    def first(self) -> list[str]:
        """What is out of the ordinary, so that whoever reads it needn't find that out."""
        marks = [self._named(each, "nonconformities/marks").capitalize() + "." for each in self.facts["marks"]]
        counts = {
            "taken_over": int(self._case["is_taken_over"]),
            "rounds": max(len(self.facts["rounds"]) - 1, 0),
            "returned": len(self._returned),
            "refused": sum(each["is_refused"] for each in self.facts["evidence"]),
            "late": sum(each["is_late"] for each in self.facts["evidence"]),
            "disputed": len(self.facts["contests"]),
            "lapsed": sum(each["lapsed_on"] is not None for each in self.facts["signatures"]),
            "without_proof": int(self._case["state"] == "closed" and not self.facts["evidence"]),
            "repeats": len(self._case["repeats"]),
        }
        said = [self.say(count=count)[f"first_{name}"].plain for name, count in counts.items() if count]
        return [self._words.stands.plain, *marks, *(said or ([] if marks else [self._words.nothing_unusual.plain]))]

    # --- the finding and its grade ---

    def _finding(self) -> list[Part]:
        terms = words("nonconformities/finding", self._language)
        seen = [[terms[f"{name}_term"].plain, on_paper(self._case[name])] for name in FOUND if self._case[name]]
        came = self.say(by=self._person(self._case["raised_by"]), source=self._source).came.plain
        earlier = [self._person(each) for each in self._case["earlier_owners"]]
        owner = self.say(owner=self._person(self._case["owner"]), earlier=earlier).owner.plain
        about = {
            "title": self.say(about=self._about).finding_title.plain,
            "mark": "nonconformity",
            "text": on_paper(self._case["statement"]),
            "pairs": [*seen, [self._words.term_came.plain, came], [terms.owner_id_term.plain, owner]],
        }
        return [{"finding": about}]

    @property
    def _source(self) -> str:
        return self._named(self._case["source"], "nonconformities/sources") if self._case["source"] else ""

    @property
    def _about(self) -> str:
        """What was not met: edition and number, or a document, a law or a contract."""
        if self._case["requirement"]:
            return Requirement(**self._case["requirement"]).name
        return on_paper(self._case["criterion"])

    def _graded(self) -> list[Part]:
        tests = [self.say(test=each).grade_test.plain for each in self._grade["tests"]]
        reason = on_paper(self._grade["rationale"])
        issued = self.say(by=self._person(self._case["issued_by"])).issued.plain if self._case["issued_by"] else ""
        signed = [[self._words.term_grade.plain, self._words.grade.plain], [self._words.term_issued.plain, issued]]
        pairs = [*signed, [self._words.term_reason.plain, reason]]
        return [{"pairs": [each for each in pairs if each[1]]}, *bullets(tests or [self._words.no_test.plain])]

    # --- the answer that counts ---

    @cached_property
    def _latest(self) -> Facts | None:
        return max(self.facts["answers"], key=lambda each: each["number"], default=None)

    @property
    def _returned(self) -> list[Facts]:
        return [each for each in self.facts["answers"] if each["review_comment"]]

    def _answer(self) -> list[Part]:
        if self._latest is None:
            return [{"remark": self._words.no_answer.plain}]
        terms = words("nonconformities/response_modal", self._language)
        said = [[terms[f"{name}_term"].plain, on_paper(self._latest[name] or "")] for name in SAID]
        sent = self.say(answer=self._latest, by=self._person(self._latest["submitted_by"])).sent.plain
        return [{"pairs": [*([each for each in said if each[1]]), [self._words.term_sent.plain, sent]]}]

    def causes(self) -> list[str]:
        """Each cause of the latest answer, step by step, and why it went unnoticed."""
        found = self._latest["found_causes"] if self._latest else []
        return [self._cause(each) for each in sorted(found, key=lambda each: each["place"])]

    def _cause(self, cause: Facts) -> str:
        steps = [on_paper(each) for each in cause["steps"]]
        return self.say(cause=cause, steps=steps, unnoticed=on_paper(cause["how_unnoticed"])).cause.plain

    def _actions(self) -> list[Part]:
        if self._latest is None:
            return []
        rows = [self._action(each) for each in self._latest["actions"]]
        checked = self.facts["checked"]
        how = (
            [{"text": self.say(checked=checked, by=self._person(checked["by"])).checked.plain}] if checked["by"] else []
        )
        return [self._table("actions", (4, 2, 2, 2, 4), rows), *how]

    def _action(self, action: Facts) -> list[str]:
        wording = self.say(action=action, files=action["files"])
        who, due = self._person(action["assignee"]), wording.action_due.plain
        return [wording.action_text.plain, who, due, wording.action_state.plain, wording.action_proof.plain]

    # --- whether it worked ---

    def _effect(self) -> list[Part]:
        if self._latest is None:
            return []
        terms = words("nonconformities/response_modal", self._language)
        chosen = [[terms[f"{name}_term"].plain, on_paper(self._latest[name] or "")] for name in PLANNED]
        checked = [terms.check_effect_on_term.plain, self.say(answer=self._latest).check_on.plain]
        rows = [self._check(each) for each in self.facts["effect_checks"]]
        found = (
            [self._table("effect", (1, 3, 2, 2, 3, 5), rows)] if rows else [{"remark": self._words.not_judged.plain}]
        )
        return [{"pairs": [*(each for each in chosen if each[1]), checked]}, *found]

    def _check(self, check: Facts) -> list[str]:
        wording = self.say(check=check, by=self._person(check["judged_by"]))
        met, watched, judged = wording.check_met.plain, wording.check_watched.plain, wording.check_judged.plain
        return [str(check["round"]), on_paper(check["value"]), met, watched, judged, on_paper(check["result"])]

    # --- who signed, and what on ---

    def _signatures(self) -> list[Part]:
        rows = [self._signature(each) for each in self.facts["signatures"]]
        return [self._table("signatures", (3, 3, 3, 5), rows)] if rows else [{"remark": self._words.not_signed.plain}]

    def _signature(self, signature: Facts) -> list[str]:
        failed = self._all(each["check"] for each in signature["checks"] if not each["passed"])
        passed = self._all(each["check"] for each in signature["checks"] if each["passed"])
        mark = self._named(signature["mark"], "nonconformities/marks") if signature["mark"] else ""
        lapsed = self._named(signature["lapsed_by"], "nonconformities/history") if signature["lapsed_by"] else ""
        values = {"failed": failed, "passed": passed, "mark": mark, "lapsed": lapsed}
        wording = self.say(signature=signature, roles=self._all(signature["roles"]), **values)
        what = self._named(signature["signs"], "nonconformities/signs")
        who = self.say(signature=signature, roles=self._all(signature["roles"]), by=self._person(signature["by"]))
        return [what, who.signed_by.plain, wording.signed_when.plain, wording.signed_checks.plain]

    def _evidence(self) -> list[Part]:
        rows = [self._piece(each) for each in self.facts["evidence"]]
        if not rows:
            return [{"remark": self._words.no_evidence.plain}]
        return [{**self._table("evidence", (3, 2, 4, 4), rows, codes=(3,))}]

    def _piece(self, piece: Facts) -> list[str]:
        wording = self.say(piece=piece, by=self._person(piece["by"]), judge=self._person(piece["judged_by"]))
        shown, verdict = wording.piece_dates.plain, wording.piece_verdict.plain
        return [on_paper(piece["name"]), shown, verdict, piece["sha256"] or self._words.no_hash.plain]

    # --- what came before ---

    def before(self) -> list[str]:
        """Every round with its answers that came to nothing, extensions, and how it began."""
        several = len(self.facts["rounds"]) > 1
        return [line for each in self.facts["rounds"] for line in self._round(each, tells=several)]

    def _round(self, round_: Facts, *, tells: bool) -> Iterable[str]:
        wording = self.say(round=round_, by=self._person(round_["extended_by"]), begun=self._event(round_["begun_by"]))
        if tells:
            yield wording.round_began.plain
        if round_["paused_days"]:
            yield wording.round_paused.plain
        if round_["extended_to_on"]:
            yield wording.round_extended.plain
        for answer in self.facts["answers"]:
            if answer["round"] == round_["number"] and answer is not self._latest:
                yield self._earlier(answer)
        if self._latest and self._latest["round"] == round_["number"] and self._latest["review_comment"]:
            yield self._earlier(self._latest)

    def _earlier(self, answer: Facts) -> str:
        root = next((step for each in answer["found_causes"] for step in reversed(each["steps"])), "")
        by, judge = self._person(answer["submitted_by"]), self._person(answer["reviewed_by"])
        return self.say(answer=answer, root=on_paper(root), by=by, judge=judge).earlier.plain

    def _event(self, name: str) -> str:
        return self._named(name, "nonconformities/history")

    # --- disputes, the body, and who was named ---

    def _disputes(self) -> list[Part]:
        return [{"pairs": list(self._dispute(each))} for each in self.facts["contests"]]

    def _dispute(self, contest: Facts) -> Iterable[list[str]]:
        wording = self.say(contest=contest, by=self._person(contest["by"]), judge=self._person(contest["decided_by"]))
        said = [
            (wording.term_disputed, wording.disputed.plain),
            (wording.term_heard, on_paper(contest["heard"])),
            (wording.term_other_side, on_paper(contest["other_side"])),
            (wording.term_decided, wording.decided.plain),
        ]
        return ([term.plain, words] for term, words in said if words)

    def _body(self) -> list[Part]:
        return [part for each in self.facts["body"] for part in self._of_body(each)]

    def _of_body(self, body: Facts) -> Iterable[Part]:
        wording = self.say(body=body)
        said = [
            (wording.term_body, wording.body.plain),
            (wording.term_body_text, on_paper(body["body_text"])),
            (wording.term_letter, on_paper(body["letter"])),
            (wording.term_body_days, wording.body_days.plain),
            (wording.term_track, wording.track.plain),
        ]
        yield {"pairs": [[term.plain, words] for term, words in said if words]}
        yield from bullets([self._letter(each) for each in self.facts["letters"]])

    def _letter(self, letter: Facts) -> str:
        by = self._person(letter["by"])
        return self.say(letter=letter, by=by, event=self._event(letter["event"])).noted.plain

    def people(self) -> list[str]:
        """Who was named for a part, and who was let in from outside: by whom, and why they could."""
        named_ones = [self._seat(each) for each in self.facts["seats"]]
        return [*named_ones, *(self._outsider(each) for each in self.facts["outsiders"])]

    def _seat(self, seat: Facts) -> str:
        part = self._named(seat["seat"], "nonconformities/seats")
        return self.say(seat=seat, part=part, who=self._person(seat["person"]), by=self._person(seat["by"])).seat.plain

    def _outsider(self, access: Facts) -> str:
        return self.say(access=access, who=self._person(access["person"]), by=self._person(access["by"])).outsider.plain

    # --- how things are called ---

    def _table(
        self, name: str, shares: Sequence[int], rows: Sequence[Sequence[str]], codes: Sequence[int] = ()
    ) -> Part:
        head = [self._words[f"column_{name}_{at}"].plain for at in range(1, len(shares) + 1)]
        return {"table": {"columns": list(shares), "figures": [], "codes": list(codes), "head": head, "rows": rows}}

    def _person(self, person_id: str | None) -> str:
        return on_paper(self.facts["people"].get(person_id, person_id)) if person_id else ""

    def _all(self, keys: Iterable[str]) -> list[str]:
        return [self._named(each, "case_records/words") for each in keys]

    def _named(self, key: str, template: str) -> str:
        return named(key, template, language=self._language)
