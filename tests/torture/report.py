"""What a run says at its end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.torture.judging import Finding, Loss
from tests.torture.options import Options
from tests.torture.people import Deed, Outcome


@dataclass
class Report:
    """What was done to the bot, what people did, and what is wrong now."""

    options: Options
    deeds: Sequence[Deed]
    troubles: Mapping[str, int]
    findings: list[Finding] = field(default_factory=list)
    dropped_by_slack: int = 0
    restless: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, and the bot came to rest."""
        return not self.findings and not self.restless

    def lines(self) -> Iterator[str]:
        """The report, a line at a time: each loss by itself, and the counters last."""
        for each in sorted(self.findings, key=lambda found: (found.loss, found.what)):
            yield f"{each.loss.upper():<11} {each.what} [seed {self.options.seed}, {each.when}]"
        if self.restless:
            idle = f"the bot did nothing for {self.options.quiet_within:g} seconds"
            yield f"RESTLESS    {idle} and still had work: {self.restless}"
        kinds = Counter(deed.kind for deed in self.deeds)
        answers = Counter(outcome for deed in self.deeds for outcome in deed.outcomes)
        losses = Counter(each.loss for each in self.findings)
        yield f"deeds       {len(self.deeds)} ({_listed(kinds)})"
        yield f"answers     {_listed({outcome.value: answers[outcome] for outcome in Outcome})}"
        yield f"troubles    {_listed(self.troubles)}"
        yield f"by Slack    {self.dropped_by_slack} events dropped, which are no loss of the bot's"
        yield f"verdict     {_listed({loss.value: losses[loss] for loss in Loss})}"
        yield f"again with  {self.options.command}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "none"
