"""What is typed as a command, on every channel: nobody's words, whatever a screen or a supporter would make of them."""

from __future__ import annotations

from handoff.core.events import SeekerTapped, SeekerWrote, SupporterReported
from handoff.core.moves import another, forgetting, planning, reporting

_COMMANDS = {each.COMMAND: each.PAYLOAD for each in (planning, forgetting, another)}


def asked_for(words: SeekerWrote) -> SeekerTapped | SupporterReported | None:
    """What these words ask for; None when they are words, as everything is that comes with a file.

    A report is for leads alone: what stands behind the command must not be read by the supporter it is about.
    """
    if words.attachment is not None:
        return None
    if payload := _COMMANDS.get(words.text.strip().lower()):
        return _as_tap(words, payload)
    if (report := reporting.typed(words.text)) is not None:
        return SupporterReported(
            id=words.id, seeker=words.seeker, language=words.language, country=words.country, reason="other",
            words=report,
        )  # fmt: skip
    return None


def as_words(tap: SeekerTapped) -> SeekerWrote:
    """A label that no button of ours has."""
    return SeekerWrote(
        id=tap.id, seeker=tap.seeker, language=tap.language, country=tap.country, text=tap.label, refers=tap.refers
    )


def _as_tap(words: SeekerWrote, payload: str) -> SeekerTapped:
    return SeekerTapped(
        id=words.id, seeker=words.seeker, language=words.language, country=words.country, payload=payload,
        label=words.text, refers=words.refers,
    )  # fmt: skip
