"""Audit reports room: what a report says, in the order in which it is read; the PDF and the workbook are made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from messages.words import papers
from messages.words.filters import ENGLISH
from messages.words.papers import Part, bullets, on_paper, prose, with_days
from messages.words.requirements import Requirement, clauses
from messages.words.wording import Words, named, words

Facts = Mapping[str, Any]

RATINGS = ("3", "2", "1", "0")
GRADED = ("major", "minor", "nonconformity", "observation", "opportunity", "good_practice", "conformity")
"""The order in which findings are counted and listed."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as its papers and cards show it; `facts` are those of `workflows/audit_reports/facts.py`.

    `signed_by` and those of the `distribution` stand by their names. Without `signed_at` it is a draft.
    """

    audit_id: int
    title: str
    revision: int
    facts: Facts
    summary: str = ""
    obstacles: str = ""
    not_covered: str = ""
    conclusion: str = ""
    follow_up: str = ""
    reason: str = ""
    distribution: Sequence[str] = ()
    drafted_at: datetime
    signed_by: str = ""
    signed_at: datetime | None = None
    signed_as: str = ""
    digest: str = ""


def pdf(report: Report, language: str = ENGLISH) -> bytes:
    """The report as a PDF; the same report gives the same bytes."""
    at = report.signed_at or report.drafted_at
    return papers.pdf("words/paper", contents(report, language), at=at, language=language)


def contents(report: Report, language: str = ENGLISH) -> dict[str, Any]:
    """What the template is given: sections of parts, in which everything is text."""
    return Told(report, language).paper()


class Told:
    """One report in one language, section by section."""

    def __init__(self, report: Report, language: str = ENGLISH) -> None:
        self.report, self._language = report, language
        self.facts = with_days(report.facts)
        self._words = self.say()

    def say(self, **values: Any) -> Words:
        """The words of a report, with some values more."""
        return words("audit_reports/paper", self._language, report=self.report, facts=self.facts, **values)

    def paper(self) -> dict[str, Any]:
        wording = self._words
        sections = [
            ("conclusion", self._conclusion()),
            ("weak", bullets(self.weak())),
            ("findings", self._findings()),
            ("not_covered", self._not_covered()),
            ("audit", self._audit()),
            ("team", [{"pairs": self.team()}] if self.facts["team"] else []),
            ("sample", self._sample()),
            ("notes", [{"note": self._note(each)} for each in self.facts["notes"]]),
            ("figures", self._figures()),
            ("follow_up", prose(self.report.follow_up)),
            ("withdrawn", bullets(self._withdrawn())),
            ("signature", self._signature()),
        ]
        return {
            "language": self._language.partition("_")[0],
            "title": on_paper(self.report.title),
            "kicker": wording.kicker.plain,
            "subtitle": self.say(held=self._held()).subtitle.plain,
            "is_draft": self.report.signed_at is None,
            "draft": wording.draft.plain,
            "page": wording.page.plain,
            "sections": [
                {"heading": wording[f"heading_{name}"].plain, "parts": parts} for name, parts in sections if parts
            ],
        }

    # --- what matters first ---

    def _conclusion(self) -> list[Part]:
        corrects = [{"remark": self._words.corrects.plain}] if self.report.reason else []
        said = [*prose(self.report.conclusion), *prose(self.report.summary)]
        return [*corrects, {"text": self.found()}, *(said or [{"remark": self._words.nothing_written.plain}])]

    def found(self) -> str:
        """How many findings of each kind there are, in a sentence."""
        kinds = [kind_of(each) for each in self.standing]
        counted = [self.say(kind=kind, count=kinds.count(kind)).count_of_kind.plain for kind in GRADED if kind in kinds]
        return self.say(counted=counted).found.plain if counted else self._words.found_nothing.plain

    def weak(self) -> list[str]:
        """Where the report is weak, so that whoever reads it needn't find that out: exceptions first."""
        facts, interviews = self.facts, self.facts["interviews"]
        excepted = [self.say(member=self._member(each)) for each in facts["team"] if each["exception"]]
        unpleasant = [each for each in self.standing if each["kind"] in ("nonconformity", "observation")]
        counts = {
            "running": interviews["running"],
            "closed": interviews["withdrawn"],
            "not_shown": sum(not each["shown_on"] for each in unpleasant),
            "unrated": facts["unrated"],
            "opinions": sum(each["owner_agrees"] is False for each in self.standing),
            "no_conclusion": not self.report.conclusion,
            "nobody": not interviews["asked"],
        }
        said = [self.say(count=count)[f"weak_{name}"].plain for name, count in counts.items() if count]
        return [*(each.weak_exception.plain for each in excepted), *said]

    # --- findings ---

    @property
    def standing(self) -> list[Facts]:
        """The findings that were not taken back, the most serious first."""
        found = [each for each in self.facts["findings"] if not each["withdrawn_on"]]
        return sorted(found, key=lambda each: (GRADED.index(kind_of(each)), each["number"]))

    def _findings(self) -> list[Part]:
        if not self.standing:
            return [{"remark": self._words.no_findings.plain}]
        return [{"finding": self._finding(each)} for each in self.standing]

    def _finding(self, finding: Facts) -> Part:
        shown = self.finding(finding)
        terms = ("evidence", "place", "sample", "owner", "view")
        return {
            "title": self.say(finding=shown).finding_title.plain,
            "mark": finding["kind"],
            "text": on_paper(finding["statement"]),
            "pairs": [[self._words[f"term_{name}"].plain, shown[name]] for name in terms if shown[name]],
        }

    def finding(self, finding: Facts) -> dict[str, Any]:
        """A finding with everything in words."""
        called = self.say(kind=kind_of(finding)).kind.plain
        shown = {**finding, "called": called, "owner_name": self._person(finding["owner"])}
        view = []
        if finding["owner_agrees"] is not None:
            wording = self.say(finding=shown)
            view = [(wording.agrees if finding["owner_agrees"] else wording.disagrees).plain]
        return {
            **shown,
            "about": self._requirements([finding["requirement"]]) if finding["requirement"] else "",
            "evidence": on_paper(finding["evidence"]),
            "place": on_paper(finding["place"]),
            "sample": on_paper(finding["sample"]),
            "owner": shown["owner_name"],
            "view": "\n".join([*view, *([on_paper(finding["owner_view"])] if finding["owner_view"] else [])]),
        }

    def _withdrawn(self) -> list[str]:
        taken_back = [self.finding(each) for each in self.facts["findings"] if each["withdrawn_on"]]
        return [self.say(finding=each).withdrawn_line.plain for each in taken_back]

    # --- what was audited, by whom, and on what sample ---

    def _audit(self) -> list[Part]:
        return [{"pairs": [[term, said] for term, said in self.audit() if said]}]

    def audit(self) -> list[tuple[str, str]]:
        """What was agreed, by its terms."""
        audit, criteria, wording = self.facts["audit"], self.facts["criteria"], self._words
        requirements = self._requirements(criteria["requirements"])
        return [
            (wording.term_objective.plain, on_paper(audit["objective"])),
            (wording.term_scope.plain, on_paper(audit["scope"])),
            (wording.term_criteria.plain, self.say(requirements=requirements).criteria.plain),
            (wording.term_other.plain, on_paper(criteria["other"])),
            (wording.term_kind_of_audit.plain, wording.kind_of_audit.plain),
            (wording.term_processes.plain, ", ".join(on_paper(each) for each in audit["processes"])),
            (wording.term_dates.plain, self._dates()),
            (wording.term_methods.plain, self.say(methods=self._named(self.facts["modes"]["used"])).methods.plain),
            (wording.term_auditee.plain, self._person(audit["auditee"])),
            (wording.term_obstacles.plain, on_paper(self.report.obstacles)),
        ]

    def _held(self) -> str:
        """The days on which the audit was; before it began, those for which it is planned."""
        return self.say(planned=self._words.planned.plain).held.plain

    def _dates(self) -> str:
        return self.say(held=self._held(), planned=self._words.planned.plain).dates.plain

    def team(self) -> list[list[str]]:
        """Everybody in the team, with what was found when they were named."""
        return [self._of_team(self._member(each)) for each in self.facts["team"]]

    def _of_team(self, member: Facts) -> list[str]:
        failed = self._named(each["check"] for each in member["checks"] if not each["passed"])
        wording = self.say(member=member, failed=failed)
        return [wording.member.plain, wording.checked.plain]

    def _member(self, member: Facts) -> Facts:
        return {**member, "name": self._person(member["person"])}

    def _sample(self) -> list[Part]:
        return [*bullets(self.sampled()), *self._evidence()]

    def sampled(self) -> list[str]:
        """Who was asked and what was drawn from which list: population, seed, and how many were left out, and why."""
        asked = self._words.people if self.facts["interviews"]["asked"] else self._words.nobody_asked
        groups = [self._group(each) for each in self.facts["sampling"]]
        drawn = [self.say(draw=each).draw.plain for each in self._draws()]
        return [asked.plain, *groups, *drawn]

    def _note(self, note: Facts) -> Part:
        shown = self.note(note)
        return {"title": self.say(note=shown).note_title.plain, "text": shown["text"], "remark": shown["rated"]}

    def note(self, note: Facts) -> dict[str, Any]:
        """What somebody of the team read or watched, with everything in words."""
        shown = {**note, "mode_name": self.say(mode=note["mode"]).note_mode.plain, "by": self._person(note["noted_by"])}
        return {
            **shown,
            "about": on_paper(note["about"]),
            "text": on_paper(note["text"]),
            "criteria": self._requirements(note["requirements"]) if note["requirements"] else "",
            "rated": self.say(note=shown).note_rated.plain,
        }

    def _draws(self) -> list[Facts]:
        return [{**each, "rows": [str(row) for row in each["rows"]]} for each in self.facts["draws"]]

    def _group(self, sampled: Facts) -> str:
        """A group of people; where all are asked who could be, nobody was drawn by chance."""
        could_be_asked = sampled["population"] - sum(sampled["left_out"].values())
        left_out, is_whole = self._left_out(sampled), sampled["asked"] >= could_be_asked
        return self.say(sampled=sampled, left_out=left_out, is_whole=is_whole).sampled.plain

    def _left_out(self, sampled: Facts) -> list[str]:
        return [self.say(count=count, why=why).left_out.plain for why, count in sampled["left_out"].items()]

    def _evidence(self) -> list[Part]:
        records = bullets([self.say(record=each).record.plain for each in self.facts["records"]])
        if not self.facts["evidence"]:
            return records or [{"remark": self._words.nothing_looked_at.plain}]
        head = [self._words.looked_at.plain, self._words.column_sha256.plain]
        rows = [[on_paper(each["name"]), each["sha256"] or ""] for each in self.facts["evidence"]]
        return [{"table": {"columns": [2, 5], "figures": [], "codes": [1], "head": head, "rows": rows}}, *records]

    # --- limits and figures ---

    def _not_covered(self) -> list[Part]:
        return [*bullets(self.not_covered()), *prose(self.report.not_covered)]

    def not_covered(self) -> list[str]:
        """What was agreed and wasn't looked at, and how far what was heard carries."""
        missed, modes = self.facts["not_covered"], self.facts["modes"]
        of_missed = {"requirements": self._requirements(missed["requirements"]), "modes": self._named(missed["modes"])}
        gaps = {
            "not_heard_of": len(missed["requirements"]),
            "people_missing": missed["people"],
            "modes_missing": len(missed["modes"]),
        }
        said = [self.say(count=count, **of_missed)[name].plain for name, count in gaps.items() if count]
        limits = {"remote": modes["in_writing"], "talks": modes["in_talks"], "only_a_sample": 1}
        carries = [self.say(count=count)[name].plain for name, count in limits.items() if count]
        return [*(said or [self._words.covered.plain]), *carries]

    def _figures(self) -> list[Part]:
        rows, hidden = self.figures(), self.facts["statistics"]["too_few_people"]
        too_few = [{"remark": self.say(count=hidden).too_few.plain}] if hidden else []
        if not rows:
            return [{"remark": (self._words.no_figures_for_few if hidden else self._words.nothing_rated).plain}]
        table = {"columns": [5, 1, 1, 1, 1, 1, 1, 3, 2], "figures": [1, 2, 3, 4, 5, 6], "codes": []}
        return [
            {"remark": self._words.figures_intro.plain},
            {"table": {**table, "head": self.figures_head(), "rows": rows}},
            *too_few,
        ]

    def figures_head(self) -> list[str]:
        """The headings above the figures."""
        wording = self._words
        first = (wording.column_requirement, wording.column_people)
        last = (wording.column_not_applicable, wording.column_notes, wording.column_backed_up)
        return [*(each.plain for each in first), *RATINGS, *(each.plain for each in last)]

    def figures(self) -> list[list[str]]:
        """How often each rating was given, by requirement, and in all where nobody is recognised by that."""
        statistics = self.facts["statistics"]
        rows = [self._figure(self._row_title(each["requirement"]), each) for each in statistics["rows"]]
        total = statistics["total"]
        return [*rows, *([self._figure(self._words.all_requirements.plain, total)] if total else [])]

    def _row_title(self, reference: str) -> str:
        return self._requirements([reference]) if reference else self._words.no_requirement.plain

    def _figure(self, title: str, row: Facts) -> list[str]:
        counts = [row["answers"][each] for each in (*RATINGS, "not_applicable")]
        noted = [(rating, row["notes"][rating]) for rating in RATINGS if row["notes"][rating]]
        notes = [self.say(rating=rating, count=count).noted.plain for rating, count in noted]
        said = [str(each) if row["people"] else "" for each in (row["people"], *counts)]
        return [title, *said, ", ".join(notes), self._backed_up(row["corroboration"])]

    def _backed_up(self, steps: Facts) -> str:
        """Of how many answers and notes there was more than the words."""
        return self.say(backed=sum(steps.values()) - steps["0"], total=sum(steps.values())).backed_up.plain

    # --- who signed, and who gets it ---

    def _signature(self) -> list[Part]:
        pairs = [[term, said] for term, said in self.signature() if said]
        hint = [{"code": self.report.digest}, {"remark": self._words.digest_hint.plain}] if self.report.digest else []
        return [{"pairs": pairs}, *hint]

    def signature(self) -> list[tuple[str, str]]:
        """Who signed as what and when, and who gets it."""
        return [
            (self._words.term_signed.plain, self._signed()),
            (self._words.term_distribution.plain, ", ".join(self.report.distribution)),
        ]

    def _signed(self) -> str:
        """Who signed, on the clock of the organisation."""
        if self.report.signed_at is None:
            return self._words.not_signed.plain
        local = self.report.signed_at.astimezone(ZoneInfo(self.facts["zone"]))
        return self.say(day=local.date(), time=f"{local:%H:%M}").signed.plain

    # --- how things are called ---

    def _person(self, person_id: str | None) -> str:
        return on_paper(self.facts["people"].get(person_id, person_id)) if person_id else ""

    def _requirements(self, references: Iterable[str]) -> str:
        known = self.facts["requirements"]
        return clauses([Requirement(**known[each]) if each in known else Requirement("", each) for each in references])

    def _named(self, keys: Iterable[str]) -> list[str]:
        return [named(each, "audit_reports/words", language=self._language) for each in keys]


def kind_of(finding: Facts) -> str:
    """The kind of a finding; of a nonconformity that was graded, its grade."""
    return str(finding["grade"] or finding["kind"])
