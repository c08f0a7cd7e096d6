"""Files: a voice note, a picture or a document takes the place of words, or comes with them."""

from __future__ import annotations

from dataclasses import asdict

from handoff.core.draft import Draft
from handoff.core.entries import Attachment, AttachmentKind, EntryKind, Speaker


def say(
    draft: Draft,
    speaker: Speaker,
    text: str,
    attachment: Attachment | None,
    *,
    name: str = "",
    refers: str = "",
    answers: int = 0,
    private: bool = False,
) -> None:
    """Words, or a file with its words, into the feed."""
    kind = EntryKind.TEXT if attachment is None else EntryKind.FILE
    body = None if attachment is None else asdict(attachment)
    draft.say(speaker, text, kind=kind, name=name, body=body, refers=refers, answers=answers, private=private)


def kept_for_a_person(draft: Draft, attachment: Attachment) -> None:
    """The bot can neither hear nor see: it says so, asks for words, and offers a person, who can."""
    key = "cannot_hear" if attachment.kind is AttachmentKind.VOICE else "cannot_see"
    draft.notice(key, "person", "urgent")
