"""From what came on the wire to a frame, or to the reason why it is none."""

from __future__ import annotations

import msgspec

from connectors.console.deeds import (
    Accept,
    Block,
    Close,
    Decline,
    Edit,
    Escalate,
    Flag,
    Join,
    Look,
    Lower,
    Note,
    Pause,
    Raise,
    Release,
    ReportSeeker,
    Reviewed,
    Say,
    SendResource,
    SetPresence,
    TakeOver,
    Transfer,
    Unblock,
    Unsay,
)
from connectors.console.frames import (
    Acknowledge,
    ConcernNote,
    Concerns,
    Hello,
    Ping,
    Read,
    ReportClose,
    ReportNote,
    ReportOpen,
    Reports,
    Reviews,
    Search,
    Typing,
    Unlook,
    clean,
)
from handoff.core.outcomes import OUTCOMES

AnyFrame = (
    Hello | Ping | Read | Typing | Unlook | Search | Acknowledge | SetPresence | Accept | Decline | Say | Note
    | SendResource | Edit | Unsay | Pause | Release | Transfer | TakeOver | Escalate | Raise | Lower | Look | Join
    | Close | Flag | Reviewed | Reviews | Concerns | ConcernNote
    | ReportSeeker | Block | Unblock | Reports | ReportOpen | ReportNote | ReportClose
)  # fmt: skip


class _Envelope(msgspec.Struct, frozen=True):
    type: object = None
    id: object = None


_FRAME: msgspec.json.Decoder[AnyFrame] = msgspec.json.Decoder(AnyFrame)
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_TYPES = frozenset(
    kind.__struct_config__.tag for kind in AnyFrame.__args__ if isinstance(kind.__struct_config__.tag, str)
)


class BadFrame(Exception):
    """A frame that cannot be taken. `code` is a refusal code; `id` is the page's own where it could be read."""

    def __init__(self, code: str, frame_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.id = frame_id


def parse(raw: str, message_limit: int) -> AnyFrame:
    """One frame as it came. Raises `BadFrame`."""
    try:
        envelope = _ENVELOPE.decode(raw)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise BadFrame("bad_frame") from None
    frame_id = envelope.id if isinstance(envelope.id, str) and len(envelope.id) <= 64 else None
    if not isinstance(envelope.type, str) or envelope.type not in _TYPES:
        raise BadFrame("unknown_type", frame_id)
    try:
        frame = _FRAME.decode(raw)
    except msgspec.ValidationError as wrong:
        raise BadFrame("bad_id" if str(wrong).endswith("`$.id`") else "bad_field", frame_id) from None
    except (msgspec.DecodeError, RecursionError):
        raise BadFrame("bad_frame", frame_id) from None
    _check_words(frame, message_limit)
    return frame


def _check_words(frame: AnyFrame, message_limit: int) -> None:
    if isinstance(frame, Say | Note | Edit):
        if not clean(frame.text):
            raise BadFrame("empty", frame.id)
        if len(frame.text) > message_limit:
            raise BadFrame("too_long", frame.id)
    if isinstance(frame, Close) and frame.outcome not in OUTCOMES:
        raise BadFrame("bad_outcome", frame.id)
