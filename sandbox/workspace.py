"""People and conversations of the workspace: who is there, who may see what, what is unread."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sandbox.clock import Clock
from sandbox.company import Channel, Company
from sandbox.event_bus import (
    ChannelArchived,
    ChannelCreated,
    ChannelRenamed,
    ConversationChanged,
    EventBus,
    MemberJoined,
    MemberLeft,
    PersonChanged,
)
from sandbox.installation import Installation
from sandbox.manifest import Manifest
from sandbox.messages import Messages
from sandbox.people import (
    SLACKBOT,
    app_account,
    employee_account,
    other_bot_account,
    shown_account,
    slackbot_account,
)
from sandbox.refusal import Refusal
from sandbox.store import Json, Store

# The scope families of Slack's conversation methods, by kind of conversation.
SCOPE_PREFIX = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


class Workspace:
    """The durable state of the workspace, without files and views."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        bus: EventBus,
        messages: Messages,
        app: Installation,
        base_url: Callable[[], str],
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._people = store.shelf("person")
        self._conversations = store.shelf("conversation")
        self._read = store.shelf("read")
        self._team = store.shelf("team")
        self._app = app
        self._base_url = base_url
        self.messages = messages

    def settle(self, company: Company, manifest: Manifest) -> None:
        """Move the company in: what is there from an earlier run stays as it is, the app takes the manifest's name."""
        now = self._clock.seconds()
        self._team["team"] = {"id": company.team_id, "name": company.name, "domain": company.domain}
        for number, employee in enumerate(company.people):
            account = employee_account(employee, company, number, now)
            # What an administrator changed since must outlive a restart.
            self._people[employee.id] = account | self._people.get(employee.id, {})
        for bot in company.bots:
            self._people.setdefault(bot.id, other_bot_account(bot, company.team_id))
        self._people.setdefault(SLACKBOT, slackbot_account(company.team_id))
        for channel in company.channels:
            self._conversations.setdefault(channel.id, self._channel_object(channel, now))
        if self._app.installed:
            self.admit_app(manifest.bot_name)

    @property
    def team(self) -> Json:
        """Id, name and domain of the workspace."""
        return self._team["team"]

    # People

    def ids(self) -> list[str]:
        """The id of every account."""
        return list(self._people)

    def has(self, user: str) -> bool:
        return user in self._people

    def people(self) -> list[Json]:
        """Every account, as Slack shows it at this moment."""
        return [self._shown(account) for account in self._people.values()]

    def person(self, user: str) -> Json:
        """One account. Refuses: user_not_found."""
        if user not in self._people:
            raise Refusal("user_not_found", f"There is no person {user} in this workspace.")
        return self._shown(self._people[user])

    def is_person(self, account: Json) -> bool:
        """Whether an account is somebody's, and no bot's."""
        return not account["is_bot"] and account["id"] != SLACKBOT

    def employee(self, user: str) -> Json:
        """Somebody who can use the client: a person, not deactivated. Refuses: user_not_found, account_inactive."""
        account = self.person(user)
        if not self.is_person(account):
            raise Refusal("user_not_found", f"{user} is not a person.")
        if account["deleted"]:
            raise Refusal("account_inactive", f"The account of {account['profile']['real_name']} is deactivated.")
        return account

    def change_person(self, account: Json) -> None:
        """An administrator adds an account or changes one (name, zone, deactivation)."""
        is_new = account["id"] not in self._people
        self._people[account["id"]] = account | {"updated": self._clock.seconds()}
        self._bus.announce(PersonChanged(account["id"], is_new))

    def deactivate(self, user: str) -> None:
        """An administrator ends an account: it has left every channel, and its direct messages stay."""
        self._leave_all(user)
        self.change_person(self._people[user] | {"deleted": True})

    def reactivate(self, user: str) -> None:
        """Give a person back what the account had, except the channels."""
        self.change_person(self._people[user] | {"deleted": False})

    def admit_app(self, name: str) -> None:
        """The app has, or has again, an account here under the manifest's name."""
        account = app_account(self._app, name, self.team["id"], self._clock.seconds())
        self._people[self._app.user] = account

    def dismiss_app(self) -> None:
        """The app was removed: its account is deactivated and has left every channel (what it said stays)."""
        account = self._people[self._app.user]
        self._people[self._app.user] = account | {"deleted": True, "updated": self._clock.seconds()}
        self._leave_all(self._app.user)

    def _shown(self, account: Json) -> Json:
        return shown_account(account, self._clock.now(), self._base_url())

    def _leave_all(self, user: str) -> None:
        """Nobody is told of it: whoever hears that an account has ended knows."""
        for channel, conversation in self._conversations.items():
            if not conversation.get("is_im"):
                stay = [member for member in conversation["members"] if member != user]
                self._conversations[channel] = conversation | {"members": stay}

    # Conversations

    def conversations(self) -> list[Json]:
        return list(self._conversations.values())

    def conversation(self, channel: str) -> Json:
        """One conversation. Refuses: channel_not_found."""
        if channel not in self._conversations:
            raise Refusal("channel_not_found", f"There is no conversation {channel}.")
        return self._conversations[channel]

    def conversation_named(self, name: str) -> Json | None:
        return next((one for one in self.conversations() if one.get("name") == name), None)

    def direct(self, user: str) -> Json:
        """The DM of a person and the app, opened on demand (also with a deactivated account, as in Slack)."""
        self.person(user)
        channel = f"D{user[1:]}"
        if channel not in self._conversations:
            self._conversations[channel] = {
                "id": channel,
                "created": self._clock.seconds(),
                "is_im": True,
                "is_archived": False,
                "user": user,
                "members": [user, self._app.user],
            }
            self._bus.announce(ConversationChanged(user, channel))
        return self._conversations[channel]

    def join(self, user: str, channel: str, inviter: str = "") -> bool:
        """Become a member; False if one was already."""
        conversation = self.conversation(channel)
        if user in conversation["members"]:
            return False
        self._conversations[channel] = conversation | {"members": [*conversation["members"], user]}
        self._bus.announce(MemberJoined(user, channel, inviter))
        return True

    def leave(self, user: str, channel: str) -> bool:
        """Be a member no more; False if one was none."""
        conversation = self.conversation(channel)
        if user not in conversation["members"]:
            return False
        stay = [member for member in conversation["members"] if member != user]
        self._conversations[channel] = conversation | {"members": stay}
        self._bus.announce(MemberLeft(user, channel))
        return True

    def create(self, name: str, creator: str, *, private: bool) -> Json:
        """A new channel with its creator in it. Refuses: name_taken."""
        self._need_free(name)
        channel = Channel(id=f"C0{secrets.token_hex(4).upper()}", name=name, members=(creator,), private=private)
        self._conversations[channel.id] = self._channel_object(channel, self._clock.seconds())
        self._bus.announce(ChannelCreated(channel.id))
        self._bus.announce(MemberJoined(creator, channel.id))
        return self._conversations[channel.id]

    def rename(self, channel: str, name: str) -> None:
        """Refuses: name_taken."""
        conversation = self.conversation(channel)
        if name != conversation["name"]:
            self._need_free(name)
            previous = [conversation["name"], *conversation.get("previous_names", ())]
            renamed = {"name": name, "name_normalized": name, "previous_names": previous}
            self._conversations[channel] = conversation | renamed
            self._bus.announce(ChannelRenamed(channel))

    def describe(self, channel: str, what: str, value: str, by: str) -> None:
        """Set the `topic` or the `purpose` of a channel."""
        said = {"value": value, "creator": by, "last_set": self._clock.seconds()}
        self._conversations[channel] = self.conversation(channel) | {what: said}
        for member in self._conversations[channel]["members"]:
            self._bus.announce(ConversationChanged(member, channel))

    def archive(self, channel: str, by: str) -> None:
        """Close a channel for good: it can be read and not written any more."""
        self._conversations[channel] = self.conversation(channel) | {"is_archived": True}
        self._bus.announce(ChannelArchived(channel, by))

    def visible(self, user: str, channel: str) -> Json:
        """A conversation a person may look into. Refuses: channel_not_found."""
        if channel == f"D{user[1:]}":
            return self.direct(user)
        conversation = self.conversation(channel)
        if not self.may_look(user, conversation):
            raise Refusal("channel_not_found", f"There is no conversation {channel}.")
        return conversation

    def may_look(self, user: str, conversation: Json) -> bool:
        """Members may; so may everybody where it is public, except guests."""
        is_guest = self.person(user).get("is_restricted", False)
        return user in conversation["members"] or (kind_of(conversation) == "public_channel" and not is_guest)

    def writable(self, user: str, channel: str) -> Json:
        """A conversation a person may post in. Refuses: channel_not_found, not_in_channel, is_archived."""
        conversation = self.visible(user, channel)
        if user not in conversation["members"]:
            raise Refusal("not_in_channel", "Only members of a channel can post in it.")
        if conversation["is_archived"]:
            raise Refusal("is_archived", "This channel is archived.")
        return conversation

    def _need_free(self, name: str) -> None:
        if self.conversation_named(name):
            raise Refusal("name_taken", f"There is a channel #{name} already.")

    # Reading

    def unread(self, user: str, channel: str) -> int:
        """How many messages of others a person has not seen, thread replies not counted, as Slack counts."""
        since = self._read.get(f"{user}:{channel}", {}).get("ts", "0")
        return sum(
            1
            for message in self.messages.since(channel, since)
            if message["user"] != user and message.get("thread_ts") in (None, message["ts"])
        )

    def mark_read(self, user: str, channel: str) -> None:
        last = self.messages.last_ts(channel)
        if last and self._read.get(f"{user}:{channel}", {}).get("ts") != last:
            self._read[f"{user}:{channel}"] = {"ts": last}
            self._bus.announce(ConversationChanged(user, channel))

    def _channel_object(self, channel: Channel, created: int) -> Json:
        members = list(channel.members)
        if channel.app and self._app.installed:
            members.append(self._app.user)
        return {
            "id": channel.id,
            "name": channel.name,
            "name_normalized": channel.name,
            "created": created,
            "creator": channel.members[0] if channel.members else SLACKBOT,
            "is_channel": not channel.private,
            "is_group": channel.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": channel.private,
            "is_archived": channel.archived,
            "is_general": channel.name == "general",
            "topic": {"value": channel.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "members": members,
        }


def kind_of(conversation: Json) -> str:
    """Slack's word for the kind of a conversation, as in the `types` argument."""
    if conversation.get("is_im"):
        return "im"
    return "private_channel" if conversation["is_private"] else "public_channel"
