"""What someone would like to be called."""

from __future__ import annotations

import re

MAX_LENGTH = 40

_INTRODUCED = re.compile(
    r"\b(?:you can |u can |just |pls |please )*(?:call me|"
    r"(?:my|the) name(?:'s|s| is| =)?(?: actually| its| it's| should be| to)?|i go by|i am called|"
    r"i'?m called|known as|it'?s|its|this is|i'?m|i am|im|everyone calls me|people call me|make (?:it|that)|name:)\s+"
    r"(?:actually |just |now )?(?P<name>[^,.!?;:\n]+)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:please|pls|plz|thanks|thank you|thx|btw|by the way|i guess|is fine|is ok|is okay|will do|works|"
    r"instead|here|not|"
    r"and|but|from|for|if|is good|lol|haha|x+|for now|for short)\b.*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:hi|hey|hello|hiya|um+|uh+|erm+|ok|okay|sure|yes|yeah|no|nah|nope|sorry|actually|well|oh|just|wait|"
    r"it'?s|like|maybe|"
    r"the name'?s|name is|a|my name is|nickname|call me)\b[\s,.:-]*",
    re.IGNORECASE,
)
_NEVER = """
a about afraid alive all alone already always am an and angry anxious anything are asking at bad because been
being bored broken but can cant confused crying depressed desperate doing done don't dont down drained dying
exhausted failing feel feeling fed fine from going gone good guess happy have having here home hopeless how
hungry hurt hurting i i'm idk if in im is it its just kind late like lonely looking lost low lying mad me meh
miserable my nervous new no nobody none not nothing numb of ok okay on out over overwhelmed panicking people
person probably ready really right sad scared scary serious sick single skip sleepy so sorry sort still
stressed struggling stuck sure talking terrible that the there they this tired to too trans trying typing
unable unsure up upset using very waiting wasn't what when where who why with wondering working worried
worthless writing yes yeah you your hi hey hello thanks help urgent anyone someone somebody anonymous private
secret whatever doesn't matter never can't gay bi lesbian queer pregnant divorced married unemployed female
male woman man girl boy student mum mom dad
"""
_NEVER_A_NAME = frozenset(_NEVER.split())
_WORD = re.compile(r"^[^\W\d_][\w'’.\-]*$")


def name(text: str, *, asked: bool) -> str | None:
    """The name, tidied and at most 40 characters; None when there is none to be found.

    `asked`: the bot has just asked for it, so that a bare "sam" is one.
    """
    introduced = list(_INTRODUCED.finditer(text))
    for found in reversed(introduced):
        if named := _tidy(found["name"]):
            return named
    if not asked or introduced:
        return None
    return _tidy(_LEAD.sub("", _LEAD.sub("", text.strip())))


def _tidy(raw: str) -> str | None:
    words = re.split(r"[,.!?;:\n]", _TAIL.sub("", raw.strip()))[0].strip(" \"'“”‘’()*-").split()
    if not 1 <= len(words) <= 3 or not all(_WORD.match(word) for word in words):
        return None
    if words[0].lower() in _NEVER_A_NAME or words[-1].lower() in _NEVER_A_NAME:
        return None
    shown = " ".join(word[0].upper() + word[1:] if word.islower() else word for word in words)
    return shown if len(shown) <= MAX_LENGTH else None
