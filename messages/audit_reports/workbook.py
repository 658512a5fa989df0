"""Audit reports room: the report as a workbook, for whoever goes on working with it; the same words as on paper."""

import io
from collections.abc import Iterable, Sequence

from messages.audit_reports.paper import Report, Told
from messages.words import workbooks
from messages.words.filters import ENGLISH
from messages.words.papers import on_paper
from messages.words.workbooks import Table

FINDING: Sequence[tuple[int, str]] = (
    (8, "number"),
    (24, "kind"),
    (40, "requirement"),
    (60, "statement"),
    (60, "evidence"),
    (24, "place"),
    (30, "sample"),
    (20, "owner"),
    (40, "view"),
    (16, "shown"),
    (10, "nonconformity"),
)
"""How wide a column of the findings is, in characters, and the term it stands under."""


def xlsx(report: Report, language: str = ENGLISH) -> bytes:
    """The report as an XLSX file, in which every cell is text; the same report gives the same bytes."""
    written = io.BytesIO()
    workbooks.write(written, _Sheets(report, language).tables(), created_at=report.signed_at or report.drafted_at)
    return written.getvalue()


class _Sheets(Told):
    """The sheets of one report."""

    def tables(self) -> list[Table]:
        return [
            self._sheet("report", [(24, "topic"), (110, "words")], self._report()),
            Table(self._words.sheet_findings.plain, self._terms(FINDING), [*self._found()]),
            Table(self._words.sheet_figures.plain, [(each, 14) for each in self.figures_head()], self.figures()),
            self._sheet(
                "notes", [(14, "kind"), (40, "requirement"), (40, "about"), (80, "note"), (40, "rated")], self._noted()
            ),
            self._sheet("samples", [(40, "list"), (10, "population"), (24, "seed"), (60, "rows")], self._drawn()),
            self._sheet("evidence", [(50, "name"), (66, "sha256"), (14, "size"), (24, "backs")], self._looked_at()),
        ]

    def _sheet(self, name: str, widths: Iterable[tuple[int, str]], rows: Iterable[Sequence[str]]) -> Table:
        columns = [(self._words[f"column_{each}"].plain, width) for width, each in widths]
        return Table(self._words[f"sheet_{name}"].plain, columns, [*rows])

    def _terms(self, widths: Iterable[tuple[int, str]]) -> list[tuple[str, int]]:
        return [(self._words[f"term_{each}"].plain, width) for width, each in widths]

    def _report(self) -> list[Sequence[str]]:
        wording, report = self._words, self.report
        written = [
            ("conclusion", report.conclusion),
            ("follow_up", report.follow_up),
            ("weak", "\n".join(self.weak())),
            ("not_covered", "\n".join([*self.not_covered(), *([report.not_covered] if report.not_covered else [])])),
            ("sample", "\n".join(self.sampled())),
        ]
        said = [(wording[f"heading_{name}"].plain, on_paper(words)) for name, words in written]
        first = [(wording.kicker.plain, report.title), (wording.sheet_findings.plain, self.found())]
        summary = [(wording.term_summary.plain, on_paper(report.summary))]
        rows = [*first, *summary, *said, *self.audit(), *self.team(), *self.signature()]
        return [row for row in [*rows, (wording.term_digest.plain, report.digest)] if row[1]]

    def _found(self) -> Iterable[Sequence[str]]:
        for each in self.standing:
            shown = self.finding(each)
            shown_on = each["shown_on"].isoformat() if each["shown_on"] else ""
            case = f"NC-{each['nonconformity']}" if each["nonconformity"] else ""
            about = (shown["about"], on_paper(each["statement"]), shown["evidence"], shown["place"], shown["sample"])
            yield (str(each["number"]), shown["called"], *about, shown["owner"], shown["view"], shown_on, case)

    def _noted(self) -> Iterable[Sequence[str]]:
        for each in map(self.note, self.facts["notes"]):
            yield (each["mode_name"], each["criteria"], each["about"], each["text"], each["rated"])

    def _drawn(self) -> Iterable[Sequence[str]]:
        for each in self.facts["draws"]:
            rows = ", ".join(str(row) for row in each["rows"])
            yield (on_paper(each["list"]), str(each["population"]), str(each["seed"]), rows)

    def _looked_at(self) -> Iterable[Sequence[str]]:
        for each in self.facts["evidence"]:
            backs = self.say(count=each["backs"]).backs.plain
            yield (on_paper(each["name"]), each["sha256"] or "", str(each["size"] or ""), backs)
        for each in self.facts["records"]:
            yield (on_paper(each), "", "", "")
