"""A workspace in memory: what the app posted, changed and took back, and every way in which Slack can fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connectors.slack.calls import Me
from handoff.ports import DeliveryFailed

Json = dict[str, Any]

TEAM = "T1"
ME = Me(user="UAPP", bot="BAPP", team=TEAM)
QUEUE, LEADS = "CQUEUE", "CLEADS"
_SECONDS_OF_A_TS = 1_780_000_000


@dataclass(slots=True)
class _Fault:
    method: str
    failure: DeliveryFailed
    times: int
    after: bool


@dataclass(slots=True)
class File:
    id: str
    channel: str
    thread: str
    content: bytes = field(repr=False)


class Workspace:
    """Stands in for `Calls`. `made` are all calls in order, those that failed included."""

    def __init__(self) -> None:
        self.health = "ok"
        self.takes_time: Callable[[], None] = lambda: None
        self.made: list[tuple[str, Json]] = []
        self.messages: dict[str, list[Json]] = {QUEUE: [], LEADS: []}
        self.homes: dict[str, Json] = {}
        self.reactions: dict[tuple[str, str], list[str]] = {}
        self.files: list[File] = []
        self._faults: list[_Fault] = []
        self._count = itertools.count(1)
        self._does: dict[str, Callable[[Json], Json]] = {
            "conversations.open": self._open, "chat.postMessage": self._post, "chat.update": self._update,
            "chat.delete": self._delete, "files.delete": self._delete_file,
            "conversations.replies": self._replies, "conversations.history": self._history,
            "reactions.add": self._react, "reactions.remove": self._unreact, "views.publish": self._publish,
            "chat.getPermalink": self._link, "chat.postEphemeral": lambda _given: {},
        }  # fmt: skip

    # --- as `Calls` -------------------------------------------------------------------------------------------------

    async def call(self, method: str, **given: Any) -> Json:
        self.made.append((method, given))
        self.takes_time()
        fault = self._due(method)
        if fault is not None and not fault.after:
            raise fault.failure
        answer = self._does[method](given)
        if fault is not None:
            raise fault.failure
        return answer

    async def me(self) -> Me:
        return ME

    async def upload(self, channel: str, thread: str, content: bytes, *_named: str) -> None:
        self.made.append(("upload", {"channel": channel}))
        fault = self._due("upload")
        if fault is None or fault.after:
            file = File(f"F{len(self.files)}", channel, thread, content)
            self.files.append(file)
            self._add({"channel": channel, "thread_ts": thread, "files": [{"id": file.id}]}, ME.user)
        if fault is not None:
            raise fault.failure

    # --- what tests do ----------------------------------------------------------------------------------------------

    def fail(self, method: str, failure: DeliveryFailed, times: int = 1, *, after: bool = False) -> None:
        """The next calls fail; `after`: Slack did as asked, and its answer was lost."""
        self._faults.append(_Fault(method, failure, times, after))

    def person_writes(self, channel: str, thread: str, text: str, user: str = "USAM") -> str:
        """A message of somebody who is not the app; its ts."""
        return str(self._add({"channel": channel, "thread_ts": thread, "text": text}, user)["ts"])

    def mended(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    # --- what tests see ---------------------------------------------------------------------------------------------

    def top(self, channel: str) -> list[Json]:
        """What stands in a channel itself."""
        return [each for each in self.messages.get(channel, ()) if not each.get("thread_ts")]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """What stands below a message."""
        return [each for each in self.messages.get(channel, ()) if each.get("thread_ts") == ts]

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.made if name == method)

    # --- Slack's own part -------------------------------------------------------------------------------------------

    def _due(self, method: str) -> _Fault | None:
        for fault in self._faults:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def _open(self, given: Json) -> Json:
        channel = f"D{given['users']}"
        self.messages.setdefault(channel, [])
        return {"channel": {"id": channel}}

    def _post(self, given: Json) -> Json:
        if given["channel"] not in self.messages:
            raise DeliveryFailed("channel_not_found", hopeless=True)
        return self._add(given, ME.user)

    def _add(self, given: Json, user: str) -> Json:
        ts = f"{_SECONDS_OF_A_TS}.{next(self._count):06d}"
        kept = {key: given[key] for key in ("text", "blocks", "metadata", "thread_ts", "files") if given.get(key)}
        self.messages[given["channel"]].append({**kept, "ts": ts, "user": user})
        return {"channel": given["channel"], "ts": ts}

    def _found(self, channel: str, ts: str) -> Json:
        for each in self.messages.get(channel, ()):
            if each["ts"] == ts:
                return each
        raise DeliveryFailed("message_not_found", hopeless=True)

    def _update(self, given: Json) -> Json:
        message = self._found(given["channel"], given["ts"])
        message.update({key: given[key] for key in ("text", "blocks") if key in given})
        return {}

    def _delete(self, given: Json) -> Json:
        message = self._found(given["channel"], given["ts"])
        if message["user"] != ME.user:
            raise DeliveryFailed("cant_delete_message", hopeless=True)
        self.messages[given["channel"]].remove(message)
        return {}

    def _delete_file(self, given: Json) -> Json:
        self.files = [each for each in self.files if each.id != given["file"]]
        return {}

    def _replies(self, given: Json) -> Json:
        root = self._found(given["channel"], given["ts"])
        return {"messages": [dict(each) for each in (root, *self.thread(given["channel"], given["ts"]))]}

    def _history(self, given: Json) -> Json:
        return {"messages": [dict(each) for each in reversed(self.top(given["channel"]))]}

    def _react(self, given: Json) -> Json:
        given_before = self.reactions.setdefault((given["channel"], given["timestamp"]), [])
        if given["name"] in given_before:
            raise DeliveryFailed("already_reacted", hopeless=True)
        given_before.append(given["name"])
        return {}

    def _unreact(self, given: Json) -> Json:
        given_before = self.reactions.get((given["channel"], given["timestamp"]), [])
        if given["name"] not in given_before:
            raise DeliveryFailed("no_reaction", hopeless=True)
        given_before.remove(given["name"])
        return {}

    def _publish(self, given: Json) -> Json:
        self.homes[given["user_id"]] = given["view"]
        return {}

    def _link(self, given: Json) -> Json:
        return {"permalink": f"https://slack.example/{given['channel']}/{given['message_ts']}"}


def shown(message: Any) -> str:
    """Every text of a message, whatever block it stands in; its notification text is left out."""
    if isinstance(message, dict):
        return "\n".join(_texts(message.get("blocks", message)))
    return "\n".join(_texts(message))


def notifies(message: Json) -> str:
    """What somebody's phone shows of it."""
    return str(message.get("text", ""))


def buttons(message: Any) -> list[str]:
    """The `action_id` of everything that can be clicked."""
    if isinstance(message, list):
        return [found for each in message for found in buttons(each)]
    if not isinstance(message, dict):
        return []
    own = [message["action_id"]] if "action_id" in message else []
    return own + [found for value in message.values() for found in buttons(value)]


def _texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for each in part for found in _texts(each)]
    if not isinstance(part, dict):
        return []
    said = part.get("text")
    own = [said] if isinstance(said, str) else []
    return own + [found for value in part.values() for found in _texts(value)]
