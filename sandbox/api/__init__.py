"""The Web API: one small function per method, grouped by family, found in one table."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.api import auth, blocks, chat, conversations, files, oauth, people, reactions, views
from sandbox.api.method import Method

METHODS: Mapping[str, Method] = {
    **auth.METHODS,
    **blocks.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **oauth.METHODS,
    **people.METHODS,
    **reactions.METHODS,
    **views.METHODS,
}
