"""The written policy: from the matches of one message (and of the turns before it) to signals.

Each step is one rule of the taxonomy's section 3. Every step can only add signals or raise them, except the three that
read a match in its circumstances: denied, told as past, or inside a story, a game or studies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handoff.core.meaning import ACTS_OF_THOUGHT, HARM_OF_SELF, HURT_BY_OTHERS, MEANINGS, UNKNOWN_KIND
from handoff.core.risk_types import CRISIS, Match, Signal, Tier

CUE = "cue"
_DISTANT = frozenset({"fiction", "study", "game", "code"})
_ASKING = frozenset({"method", "asked_for_friend"})
_SAID_TO_US = ACTS_OF_THOUGHT | {"habit", "urge", "vague", "attempt_past"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One text's matches, sorted: `cues` are the kinds of its cue words, `dangers` everything else."""

    dangers: tuple[Match, ...]
    cues: frozenset[str]
    places: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, matches: Iterable[Match]) -> Heard:
        listed = tuple(matches)
        cues = frozenset(match.kind for match in listed if match.domain == CUE and not match.negated)
        places = frozenset((match.kind, match.sentence) for match in listed if match.domain == CUE)
        return cls(tuple(match for match in listed if match.domain != CUE), cues, places)

    def beside(self, match: Match, *cues: str) -> bool:
        """True where one of these cues stands in the match's own sentence: only there may it make light of it."""
        return any((cue, match.sentence) in self.places for cue in cues)

    @property
    def denied(self) -> bool:
        return any(m.negated and m.domain in HARM_OF_SELF for m in self.dangers)

    def has(self, *kinds: str) -> bool:
        """True where one of these kinds of danger was matched and not denied."""
        return any(match.kind in kinds and not match.negated for match in self.dangers)


def leans_on_context(heard: Heard) -> bool:
    """Whether what was said before decides what this message means, so that it is worth reading once more."""
    return bool(heard.cues & {"retraction", "place_question", "substance_question", "after_question"})


def signals(heard: Heard, earlier: Sequence[Heard], before: Tier = Tier.NONE) -> tuple[Signal, ...]:
    """All signals of one message, in its order, each at the tier that its circumstances give it. `before`: the highest
    tier that a classifier found in the earlier turns, where it was asked."""
    own = [_weighed(match, heard) for match in heard.dangers]
    own = [signal for signal in own if signal.tier > Tier.NONE]
    own += _contradictions(heard)
    own += _from_context(heard, own, earlier, before)
    if not own and heard.cues & {"distress", "loss"}:
        own.append(Signal("distress", Tier.DISTRESS, "explicit", "distress"))
    return _unique(own)


def _weighed(match: Match, heard: Heard) -> Signal:
    meaning = MEANINGS.get((match.domain, match.kind), UNKNOWN_KIND)
    tier = Tier(_circumstance(match, heard))
    reason = f"denied: {meaning.reason}" if match.negated else f"said: {meaning.reason}"
    return Signal(match.domain, tier, meaning.style, reason, match.start, match.end)


def _circumstance(match: Match, heard: Heard) -> int:
    meaning = MEANINGS.get((match.domain, match.kind), UNKNOWN_KIND)
    if match.negated:
        return meaning.denied
    if match.kind in _ASKING:
        return meaning.own
    if match.subject == "you" and match.kind in _SAID_TO_US:
        return Tier.NONE
    if match.kind == "unresponsive" and match.subject == "self":
        return Tier.DISTRESS
    if heard.beside(match, *_DISTANT) and _is_distant(match, heard):
        return Tier.NONE if heard.beside(match, "game", "code") else Tier.DISTRESS
    recovered = heard.beside(match, "past") and "recovery" in heard.cues and match.kind in ACTS_OF_THOUGHT
    if (match.time == "past" or recovered) and match.kind != "attempt_past":
        return _past(match, heard, meaning.past)
    if match.subject == "other":
        return _of_somebody_else(match, heard, meaning.other)
    return _raised(match, heard, meaning.own)


def _is_distant(match: Match, heard: Heard) -> bool:
    """Inside a story, a game or studies, and not about the one who writes."""
    if match.domain in HARM_OF_SELF:
        return match.subject in ("other", "none") and match.kind != "other_risk"
    return heard.beside(match, "game", "code") and match.domain == "violence_to_others"


def _past(match: Match, heard: Heard, past: int) -> int:
    if match.domain in ("self_harm", "eating_disorder") and heard.cues & {"recovery", "clean_harm"}:
        return Tier.DISTRESS
    if match.domain == "suicide" and "recovery" in heard.cues:
        return min(past, Tier.CONCERN)
    return past


def _of_somebody_else(match: Match, heard: Heard, tier: int) -> int:
    if match.domain == "suicide" and tier >= CRISIS and heard.cues & {"immediate", "timeframe", "unreachable"}:
        return max(tier, Tier.IMMINENT)
    return tier


def _raised(match: Match, heard: Heard, tier: int) -> int:
    """What raises the seeker's own danger: drink, a time, freshness; and what makes a joke of it."""
    if match.domain == "self_harm":
        return _self_harm(match, heard, tier)
    if match.kind in ACTS_OF_THOUGHT and match.domain == "suicide":
        return _suicide(match, heard, tier)
    if match.kind == "attempt_past" and "immediate" in heard.cues:
        return Tier.IMMINENT
    if match.domain == "eating_disorder" and heard.beside(match, "clean_harm"):
        return Tier.DISTRESS
    if match.domain in HURT_BY_OTHERS and tier >= CRISIS:
        return _hurt_by_others(match, heard, tier)
    if match.kind == "command" and heard.has("act", "intent", "threat"):
        return Tier.IMMINENT
    return tier


