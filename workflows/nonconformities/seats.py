"""Who fills a seat of a case, and under which exception: so that nobody judges own work and somebody can always act.

A seat is filled from the roles it names, less those whom the rule keeps out. While nobody there is free it is filled
from the next pool of `else_`, and that is marked wherever the case is shown. The rules are of plain values, so that a
test can walk through every size of organisation; `cases.py` makes these of rows. That nobody judges own work is what
ISO 19011 asks of audits and their follow-up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from storage.nonconformities.tables import Grade, Mark, Seat, Signs
from storage.people.tables import Role


class Bar(StrEnum):
    """Why somebody is kept out of a seat."""

    DOERS = "doers"
    OWNER = "owner"
    ONLY_MANAGER = "only_manager"
    REVIEW_SIGNER = "review_signer"
    EFFECT_SIGNER = "effect_signer"
    CONSENT_SIGNER = "consent_signer"
    GRADE_SIGNER = "grade_signer"


class Pool(StrEnum):
    """Whom a seat falls to where nobody of its roles is free."""

    MANAGEMENT = "management"
    LEAD = "lead"
    AUDITOR = "auditor"
    OUTSIDER = "outsider"
    MANAGING_DOER = "managing_doer"
    CONSENT_SIGNER = "consent_signer"
    SAME_OUTSIDER = "same_outsider"
    GRADE_SIGNER = "grade_signer"
    OWN_KEEPER = "own_keeper"
    ADMIN = "admin"


@dataclass(frozen=True)
class House:
    """Who is there for a case on a day, in the order in which they are asked; `outsiders` were let into this case."""

    roles: Mapping[str, frozenset[Role]]
    outsiders: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()

    def holding(self, *wanted: Role) -> tuple[str, ...]:
        """Those there who hold one of the roles."""
        return tuple(person for person, roles in self.roles.items() if roles & set(wanted))


@dataclass(frozen=True)
class Facts:
    """What the seats of a case depend on. `doers` are all who had a part in the work, in any round.

    `signed` is who gave each signature that stands; `named` whom a keeper named for a seat, to be asked first.
    """

    owner: str
    grade: Grade | None = None
    doers: frozenset[str] = frozenset()
    signed: Mapping[Signs, str] = field(default_factory=dict)
    named: Mapping[Seat, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """How one seat is filled."""

    from_: tuple[Role, ...]
    bars: tuple[Bar, ...] = ()
    else_: tuple[Pool, ...] = ()


@dataclass(frozen=True)
class Filling:
    """Who may sit in a seat now, and the exception under which; nobody where somebody has to be found first."""

    people: tuple[str, ...] = ()
    mark: Mark | None = None


JUDGES = (Role.AUDITOR, Role.LEAD)
RULES: Mapping[Seat, Rule] = MappingProxyType(
    {
        Seat.GRADER: Rule(JUDGES, (Bar.DOERS,), (Pool.MANAGEMENT, Pool.OUTSIDER)),
        Seat.REVIEWER: Rule(JUDGES, (Bar.DOERS, Bar.ONLY_MANAGER), (Pool.MANAGEMENT, Pool.OUTSIDER)),
        Seat.CONSENTER: Rule((Role.MANAGEMENT,), (Bar.DOERS, Bar.REVIEW_SIGNER), (Pool.MANAGING_DOER,)),
        Seat.VERIFIER: Rule(JUDGES, (Bar.DOERS,), (Pool.MANAGEMENT, Pool.OUTSIDER)),
        Seat.SECOND_SIGNER: Rule(
            (Role.LEAD, Role.AUDITOR, Role.MANAGEMENT),
            (Bar.DOERS, Bar.EFFECT_SIGNER, Bar.CONSENT_SIGNER),
            (Pool.CONSENT_SIGNER, Pool.OUTSIDER, Pool.SAME_OUTSIDER),
        ),
        Seat.DECIDER: Rule(
            (Role.LEAD, Role.AUDITOR),
            (Bar.DOERS, Bar.GRADE_SIGNER),
            (Pool.MANAGEMENT, Pool.OUTSIDER, Pool.GRADE_SIGNER),
        ),
        Seat.EXTENDER: Rule((Role.LEAD, Role.MANAGEMENT), (Bar.DOERS,), (Pool.LEAD, Pool.OUTSIDER)),
        Seat.RECORDER: Rule((Role.LEAD, Role.MANAGEMENT, Role.AUDITOR), (Bar.OWNER,), (Pool.OUTSIDER,)),
        Seat.KEEPER: Rule((Role.LEAD, Role.MANAGEMENT), (Bar.OWNER,), (Pool.AUDITOR, Pool.OWN_KEEPER, Pool.ADMIN)),
        Seat.RECURRER: Rule((Role.AUDITOR, Role.LEAD, Role.MANAGEMENT), (), (Pool.OUTSIDER,)),
        Seat.REOPENER: Rule((Role.AUDITOR, Role.LEAD, Role.MANAGEMENT), (), (Pool.OUTSIDER,)),
    }
)
"""How each seat is filled, but the owner's, which is the owner, and the bot's."""

EXTENDS_A_MAJOR = Rule((Role.MANAGEMENT,), (Bar.DOERS,), (Pool.LEAD, Pool.OUTSIDER))

LIFTED: Mapping[Pool, frozenset[Bar]] = MappingProxyType(
    {
        Pool.MANAGING_DOER: frozenset({Bar.DOERS}),
        Pool.CONSENT_SIGNER: frozenset({Bar.CONSENT_SIGNER}),
        Pool.SAME_OUTSIDER: frozenset({Bar.EFFECT_SIGNER}),
        Pool.GRADE_SIGNER: frozenset({Bar.GRADE_SIGNER}),
        Pool.OWN_KEEPER: frozenset({Bar.OWNER}),
        Pool.ADMIN: frozenset({Bar.OWNER}),
    }
)
"""What a pool lets pass that the seat's rule bars; everything else it bars holds for every pool."""

