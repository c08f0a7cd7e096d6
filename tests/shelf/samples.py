"""Files as devices write them, small ones, each with a canary wherever a device may tell who made it and where."""

from __future__ import annotations

import io
import struct
import wave

from mutagen.ogg import OggPage
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

CANARY = "canary-Ana-51.5N"
_MARK = CANARY.encode()


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), *, orientation: int = 1) -> bytes:
    """Its left half is red; it tells its place, its maker, and has a profile and a comment."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = drawn.getexif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, CANARY, CANARY
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    more: dict[str, object] = {"exif": exif, "icc_profile": b"profile " + _MARK}
    if kind == "JPEG":
        more["comment"] = _MARK
    if kind == "WEBP":
        more["xmp"] = b"<x>" + _MARK + b"</x>"
    if kind == "PNG":
        said = PngImagePlugin.PngInfo()
        said.add_text("Author", CANARY)
        said.add_itxt("XML:com.adobe.xmp", CANARY)
        more["pnginfo"] = said
    if kind == "GIF":
        more = {"comment": _MARK}
    return _saved(drawn, kind, **more)


def see_through(kind: str = "PNG") -> bytes:
    return _saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), kind)


def moving() -> bytes:
    frames = [Image.new("P", (12, 12), colour) for colour in (1, 2, 3)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    """A few bytes that say they are a picture of 60,000 by 60,000 points."""
    made = bytearray(picture("PNG"))
    made[16:24] = struct.pack(">II", 60_000, 60_000)
    return bytes(made)


def _saved(drawn: Image.Image, kind: str, **more: object) -> bytes:
    written = io.BytesIO()
    drawn.save(written, kind, **more)
    return written.getvalue()


# --- sound ------------------------------------------------------------------------------------------------------------


def opus(seconds: int = 2, *, head: bytes = b"OpusHead") -> bytes:
    """Silence in Opus, in an Ogg stream, 20 milliseconds a packet."""
    first = OggPage()  # type: ignore[no-untyped-call]
    first.serial, first.first = 7, True
    first.packets = [head + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)]
    tags = OggPage()  # type: ignore[no-untyped-call]
    tags.serial, tags.sequence = 7, 1
    said = b"TITLE=" + _MARK
    tags.packets = [b"OpusTags" + _sized(_MARK) + struct.pack("<I", 1) + _sized(said)]
    pages = [first, tags]
    for second in range(seconds):
        page = OggPage()  # type: ignore[no-untyped-call]
        page.serial, page.sequence = 7, 2 + second
        page.packets = [b"\xf8\xff\xfe"] * 50
        page.position = 312 + 48_000 * (second + 1)
        page.last = second == seconds - 1
        pages.append(page)
    return b"".join(page.write() for page in pages)  # type: ignore[no-untyped-call]


def mp3(frames: int = 80) -> bytes:
    """Silence at 128 kbit/s and 44.1 kHz between an ID3v2 tag, an APE tag and an ID3v1 tag."""
    tag = b"TIT2" + struct.pack(">I", len(_MARK) + 1) + b"\0\0\0" + _MARK
    id3 = b"ID3\x03\0\0" + bytes((0, 0, 0, len(tag))) + tag
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return id3 + frame * frames + b"APETAGEX" + _MARK + b"TAG" + _MARK.ljust(125, b"\0")


def aac(frames: int = 50) -> bytes:
    """ADTS frames of 32 bytes at 44.1 kHz."""
    frame = b"\xff\xf1\x50\x80\x04\x1f\xfc" + bytes(25)
    return frame * frames


def wav(seconds: int = 1) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000 * seconds))
    return written.getvalue() + b"LIST" + _sized(b"INFOIART" + _MARK)


def m4a(*, handler: bytes = b"soun") -> bytes:
    """Three seconds in MP4 boxes, with a place, a title and the dates of making."""
    dates = struct.pack(">II", 3_800_000_001, 3_800_000_002)
    moov = _box(
        b"moov",
        _box(b"mvhd", bytes(4) + dates + struct.pack(">II", 1000, 3000) + bytes(80)),
        _box(
            b"trak",
            _box(b"tkhd", bytes(4) + dates + bytes(72)),
            _box(
                b"mdia",
                _box(b"mdhd", bytes(4) + dates + struct.pack(">II", 44_100, 132_300) + bytes(4)),
                _box(b"hdlr", bytes(8) + handler + bytes(12) + _MARK + b"\0"),
                _box(b"minf", _box(b"smhd", bytes(8)), _box(b"stbl", _box(b"stco", bytes(8)))),
            ),
        ),
        _box(b"udta", _box(b"\xa9xyz", _MARK), _box(b"meta", _MARK)),
    )
    return _box(b"ftyp", b"M4A \0\0\0\0") + moov + _box(b"uuid", _MARK) + _box(b"mdat", b"sound itself")


def webm(*, track_type: int = 2, doc_type: bytes = b"webm", at: bytes = b"\x0f\xa0") -> bytes:
    """As a browser records: a segment and a cluster without an end; with tags, and names of programs."""
    unknown = b"\x01" + b"\xff" * 7
    header = _element(0x1A45DFA3, _element(0x4282, doc_type))
    about = _element(0x1549A966, _element(0x2AD7B1, b"\x0f\x42\x40"), _element(0x4D80, _MARK), _element(0x7BA9, _MARK))
    track = _element(0xAE, _element(0xD7, b"\1"), _element(0x83, bytes((track_type,))), _element(0x536E, _MARK))
    tags = _element(0x1254C367, _element(0x7373, _MARK))
    cluster = b"\x1f\x43\xb6\x75" + unknown + _element(0xE7, at) + _element(0xA3, b"\x81\0\0\x80sound itself")
    return header + b"\x18\x53\x80\x67" + unknown + about + _element(0x1654AE6B, track) + tags + cluster


def _sized(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def _element(name: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (len(body) | 1 << 14).to_bytes(2, "big") + body


# --- documents --------------------------------------------------------------------------------------------------------


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    """Pages that show a photograph and do everything that a page should not."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): _photographs(writer)})
        page[NameObject("/Contents")] = writer._add_object(_stream(b"q 100 0 0 100 0 0 cm /A Do Q"))
        page[NameObject("/AA")] = _script()
        page[NameObject("/Metadata")] = writer._add_object(_stream(_MARK))
        page[NameObject("/Annots")] = ArrayObject([_mark("/Link", "/Launch"), _mark("/Widget", "/JavaScript")])
    writer.add_metadata({"/Author": CANARY})
    writer._root_object[NameObject("/OpenAction")] = _script()
    writer.add_attachment(f"{CANARY}.txt", _MARK)
    if password:
        writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _photographs(writer: PdfWriter) -> DictionaryObject:
    photograph = _stream(picture("JPEG"))
    photograph.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/Width"): FloatObject(40),
        NameObject("/Height"): FloatObject(20), NameObject("/Metadata"): writer._add_object(_stream(_MARK)),
    })  # fmt: skip
    return DictionaryObject({NameObject("/A"): writer._add_object(photograph)})


def _stream(content: bytes) -> StreamObject:
    made = StreamObject()
    made._data = content
    return made


def _script() -> DictionaryObject:
    return DictionaryObject({
        NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(CANARY),
    })  # fmt: skip


def _mark(kind: str, action: str) -> DictionaryObject:
    act = DictionaryObject({NameObject("/S"): NameObject(action), NameObject("/F"): TextStringObject(CANARY)})
    return DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(kind),
        NameObject("/Rect"): ArrayObject([FloatObject(each) for each in (0, 0, 9, 9)]), NameObject("/A"): act,
        NameObject("/T"): TextStringObject(CANARY),
    })  # fmt: skip


ALL = {
    "jpeg": picture("JPEG"), "png": picture("PNG"), "webp": picture("WEBP"), "gif": picture("GIF"), "opus": opus(),
    "mp3": mp3(), "aac": aac(), "wav": wav(), "m4a": m4a(), "webm": webm(), "pdf": pdf(),
    "text": b"Dear diary,\r\n\ttoday\x07 was long.\n",
}  # fmt: skip
