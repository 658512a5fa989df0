"""Working days: the days of the week on which people work, less the public holidays of where they are.

Days only, no hours. Holidays come from the library `holidays`, one country and year at a time and only when asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from dateutil.relativedelta import relativedelta

from workflows.refusals import InputWanted
from workflows.wishes import Wish

MONDAY_TO_FRIDAY = frozenset(range(5))


EVERY_DAY = frozenset(range(7))


ONE_DAY = timedelta(days=1)


YEARS_REMEMBERED = 512
"""Years of countries; each is a set of about a dozen dates."""


@dataclass(frozen=True)
class WorkingDays:
    """When people work: `weekdays` as Python counts them (Monday is 0), `country` and `region` as in ISO 3166.

    Without a country there are no holidays; so it is with one of which none are known. Raises `ValueError` for a week
    in which nobody ever works.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    country: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if self.weekdays.isdisjoint(EVERY_DAY):
            raise ValueError("a week without a single working day")

    def is_working(self, day: date) -> bool:
        """Whether people work on the day."""
        return day.weekday() in self.weekdays and day not in holidays_in(self.country, self.region, day.year)

    def on_or_before(self, day: date) -> date:
        """`day` itself when people work on it, else the last working day before."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """`day` itself when people work on it, else the next working day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The working day that lies `count` working days after `day`; `day` itself for none."""
        while count > 0:
            day = self.on_or_after(day + ONE_DAY)
            count -= 1
        return day

    def last_of(self, month_of: date) -> date:
        """The last working day of the month that a day lies in."""
        return self.on_or_before(month_of + relativedelta(day=31))


@lru_cache(maxsize=YEARS_REMEMBERED)
def holidays_in(country: str | None, region: str | None, year: int) -> frozenset[date]:
    """The public holidays of a country, with those of the region if it is known there; none of an unknown country."""
    if country is None or country not in known_countries():
        return frozenset()
    from holidays import country_holidays  # noqa: PLC0415 - a twentieth of a second, not paid at every start

    known = region if region in region_codes(country) else None
    return frozenset(country_holidays(country, subdiv=known, years=year, expand=False))


@cache
def known_countries() -> frozenset[str]:
    """The countries (ISO 3166) whose holidays are known."""
    from holidays.registry import EntityLoader  # noqa: PLC0415 - as above

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def region_codes(country: str | None) -> tuple[str, ...]:
    """The regions of a country that have holidays of their own; none of an unknown country."""
    if country not in known_countries():
        return ()
    import holidays  # noqa: PLC0415 - as above

    # Of this country alone: to ask for those of all takes longer than Slack waits for an answer on a busy machine.
    return tuple(getattr(holidays, country or "").subdivisions)


@cache
def regions_of(country: str | None) -> Mapping[str, str]:
    """The regions of a country that have holidays of their own, by the names they go by there, or by their codes."""
    import holidays  # noqa: PLC0415 - as above

    codes = region_codes(country)
    aliases: Mapping[str, str] = getattr(holidays, country or "").subdivisions_aliases if codes else {}
    # Of several names the longest is the one in full.
    names = {aliases[name]: name for name in sorted(aliases, key=len)}
    return {code: names.get(code, code) for code in codes}


@cache
def _countries_by_zone() -> Mapping[str, str]:
    """The country of each zone, from the zone table of tzdata; also under the zones' older names."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    countries = {row[2]: row[0] for row in rows}
    rules = files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text(encoding="utf-8")
    links = [line.split()[1:3] for line in rules.splitlines() if line.startswith("L ")]
    # A name without a slash, such as CET, is a region of the world and no place in a country.
    older = {old: countries[new] for new, old in links if "/" in old and new in countries}
    return older | countries


def country_of_zone(zone: str) -> str | None:
    """The country (ISO 3166) that a zone lies in; None for zones such as UTC, which lie in none."""
    return _countries_by_zone().get(zone)


def check(weekdays: Sequence[int], country: str | None, region: str | None) -> None:
    """Raise `InputWanted` unless somebody works on some day, in a country whose holidays are known."""
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise InputWanted("weekdays", Wish.CHOOSE_ANY_WORKING_DAY)
    if country is not None and country not in known_countries():
        raise InputWanted("country", Wish.CHOOSE_COUNTRY)
    if region is not None and region not in region_codes(country):
        raise InputWanted("region", Wish.CHOOSE_REGION)
