"""Cleaning: what is seen, heard and read stays; what tells who made it, where and with what is gone."""

from __future__ import annotations

import io

import mutagen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from handoff.core.entries import AttachmentKind
from handoff.ports import FileRefused
from handoff.shelf.cleaned import Cleaned
from handoff.shelf.cleaning import clean
from handoff.shelf.pictures import LONGEST_SIDE
from tests.shelf import samples
from tests.shelf.samples import ALL, CANARY


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as refusal:
        clean(content)
    return refusal.value.code


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("name", ALL)
def test_nothing_tells_who_made_it_where_and_with_what(name: str) -> None:
    cleaned = clean(ALL[name])
    assert CANARY.encode() not in cleaned.content
    assert clean(cleaned.content).type == cleaned.type


@pytest.mark.parametrize(
    ("name", "media_type", "neutral", "kind"),
    [
        ("jpeg", "image/jpeg", "picture.jpg", AttachmentKind.IMAGE),
        ("png", "image/png", "picture.png", AttachmentKind.IMAGE),
        ("webp", "image/webp", "picture.webp", AttachmentKind.IMAGE),
        ("gif", "image/png", "picture.png", AttachmentKind.IMAGE),
        ("opus", "audio/ogg", "voice.ogg", AttachmentKind.VOICE),
        ("mp3", "audio/mpeg", "voice.mp3", AttachmentKind.VOICE),
        ("aac", "audio/aac", "voice.aac", AttachmentKind.VOICE),
        ("wav", "audio/wav", "voice.wav", AttachmentKind.VOICE),
        ("m4a", "audio/mp4", "voice.m4a", AttachmentKind.VOICE),
        ("webm", "audio/webm", "voice.webm", AttachmentKind.VOICE),
        ("pdf", "application/pdf", "document.pdf", AttachmentKind.DOCUMENT),
        ("text", "text/plain; charset=utf-8", "text.txt", AttachmentKind.DOCUMENT),
    ],
)
def test_what_a_file_is_its_bytes_say(name: str, media_type: str, neutral: str, kind: AttachmentKind) -> None:
    cleaned = clean(ALL[name])
    assert (cleaned.type, cleaned.name, cleaned.kind) == (media_type, neutral, kind)


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_the_same_to_look_at(kind: str) -> None:
    shown = seen(clean(samples.picture(kind)).content)
    assert shown.size == (40, 20)
    assert shown.getpixel((5, 10))[0] > 200 > 60 > shown.getpixel((35, 10))[0]  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_has_no_exif_profile_or_place_left(kind: str) -> None:
    with Image.open(io.BytesIO(clean(samples.picture(kind)).content)) as picture:
        assert dict(picture.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment", "Author"} & set(picture.info)


def test_a_picture_that_was_taken_sideways_stands_upright() -> None:
    shown = seen(clean(samples.picture("JPEG", orientation=6)).content)
    assert shown.size == (20, 40)
    assert shown.getpixel((10, 5))[0] > 200  # type: ignore[index]


def test_a_large_picture_becomes_smaller() -> None:
    shown = seen(clean(samples.picture("JPEG", (4000, 1000))).content)
    assert shown.size == (LONGEST_SIDE, LONGEST_SIDE // 4)


def test_what_can_be_seen_through_stays_so() -> None:
    with Image.open(io.BytesIO(clean(samples.see_through()).content)) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((1, 1)) == (0, 0, 0, 0)


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    with Image.open(io.BytesIO(clean(samples.moving()).content)) as picture:
        assert picture.size == (12, 12)
        assert getattr(picture, "n_frames", 1) == 1


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused() -> None:
    assert refused(samples.bomb()) in ("too_large", "broken")


# --- sound ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "seconds"), [("opus", 2), ("mp3", 2), ("aac", 1), ("wav", 1), ("m4a", 3), ("webm", 4)]
)
def test_how_long_it_plays_is_read_from_the_sound(name: str, seconds: int) -> None:
    assert round(clean(ALL[name]).seconds or 0) == seconds


@pytest.mark.parametrize(("name", "seconds"), [("opus", 2.0), ("mp3", 2.09), ("wav", 1.0)])
def test_another_reader_finds_the_sound_and_no_tags(name: str, seconds: float) -> None:
    found = mutagen.File(io.BytesIO(clean(ALL[name]).content))
    assert not found.tags
    assert found.info.length == pytest.approx(seconds, abs=0.05)


@pytest.mark.parametrize("name", ["m4a", "webm"])
def test_what_is_heard_stays_where_it_was(name: str) -> None:
    cleaned = clean(ALL[name])
    assert len(cleaned.content) == len(ALL[name])
    assert cleaned.content.index(b"sound itself") == ALL[name].index(b"sound itself")


@pytest.mark.parametrize(
    "film",
    [
        samples.m4a(handler=b"vide"),
        samples.webm(track_type=1),
        samples.webm(doc_type=b"matroska"),
        samples.opus(head=b"theora!!"),
    ],
    ids=["mp4", "webm", "mka", "ogv"],
)
def test_a_film_is_no_sound(film: bytes) -> None:
    assert refused(film) == "kind"


def test_of_a_recording_that_was_cut_off_what_is_whole_is_kept() -> None:
    assert round(clean(samples.opus(3)[:-20]).seconds or 0) == 2
    assert refused(samples.opus(1)[:-20]) == "broken"


def test_dates_of_making_are_gone_from_a_recording() -> None:
    assert (3_800_000_001).to_bytes(4, "big") not in clean(ALL["m4a"]).content


# --- documents --------------------------------------------------------------------------------------------------------


def test_a_document_does_nothing_by_itself_and_names_nobody() -> None:
    cleaned = clean(samples.pdf(pages=2))
    reader = PdfReader(io.BytesIO(cleaned.content))
    assert len(reader.pages) == 2
    assert not reader.metadata
    assert not reader.attachments
    for forbidden in (b"/JavaScript", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/Metadata", b"Exif"):
        assert forbidden not in cleaned.content


def test_a_document_shows_what_it_showed() -> None:
    page = PdfReader(io.BytesIO(clean(samples.pdf()).content)).pages[0]
    assert page.get_contents().get_data() == b"q 100 0 0 100 0 0 cm /A Do Q"  # type: ignore[union-attr]
    drawn = page["/Resources"]["/XObject"]["/A"].get_object()  # type: ignore[index]
    assert seen(drawn._data).size == (40, 20)


def test_a_document_behind_a_password_is_refused() -> None:
    assert refused(samples.pdf(password="secret")) == "broken"


def test_text_loses_what_steers_and_keeps_every_word() -> None:
    assert clean(ALL["text"]).content.decode() == "Dear diary,\n\ttoday was long.\n"
    assert clean("\ufeffgrüße ❤".encode()).content.decode() == "grüße ❤"


# --- everything else --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "broken"),
        (b"   \n", "broken"),
        (b"MZ\x90\0\3\0\0\0", "kind"),
        (b"PK\3\4\x14\0\6\0\x08\0", "kind"),
        (b"\x7fELF\2\1\1\0", "kind"),
        ("words in sixteen bits".encode("utf-16"), "kind"),
        (b"%PDF-1.7 and then nothing", "broken"),
        (b"\xff\xd8\xff\xe0 and then nothing", "broken"),
    ],
)
def test_anything_else_is_refused_by_name(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_page_of_markup_is_text_and_nothing_more() -> None:
    assert clean(b"<script>alert(1)</script>").type == "text/plain; charset=utf-8"


def taken_or_refused(content: bytes) -> Cleaned | str:
    try:
        return clean(content)
    except FileRefused as refusal:
        return refusal.code


@given(start=st.sampled_from([each[:12] for each in ALL.values()] + [b""]), rest=st.binary(max_size=400))
@settings(deadline=None, max_examples=300)
def test_random_bytes_are_cleaned_or_refused_and_nothing_else(start: bytes, rest: bytes) -> None:
    assert taken_or_refused(start + rest)


@given(name=st.sampled_from(sorted(ALL)), kept=st.floats(0, 1))
@settings(deadline=None, max_examples=200)
def test_half_a_file_is_cleaned_or_refused_and_nothing_else(name: str, kept: float) -> None:
    outcome = taken_or_refused(ALL[name][: int(len(ALL[name]) * kept)])
    assert isinstance(outcome, str) or CANARY.encode() not in outcome.content


@given(name=st.sampled_from(sorted(ALL)), where=st.floats(0, 1), what=st.binary(min_size=1, max_size=8))
@settings(deadline=None, max_examples=300)
def test_a_damaged_file_is_cleaned_or_refused_and_nothing_else(name: str, where: float, what: bytes) -> None:
    at = int(len(ALL[name]) * where)
    assert taken_or_refused(ALL[name][:at] + what + ALL[name][at + len(what) :])
