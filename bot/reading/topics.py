"""What brings someone here, out of their own words: codes of the shared topic list, several at once."""

from __future__ import annotations

import re

TITLES = {
    "anxiety": "Anxiety or panic",
    "low_mood": "Low mood",
    "stress": "Stress",
    "loneliness": "Loneliness",
    "grief": "Grief",
    "relationships": "Relationships",
    "family": "Family",
    "work_study": "Work or study",
    "caring": "Caring for someone",
    "long_term_illness": "Long-term illness",
    "identity": "Identity",
    "abuse": "Abuse",
    "self_harm": "Self-harm",
    "substance_use": "Alcohol or drugs",
    "unusual_experiences": "Unusual experiences",
    "other": "Something else",
}

_PATTERNS = {
    "anxiety": r"anxi\w*|anx\b|panic\w*|worr(y|ies|ied|ying)\b|nervous\w*|on edge|phobia\w*|"
    r"can'?t breathe|overthink\w*|"
    r"scared all the time|racing (heart|thoughts|mind)|ocd|intrusive thoughts|"
    r"heart (keeps )?(pounding|racing)|dread\w*|fear of",
    "low_mood": r"low mood|depress\w*|\bdown\b(?! the| there)|"
    r"feel(ing)? (so |really |very |kinda |pretty )?(low|empty|numb|flat|hopeless|worthless|sad)|"
    r"\bsad\b|sadness|\blow\b(?! key)|miserable|no (energy|motivation|joy)|unmotivated|can'?t get out of bed|"
    r"crying|cry (all|every)|"
    r"hopeless|worthless|empty inside|numb|gloomy|nothing (feels good|is fun|matters)|no point|unhappy|blue lately",
    "stress": r"stress\w*|overwhelm\w*|burn(ed|t|ing)?[- ]?out|too much (on|going|to)|under (a lot of )?pressure|"
    r"can'?t cope|"
    r"swamped|drowning in|exhausted|money (worries|problems|trouble)|debt\w*|bills|rent|evict\w*|"
    r"can'?t switch off|frazzled",
    "loneliness": r"lone(ly|liness)|alone\b|isolat\w*|no (friends|one to talk|mates)|nobody to talk|friendless|"
    r"left out|"
    r"don'?t have anyone|nobody (calls|texts|visits)|no one (calls|texts|visits)|"
    r"haven'?t (spoken|talked) to (anyone|a soul)",
    "grief": r"grie[fv]\w*|bereave\w*|passed away|\bdied\b(?! down| of laughter)|\bdeath\b|"
    r"lost my (mum|mom|mother|dad|father|nan|gran\w*|"
    r"grandad|granddad|husband|wife|partner|son|daughter|baby|child|brother|sister|friend|best friend|dog|cat|"
    r"aunt|uncle|pet)|"
    r"\bfuneral\b|mourning|miscarr\w*|stillb\w*|widow\w*|"
    r"miss (him|her|them|my (mum|mom|dad|nan|gran|husband|wife)) so much",
    "relationships": r"relationships?|boyfriend|girlfriend|\b(my )?(bf|gf)\b|partner|husband|wife|marriage|"
    r"divorc\w*|break ?up|"
    r"broke up|broken up|dumped|cheat(ed|ing)|\bex\b|dating|ghosted me|heartbr\w+|left me|fianc\w+|separated|"
    r"friendship|"
    r"fell out with (my )?(best )?(friend|mate)",
    "family": r"family|parents?\b|"
    r"\b(my )?(mum|mom|mam|mother|dad|father|brother|sister|siblings?|son|daughter|kids|in[- ]?laws|stepdad|"
    r"stepmum|stepmom|nan|gran|grandma|grandad)\b|home life|at home with",
    "work_study": r"\bwork\b(?! out| it out|ed out)|\bjob\b|boss|colleague\w*|co-?workers?|redundan\w*|unemploy\w*|"
    r"laid off|"
    r"fired|sacked|career|"
    r"\buni\b|university|college|school|exams?|finals|stud(y|ies|ying)|dissertation|thesis|degree|homework|"
    r"deadlines?|grades|"
    r"revision|\bphd\b|apprentice\w*|teacher|coursework|my course\b|lectures?|semester|assignments?|night shifts?|"
    r"workload",
    "caring": r"\bcar(er|egiver|egiving|ing for|e for my|ing full)\b|look(ing)? after (my|him|her|them|someone)|"
    r"dementia|alzheimer\w*|"
    r"respite|i care for|full[- ]time carer|young carer|caring\b",
    "long_term_illness": r"(chronic|long[- ]term) (illness|pain|condition|fatigue)|"
    r"\b(ms|me/cfs|cfs|ibs|copd|lupus|crohn'?s|colitis|diabet\w*|"
    r"epilep\w*|arthritis|fibro\w*|endo|endometriosis|parkinson\w*|cancer|chemo\w*|long covid|tinnitus|migraines?)\b|"
    r"constant pain|in pain (all|every)|diagnos\w* (with|of)|disab\w*|my (illness|condition)|flare[- ]?ups?|terminal",
    "identity": r"identity|gender|\btrans\b|transgender|non[- ]?binary|\bgay\b|lesbian|\bbi\b|bisexual|queer|"
    r"coming out|"
    r"come out|"
    r"sexuality|lgbt\w*|who i am|closet(ed)?|questioning (my|myself)|racis[mt]\w*|don'?t (belong|fit in)|"
    r"fit in anywhere|autis\w*|adhd|faith crisis",
    "abuse": r"abus\w*|violen(t|ce)|hits me|hit me|hurts me|controll?(ing|s) me|controlling|coercive|"
    r"bull(y|ied|ying|ies)|assault\w*|"
    r"harass\w*|gaslight\w*|threaten\w*|trauma\w*|ptsd|stalk\w*|"
    r"scared of (him|her|my (partner|husband|wife|dad|boyfriend))|groom(ed|ing)|raped?",
    "self_harm": r"self[- ]?harm\w*|\bsh\b|hurt(ing)? myself|harm(ing)? myself|cutting myself|urges? to (hurt|cut)|"
    r"cut myself",
    "substance_use": r"alcohol\w*|drink(ing)? (too much|a lot|every|again|heavily|problem)|my drinking|the drinking|"
    r"drunk|"
    r"drugs?\b|addict\w*|weed|cocaine|coke habit|"
    r"heroin|sober|sobriety|relaps\w*|rehab|gambl\w*|vap(e|ing)|booze|binge drink\w*|substance|pills habit|"
    r"painkillers habit|withdrawal|ketamine",
    "unusual_experiences": r"hear(ing)? (voices|things)|voices|see(ing)? things|psycho(sis|tic)|paranoi\w*|"
    r"hallucinat\w*|"
    r"being watched|watching me|"
    r"schizo\w*|not real|derealisation|derealization|deperson\w*|manic|mania|bipolar|messages (meant )?for me|"
    r"unusual experience\w*|delusion\w*",
}
_COMPILED = {code: re.compile(rf"(?<!\w)(?:{pattern})") for code, pattern in _PATTERNS.items()}
_CODES = re.compile(r"[^a-z_]+")
_NOT_THAT = re.compile(
    r"\b(?:not (?:about |because of |really |my |the |so much )*|it isn'?t (?:about )?(?:my |the )?|"
    r"isn'?t (?:my |the )?)$"
)
_OTHER = re.compile(
    r"\b(something else|none of (these|those|them)|other|not on (the|your) list|hard to (say|explain)|no idea|"
    r"not sure)\b"
)
_PEOPLE = ("family", "relationships")


def topics(text: str) -> list[str]:
    """The topics found, in the order of the shared list; ["other"] for "something else"; [] when there is none."""
    words = " ".join(text.lower().replace("’", "'").split())
    codes = {code for code in TITLES if code in set(_CODES.split(words)) and ("_" in code or words == code)}
    named = {
        code
        for code, pattern in _COMPILED.items()
        if any(not _NOT_THAT.search(words[: each.start()]) for each in pattern.finditer(words))
    }
    found = _without_mere_people(words, codes | named)
    if not found and _OTHER.search(words):
        return ["other"]
    return [code for code in TITLES if code in found]


def _without_mere_people(words: str, found: set[str]) -> set[str]:
    """A mother who died, or is cared for, is grief or caring; family is meant when the trouble is with them."""
    if not found & {"grief", "caring"}:
        return found
    outright = {
        "family": r"\bfamily\b|\bparents\b|\bargu\w+|\bfight\w*",
        "relationships": r"relationship|break ?up|broke up|divorc|\bex\b",
    }
    return {code for code in found if code not in _PEOPLE or re.search(outright[code], words)}
