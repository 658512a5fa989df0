"""Whether the bot can write in a channel, asked before anybody relies on it."""

import structlog

from bot.slack.errors import ChannelGone, SlackError
from bot.slack.gateway import Gateway
from bot.slack.objects import SlackChannel
from workflows.programme.starting.steps import ChannelState

log = structlog.get_logger(__name__)


async def state_of(gateway: Gateway, channel_id: str | None) -> ChannelState:
    """What Slack says of a channel. Where it does not say, the lead's choice counts: the digest will tell."""
    if not channel_id:
        return ChannelState.UNKNOWN
    try:
        return _state(await gateway.channel(channel_id))
    except ChannelGone:
        return ChannelState.UNSEEN
    except SlackError as error:
        log.warning("a channel could not be looked at", channel=channel_id, error=str(error))
        return ChannelState.UNKNOWN


def _state(channel: SlackChannel) -> ChannelState:
    if channel.is_archived:
        return ChannelState.ARCHIVED
    return ChannelState.READY if channel.is_member else ChannelState.NOT_INVITED
