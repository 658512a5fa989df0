"""Everything the sandbox consists of, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.authorizations import Authorizations
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.delivery.deliveries import Deliveries
from sandbox.delivery.signed_http import SignedHttp
from sandbox.delivery.sockets import Sockets
from sandbox.event_bus import EventBus
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.installation import Installation
from sandbox.limits import Limits
from sandbox.live import Live
from sandbox.log import Log
from sandbox.manifest import Manifest
from sandbox.messages import Messages
from sandbox.present import Presenter
from sandbox.scheduled import Scheduled
from sandbox.tokens import Tokens
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class World:
    """One workspace: what Web API methods and people's acts work on. Clock, log and deliveries are those of all."""

    base_url: Callable[[], str]
    manifest: Manifest
    tokens: Tokens
    app: Installation
    company: Company
    bus: EventBus
    clock: Clock
    workspace: Workspace
    messages: Messages
    scheduled: Scheduled
    files: Files
    views: Views
    presenter: Presenter
    triggers: Triggers
    responses: ResponseUrls
    limits: Limits
    log: Log
    authorizations: Authorizations
    faults: Faults
    sockets: Sockets
    http: SignedHttp
    deliveries: Deliveries
    live: Live
