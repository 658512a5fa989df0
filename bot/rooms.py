"""Every room at the edge in one place: what they answer to, what they say by themselves, and what the clock does."""

from collections.abc import Mapping

from bot import (
    applicability,
    auditors,
    certification,
    changes,
    collecting,
    desk_audits,
    evidence,
    evidence_details,
    feeds,
    frameworks,
    gap_analysis,
    handovers,
    home,
    importing,
    ladders,
    ledger,
    links,
    machines,
    months,
    nonconformities,
    nudges,
    obligations,
    packs,
    people,
    pictures,
    programme,
    requests,
    retention,
    reviews,
    saved_messages,
    starting,
    tasks,
)
from bot.calls import Composer
from bot.heartbeat import Tick
from bot.house import House
from bot.nudges import Subjects
from bot.routes import AnyRoute
from workflows import calendar as calendar_rules
from workflows import certification as certification_rules
from workflows import freshness as freshness_rules
from workflows import gap_analysis as gap_rules
from workflows import leaving as leaving_rules
from workflows import nudges as nudge_rules
from workflows import reviews as review_rules
from workflows import tasks as task_rules
from workflows.nonconformities import commands as nonconformity_rules

ROUTES: tuple[AnyRoute, ...] = (
    *programme.ROUTES,
    *starting.ROUTES,
    *frameworks.ROUTES,
    *applicability.ROUTES,
    *gap_analysis.ROUTES,
    *obligations.ROUTES,
    *certification.ROUTES,
    *changes.ROUTES,
    *months.ROUTES,
    *feeds.ROUTES,
    *importing.ROUTES,
    *tasks.ROUTES,
    *handovers.ROUTES,
    *ledger.ROUTES,
    *ladders.ROUTES,
    *evidence.ROUTES,
    *packs.ROUTES,
    *requests.ROUTES,
    *auditors.ROUTES,
    *evidence_details.ROUTES,
    *retention.ROUTES,
    *saved_messages.ROUTES,
    *links.ROUTES,
    *machines.ROUTES,
    *desk_audits.ROUTES,
    *nonconformities.ROUTES,
    *reviews.ROUTES,
    *people.ROUTES,
    *home.ROUTES,
)
"""In the order in which the help lists their verbs."""

SUBJECTS: Subjects = {
    **people.SUBJECTS,
    **gap_analysis.SUBJECTS,
    **tasks.SUBJECTS,
    **handovers.SUBJECTS,
    **evidence.SUBJECTS,
    **requests.SUBJECTS,
    **auditors.SUBJECTS,
    **retention.SUBJECTS,
    **desk_audits.SUBJECTS,
    **nonconformities.SUBJECTS,
}
"""What the message of the day can tell of."""

COMPOSERS: Mapping[str, Composer] = nudges.composers(
    SUBJECTS,
    {
        **starting.COMPOSERS,
        **importing.COMPOSERS,
        **gap_analysis.COMPOSERS,
        **tasks.COMPOSERS,
        **handovers.COMPOSERS,
        **evidence.COMPOSERS,
        **pictures.COMPOSERS,
        **packs.COMPOSERS,
        **requests.COMPOSERS,
        **retention.COMPOSERS,
        **desk_audits.COMPOSERS,
        **nonconformities.COMPOSERS,
        **reviews.COMPOSERS,
        **people.COMPOSERS,
    },
)

TICKS: tuple[Tick, ...] = (
    certification_rules.tick,
    calendar_rules.tick,
    leaving_rules.tick,
    task_rules.tick,
    nudge_rules.tick,
    freshness_rules.tick,
    gap_rules.tick,
    nonconformity_rules.tick,
    review_rules.tick,
)
"""In this order: a task is written down before it opens, opens with whoever is there, and then somebody is nudged."""


async def take_up(house: House, workspace_id: str) -> None:
    """Learn who is reminded when, and go on with what an earlier run of the bot was doing when it ended."""
    await ladders.follow(house, workspace_id)
    await collecting.collect_what_is_left(house, workspace_id)
    await links.take_up(house, workspace_id)
    await importing.take_up(house, workspace_id)
    await packs.take_up(house, workspace_id)
    await retention.erase(house, workspace_id)


async def forget(house: House, workspace_id: str) -> None:
    """Drop, once a night, what was remembered or kept for a while only."""
    await saved_messages.forget(house, workspace_id)
    await packs.expire(house, workspace_id)
    await retention.erase(house, workspace_id)