_SIGNERS: Mapping[Bar, Signs] = MappingProxyType(
    {
        Bar.REVIEW_SIGNER: Signs.REVIEW,
        Bar.EFFECT_SIGNER: Signs.EFFECT,
        Bar.CONSENT_SIGNER: Signs.CONSENT,
        Bar.GRADE_SIGNER: Signs.GRADE,
    }
)


def fill(seat: Seat, facts: Facts, house: House) -> Filling:
    """Who may sit in a seat of the case now, and under which exception."""
    if seat in (Seat.OWNER, Seat.BOT):
        return Filling((facts.owner,) if seat is Seat.OWNER and facts.owner in house.roles else ())
    rule = rule_of(seat, facts)
    free = _free(_pool_of_roles(seat, rule, facts, house), rule.bars, facts, house)
    if free:
        return Filling(_asked_first(seat, facts, free))
    return _else(seat, rule, facts, house)


def rule_of(seat: Seat, facts: Facts) -> Rule:
    """The rule of a seat: to extend a major is for management."""
    return EXTENDS_A_MAJOR if seat is Seat.EXTENDER and facts.grade is Grade.MAJOR else RULES[seat]


def _pool_of_roles(seat: Seat, rule: Rule, facts: Facts, house: House) -> tuple[str, ...]:
    owner = (facts.owner,) if seat is Seat.RECURRER and facts.owner in house.roles else ()
    return tuple(dict.fromkeys((*house.holding(*rule.from_), *owner)))


def _else(seat: Seat, rule: Rule, facts: Facts, house: House) -> Filling:
    for pool in rule.else_:
        bars = tuple(bar for bar in rule.bars if bar not in LIFTED.get(pool, ()))
        if free := _free(POOLS[pool](facts, house), bars, facts, house):
            return Filling(_asked_first(seat, facts, free), mark_of(pool))
    return Filling()


def mark_of(pool: Pool) -> Mark | None:
    """The exception that is said of a pool; a lead who extends a major in place of management is none."""
    return None if pool is Pool.LEAD else Mark(pool.value)


def _free(people: tuple[str, ...], bars: tuple[Bar, ...], facts: Facts, house: House) -> tuple[str, ...]:
    kept_out = frozenset(person for bar in bars for person in barred(bar, facts, house))
    return tuple(person for person in people if person not in kept_out)


def barred(bar: Bar, facts: Facts, house: House) -> frozenset[str]:
    """Whom a bar keeps out."""
    match bar:
        case Bar.DOERS:
            return facts.doers | {facts.owner}
        case Bar.OWNER:
            return frozenset({facts.owner})
        case Bar.ONLY_MANAGER:
            managers = house.holding(Role.MANAGEMENT)
            return frozenset(managers) if facts.grade is Grade.MAJOR and len(managers) == 1 else frozenset()
        case _:
            signer = facts.signed.get(_SIGNERS[bar])
            return frozenset({signer} if signer else ())


def _asked_first(seat: Seat, facts: Facts, people: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever was named for the seat stands first."""
    return tuple(sorted(people, key=lambda person: person != facts.named.get(seat)))


POOLS: Mapping[Pool, Callable[[Facts, House], tuple[str, ...]]] = MappingProxyType(
    {
        Pool.MANAGEMENT: lambda _, house: house.holding(Role.MANAGEMENT),
        Pool.LEAD: lambda _, house: house.holding(Role.LEAD),
        Pool.AUDITOR: lambda _, house: house.holding(Role.AUDITOR),
        Pool.OUTSIDER: lambda _, house: house.outsiders,
        Pool.MANAGING_DOER: lambda facts, house: tuple(
            each for each in house.holding(Role.MANAGEMENT) if each in facts.doers | {facts.owner}
        ),
        Pool.CONSENT_SIGNER: lambda facts, house: _present(facts.signed.get(Signs.CONSENT), house),
        Pool.SAME_OUTSIDER: lambda facts, house: tuple(
            each for each in house.outsiders if each == facts.signed.get(Signs.EFFECT)
        ),
        Pool.GRADE_SIGNER: lambda facts, house: _present(facts.signed.get(Signs.GRADE), house),
        Pool.OWN_KEEPER: lambda facts, house: tuple(
            each for each in house.holding(Role.LEAD, Role.MANAGEMENT) if each == facts.owner
        ),
        Pool.ADMIN: lambda _, house: house.admins,
    }
)


def _present(person: str | None, house: House) -> tuple[str, ...]:
    return (person,) if person and (person in house.roles or person in house.outsiders) else ()


def why_not(person: str, seat: Seat, facts: Facts, house: House) -> Bar | None:
    """What keeps somebody out of a seat who has a role for it; None where it is the role that is missing."""
    if seat not in RULES:
        return None
    return next((bar for bar in rule_of(seat, facts).bars if person in barred(bar, facts, house)), None)
