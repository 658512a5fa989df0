"""All tables together, for whoever needs the whole: migrations, and the test that holds them against the models."""

from sqlmodel import SQLModel

from storage import (
    calendar,
    desk_audits,
    evidence,
    frameworks,
    importing,
    inbox,
    machines,
    nonconformities,
    nudges,
    outbox,
    packs,
    people,
    probes,
    requests,
    retention,
    reviews,
    saved_messages,
    starting,
    tasks,
    trail,
)

ROOMS = (
    people,
    starting,
    frameworks,
    calendar,
    tasks,
    evidence,
    packs,
    requests,
    retention,
    saved_messages,
    machines,
    probes,
    desk_audits,
    nonconformities,
    reviews,
    importing,
    trail,
    inbox,
    outbox,
    nudges,
)
"""Every module that defines tables; importing it is what makes its tables known."""

METADATA = SQLModel.metadata
