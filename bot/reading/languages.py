"""Languages by their names in English and in themselves: ISO 639-1 codes."""

from __future__ import annotations

import re

_NAMED = """
en: english, inglés, ingles, anglais, englisch, eng
es: spanish, español, espanol, castellano
fr: french, français, francais
de: german, deutsch
it: italian, italiano
pt: portuguese, português, portugues, brazilian portuguese
nl: dutch, nederlands, flemish
pl: polish, polski
ro: romanian, română, romana
cs: czech, čeština
sk: slovak
hu: hungarian, magyar
bg: bulgarian
el: greek, ελληνικά
hr: croatian, hrvatski
sr: serbian, srpski
sl: slovenian
sq: albanian, shqip
da: danish, dansk
sv: swedish, svenska
no: norwegian, norsk
fi: finnish, suomi
is: icelandic
et: estonian
lv: latvian
lt: lithuanian
uk: ukrainian, українська
ru: russian, русский
tr: turkish, türkçe, turkce
ar: arabic, العربية
he: hebrew, עברית
fa: persian, farsi, dari, فارسی
ku: kurdish
ur: urdu, اردو
hi: hindi, हिन्दी
bn: bengali, bangla
pa: punjabi, panjabi
gu: gujarati
ta: tamil
te: telugu
mr: marathi
ml: malayalam
ne: nepali
si: sinhala
zh: chinese, mandarin, cantonese, 中文
ja: japanese, 日本語
ko: korean, 한국어
vi: vietnamese
th: thai
id: indonesian, bahasa
ms: malay
tl: tagalog, filipino
sw: swahili, kiswahili
am: amharic
so: somali
yo: yoruba
ig: igbo
ha: hausa
zu: zulu
af: afrikaans
ga: irish, gaeilge
cy: welsh, cymraeg
ca: catalan, català
eu: basque
"""

_CODE_OF = {
    name.strip(): line.split(":", 1)[0]
    for line in _NAMED.strip().splitlines()
    for name in line.split(":", 1)[1].split(",")
}
_NAME_OF = {line.split(":", 1)[0]: line.split(":", 1)[1].split(",")[0].strip() for line in _NAMED.strip().splitlines()}
_PATTERN = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(n) for n in sorted(_CODE_OF, key=len, reverse=True)) + r")(?!\w)"
)
_NOT_THAT = re.compile(
    r"\b(?:not|don'?t (?:speak|know|understand)|can'?t (?:speak|do)|no|my|bad at)\s+(?:much |any |very good |good )?$"
)


def language(text: str, *, asked: bool) -> str | None:
    """The code of the language someone wants; None when none is named.

    `asked`: the bot has just asked, so that a bare code ("en") is one. The first one wanted counts.
    """
    words = " ".join(text.lower().split())
    found = [_CODE_OF[each[1]] for each in _PATTERN.finditer(words) if not _NOT_THAT.search(words[: each.start()])]
    if found:
        return found[0]
    bare = words.strip(" .!")
    return bare if asked and bare in _NAME_OF and bare not in {"no", "is", "so", "am", "it", "hi", "he"} else None


def language_name(code: str) -> str:
    """The language's English name, first letter upper case; the code itself when we don't know it."""
    known = _NAME_OF.get(code)
    return known.capitalize() if known else code
