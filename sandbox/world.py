"""Everything the sandbox consists of, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.delivery.deliveries import Deliveries
from sandbox.delivery.signed_http import SignedHttp
from sandbox.delivery.sockets import Sockets
from sandbox.files import Files
from sandbox.happenings import Bulletin
from sandbox.limits import Limits
from sandbox.live import Live
from sandbox.log import Log
from sandbox.manifest import Manifest
from sandbox.messages import Messages
from sandbox.present import Presenter
from sandbox.tokens import Tokens
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class World:
    """What Web API methods and people's acts work on."""

    base_url: Callable[[], str]
    manifest: Manifest
    tokens: Tokens
    bulletin: Bulletin
    clock: Clock
    workspace: Workspace
    messages: Messages
    files: Files
    views: Views
    presenter: Presenter
    triggers: Triggers
    responses: ResponseUrls
    limits: Limits
    log: Log
    sockets: Sockets
    http: SignedHttp
    deliveries: Deliveries
    live: Live