def _self_harm(match: Match, heard: Heard, tier: int) -> int:
    if heard.beside(match, "clean_harm") and match.kind == "habit" and "slip" not in heard.cues:
        return Tier.DISTRESS
    if "drunk" in heard.cues:
        tier += 1
    return max(tier, Tier.ACTIVE) if "immediate" in heard.cues and match.kind != "harm_now" else tier


def _suicide(match: Match, heard: Heard, tier: int) -> int:
    if heard.beside(match, "trivial") and not heard.cues & {"timeframe", "drunk"} and not heard.has("plan", "goodbye"):
        return min(tier, Tier.CONCERN) if match.kind in ("wish", "act", "intent", "coded_weak") else tier
    if "means_here" in heard.cues and match.kind != "coded_weak":
        return Tier.IMMINENT
    if match.kind == "coded_weak":
        serious = "timeframe" in heard.cues and "humour" not in heard.cues
        return Tier.IMMINENT if serious else tier
    if "drunk" in heard.cues:
        return max(tier + 1, Tier.ACTIVE)
    if match.kind == "act" and "timeframe" in heard.cues:
        return Tier.IMMINENT
    return tier


def _hurt_by_others(match: Match, heard: Heard, tier: int) -> int:
    if "minor" in heard.cues:
        return max(tier, Tier.IMMINENT if match.domain != "bullying" else tier)
    if "immediate" in heard.cues and match.domain in ("domestic_abuse", "sexual_violence", "child_abuse"):
        return max(tier, Tier.ACTIVE)
    return tier


def _contradictions(heard: Heard) -> list[Signal]:
    """A denial beside words that point the other way (rule 2)."""
    distanced = any(m.kind == "leak" for m in heard.dangers) and "looked_up" in heard.cues
    if not heard.denied and not distanced:
        return []
    found = [_signal(m, Tier.ACTIVE, "contradictory") for m in heard.dangers if m.kind == "leak"]
    if any(m.negated and m.kind in ("wish", "act") for m in heard.dangers):
        found += [_signal(m, Tier.PASSIVE, "contradictory") for m in heard.dangers if m.kind == "stop_pain"]
    return found


def _signal(match: Match, tier: Tier, style: str) -> Signal:
    meaning = MEANINGS.get((match.domain, match.kind), UNKNOWN_KIND)
    return Signal(match.domain, tier, style, f"said: {meaning.reason}", match.start, match.end)


def _from_context(heard: Heard, own: Sequence[Signal], earlier: Sequence[Heard], read: Tier) -> list[Signal]:
    """What the last turns add: a question about places or substances, a retraction, a yes, an "any more"."""
    before = [_before(turn) for turn in earlier]
    highest = max((*before, read))
    distressed = highest >= Tier.DISTRESS or bool(heard.cues & {"distress", "loss"}) or bool(own)
    found: list[Signal] = []
    if distressed and "place_question" in heard.cues:
        found.append(Signal("suicide", Tier.IMMINENT, "indirect", "asks about a place after distress"))
    if distressed and "substance_question" in heard.cues:
        found.append(Signal("suicide", Tier.ACTIVE, "indirect", "asks about a means after distress"))
    if "after_question" in heard.cues and max(highest, *(signal.tier for signal in own), Tier.NONE) >= Tier.CONCERN:
        found.append(Signal("suicide", Tier.ACTIVE, "indirect", "asks what it would be like, after despair"))
    if "retraction" in heard.cues and highest >= Tier.CONCERN:
        found.append(Signal("suicide", highest, "retracted", "takes back what was said before; it still counts"))
    if earlier and "affirm" in heard.cues and "crisis_question" in earlier[-1].cues:
        found.append(Signal("suicide", Tier.ACTIVE, "explicit", "says yes when asked about suicide"))
    if _worn_down(heard, earlier):
        found.append(Signal("suicide", Tier.PASSIVE, "vague", "cannot go on, after talking of a loss"))
    return found


def _before(turn: Heard) -> Tier:
    own = [_weighed(match, turn) for match in turn.dangers]
    least = Tier.DISTRESS if turn.cues & {"distress", "loss"} else Tier.NONE
    return max((signal.tier for signal in own), default=least)


def _worn_down(heard: Heard, earlier: Sequence[Heard]) -> bool:
    if not heard.has("vague", "stop_pain") or not earlier:
        return False
    lost = sum("loss" in turn.cues for turn in earlier)
    studies = sum("homework" in turn.cues for turn in earlier)
    return lost > 0 and lost >= studies


def _unique(found: Iterable[Signal]) -> tuple[Signal, ...]:
    """One signal per reason, at its highest tier, where it was said first."""
    best: dict[tuple[str, str], Signal] = {}
    for signal in found:
        key = (signal.domain, signal.reason)
        known = best.get(key)
        if known is None:
            best[key] = signal
        elif signal.tier > known.tier:
            best[key] = replace(signal, start=min(known.start, signal.start), end=max(known.end, signal.end))
    return tuple(best.values())
