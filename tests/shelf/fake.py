"""A shelf in memory that keeps to the port: it looks at first bytes alone, and cleans nothing."""

from __future__ import annotations

from handoff.core.entries import Attachment, AttachmentKind
from handoff.ports import FileGone, FileRefused, RecordsDown, ShelvedFile

_KINDS = (
    (b"\xff\xd8\xff", AttachmentKind.IMAGE, "image/jpeg", "picture.jpg"),
    (b"\x89PNG", AttachmentKind.IMAGE, "image/png", "picture.png"),
    (b"OggS", AttachmentKind.VOICE, "audio/ogg", "voice.ogg"),
    (b"%PDF-", AttachmentKind.DOCUMENT, "application/pdf", "document.pdf"),
)


class FakeShelf:
    """`files` by id, `conversations` by file; `down` while the database does not answer."""

    def __init__(self, limit: int = 10_000_000) -> None:
        self.limit = limit
        self.files: dict[str, ShelvedFile] = {}
        self.conversations: dict[str, str] = {}
        self.down = False

    async def put(self, content: bytes, *, conversation: str, seconds: int | None = None) -> Attachment:
        self._up()
        if len(content) > self.limit:
            raise FileRefused("too_large")
        found = next((each for each in _KINDS if content.startswith(each[0])), None)
        if found is None:
            raise FileRefused("kind")
        _, kind, media_type, name = found
        file = f"{len(self.files):032x}"
        attachment = Attachment(file=file, kind=kind, type=media_type, name=name, size=len(content), seconds=seconds)
        self.files[file] = ShelvedFile(attachment=attachment, content=content)
        self.conversations[file] = conversation
        return attachment

    async def get(self, file: str) -> ShelvedFile:
        self._up()
        if file not in self.files:
            raise FileGone
        return self.files[file]

    def _up(self) -> None:
        if self.down:
            raise RecordsDown("down")
