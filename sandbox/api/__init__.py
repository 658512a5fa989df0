"""The Web API: one small function per method, grouped by family, found in one table."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.api import (
    auth,
    blocks,
    channels,
    chat,
    conversations,
    dnd,
    files,
    history,
    membership,
    oauth,
    people,
    pins,
    reactions,
    scheduled,
    usergroups,
    views,
)
from sandbox.api.method import Method

METHODS: Mapping[str, Method] = {
    **auth.METHODS,
    **blocks.METHODS,
    **channels.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **dnd.METHODS,
    **files.METHODS,
    **history.METHODS,
    **membership.METHODS,
    **oauth.METHODS,
    **people.METHODS,
    **pins.METHODS,
    **reactions.METHODS,
    **scheduled.METHODS,
    **usergroups.METHODS,
    **views.METHODS,
}
