"""Every room at the edge in one place: what they answer to, what they say by themselves, and what the clock does."""

from collections.abc import Mapping

from bot.desk_audits import composers as desk_audit_composers
from bot.desk_audits import handlers as desk_audit_handlers
from bot.evidence import collecting, details, links, pictures, retention, saved_messages
from bot.evidence import composers as evidence_composers
from bot.evidence import handlers as evidence_handlers
from bot.frameworks import applicability, gap_analysis
from bot.frameworks import handlers as framework_handlers
from bot.heartbeat import Tick
from bot.home import handlers as home_handlers
from bot.importing import composers as importing_composers
from bot.importing import handlers as importing_handlers
from bot.importing import running as importing_running
from bot.machines import keys as machine_keys
from bot.nonconformities import composers as nonconformity_composers
from bot.nonconformities import handlers as nonconformity_handlers
from bot.nudges import day as nudge_day
from bot.nudges import ladders, ledger
from bot.nudges.day import Subjects
from bot.packs import auditors, requests
from bot.packs import composers as pack_composers
from bot.packs import handlers as pack_handlers
from bot.packs import making as pack_making
from bot.people import composers as people_composers
from bot.people import handlers as people_handlers
from bot.programme import certification, changes, feeds, months, obligations, starting
from bot.programme import settings as programme_settings
from bot.reviews import composers as review_composers
from bot.reviews import handlers as review_handlers
from bot.services import House
from bot.slack.calls import Composer
from bot.slack.routes import AnyRoute
from bot.tasks import composers as task_composers
from bot.tasks import handlers as task_handlers
from bot.tasks import handovers
from workflows.evidence import freshness as freshness_rules
from workflows.frameworks import gap_analysis as gap_rules
from workflows.nonconformities import commands as nonconformity_rules
from workflows.nudges import commands as nudge_commands
from workflows.people import leaving as leaving_rules
from workflows.programme import calendar as calendar_rules
from workflows.programme import certification as certification_rules
from workflows.reviews import commands as review_commands
from workflows.tasks import commands as task_commands

ROUTES: tuple[AnyRoute, ...] = (
    *programme_settings.ROUTES,
    *starting.ROUTES,
    *framework_handlers.ROUTES,
    *applicability.ROUTES,
    *gap_analysis.ROUTES,
    *obligations.ROUTES,
    *certification.ROUTES,
    *changes.ROUTES,
    *months.ROUTES,
    *feeds.ROUTES,
    *importing_handlers.ROUTES,
    *task_handlers.ROUTES,
    *handovers.ROUTES,
    *ledger.ROUTES,
    *ladders.ROUTES,
    *evidence_handlers.ROUTES,
    *pack_handlers.ROUTES,
    *requests.ROUTES,
    *auditors.ROUTES,
    *details.ROUTES,
    *retention.ROUTES,
    *saved_messages.ROUTES,
    *links.ROUTES,
    *machine_keys.ROUTES,
    *desk_audit_handlers.ROUTES,
    *nonconformity_handlers.ROUTES,
    *review_handlers.ROUTES,
    *people_handlers.ROUTES,
    *home_handlers.ROUTES,
)
"""In the order in which the help lists their verbs."""

SUBJECTS: Subjects = {
    **people_composers.SUBJECTS,
    **gap_analysis.SUBJECTS,
    **task_composers.SUBJECTS,
    **handovers.SUBJECTS,
    **evidence_composers.SUBJECTS,
    **requests.SUBJECTS,
    **auditors.SUBJECTS,
    **retention.SUBJECTS,
    **desk_audit_composers.SUBJECTS,
    **nonconformity_composers.SUBJECTS,
}
"""What the message of the day can tell of."""

COMPOSERS: Mapping[str, Composer] = nudge_day.composers(
    SUBJECTS,
    {
        **starting.COMPOSERS,
        **importing_composers.COMPOSERS,
        **gap_analysis.COMPOSERS,
        **task_composers.COMPOSERS,
        **handovers.COMPOSERS,
        **evidence_composers.COMPOSERS,
        **pictures.COMPOSERS,
        **pack_composers.COMPOSERS,
        **requests.COMPOSERS,
        **retention.COMPOSERS,
        **desk_audit_composers.COMPOSERS,
        **nonconformity_composers.COMPOSERS,
        **review_composers.COMPOSERS,
        **people_composers.COMPOSERS,
    },
)

TICKS: tuple[Tick, ...] = (
    certification_rules.tick,
    calendar_rules.tick,
    leaving_rules.tick,
    task_commands.tick,
    nudge_commands.tick,
    freshness_rules.tick,
    gap_rules.tick,
    nonconformity_rules.tick,
    review_commands.tick,
)
"""In this order: a task is written down before it opens, opens with whoever is there, and then somebody is nudged."""


async def take_up(house: House, workspace_id: str) -> None:
    """Learn who is reminded when, and go on with what an earlier run of the bot was doing when it ended."""
    await ladders.follow(house, workspace_id)
    await collecting.collect_what_is_left(house, workspace_id)
    await links.take_up(house, workspace_id)
    await importing_running.take_up(house, workspace_id)
    await pack_making.take_up(house, workspace_id)
    await retention.erase(house, workspace_id)


async def forget(house: House, workspace_id: str) -> None:
    """Drop, once a night, what was remembered or kept for a while only."""
    await saved_messages.forget(house, workspace_id)
    await pack_making.expire(house, workspace_id)
    await retention.erase(house, workspace_id)
