"""What a supporter may read of what was said before they came."""

from __future__ import annotations

from handoff.core.conversation import Conversation
from handoff.core.entries import Entry, EntryKind


def is_withheld(line: Entry, conversation: Conversation) -> bool:
    """The seeker's alone; or said to the bot by somebody who did not want it shared, unless safety hangs on it."""
    if line.private:
        return True
    if conversation.intake.share is not False or conversation.waiting_since is None:
        return False
    told_for_safety = {reason.seq for reason in conversation.reasons}
    return line.at < conversation.waiting_since and line.seq not in told_for_safety and line.kind is not EntryKind.CARD
