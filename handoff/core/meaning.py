"""What each kind of match means: its tier for the seeker, for somebody else, in the past, and when denied.

The tiers are the taxonomy's. Kinds that a rule file may use and that are missing here are a mistake that a test
finds; at run time they count as a concern, so that nothing is lost.
"""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """Tiers by circumstance: `own` for the seeker now, `other` for a third party, `past` when told as long ago,
    `denied` when the words deny it. `style` is the signal's kind; `reason` is what a supporter reads."""

    own: int
    other: int
    past: int
    denied: int
    style: str
    reason: str


MEANINGS: dict[tuple[str, str], Meaning] = {
    ("suicide", "act"): Meaning(4, 4, 2, 1, "explicit", "thoughts of suicide"),
    ("suicide", "intent"): Meaning(5, 5, 2, 1, "explicit", "says they are going to end their life"),
    ("suicide", "coded_weak"): Meaning(2, 2, 1, 1, "coded", "a joking or coded term for suicide"),
    ("suicide", "coded"): Meaning(3, 3, 2, 1, "coded", "a coded word for suicide"),
    ("suicide", "wish"): Meaning(3, 3, 2, 1, "passive", "a wish to be dead or not to wake up"),
    ("suicide", "wish_not"): Meaning(3, 3, 2, 1, "passive", "not wanting to live"),
    ("suicide", "burden"): Meaning(3, 3, 2, 1, "passive", "feels that others would be better off or would not care"),
    ("suicide", "vague"): Meaning(2, 1, 1, 1, "vague", "hopeless, trapped or at the end of their strength"),
    ("suicide", "stop_pain"): Meaning(2, 1, 1, 1, "vague", "wants the pain to stop"),
    ("suicide", "leak"): Meaning(0, 0, 0, 0, "contradictory", "denies it, then says something that points to it"),
    ("suicide", "plan"): Meaning(5, 5, 3, 2, "preparatory", "a plan, means or preparation"),
    ("suicide", "goodbye"): Meaning(5, 5, 2, 2, "preparatory", "a goodbye or last wishes"),
    ("suicide", "attempt_now"): Meaning(6, 6, 3, 2, "explicit", "an attempt may be under way"),
    ("suicide", "attempt_past"): Meaning(3, 2, 3, 2, "explicit", "tells of a suicide attempt"),
    ("suicide", "method"): Meaning(4, 4, 4, 4, "indirect", "asks how deadly something is"),
    ("suicide", "asked_for_friend"): Meaning(4, 4, 4, 4, "indirect", "asks about suicide at a distance"),
    ("suicide", "other_risk"): Meaning(4, 4, 2, 2, "explicit", "somebody else may be in danger of suicide"),
    ("suicide", "bereaved"): Meaning(1, 1, 1, 1, "explicit", "grief after a suicide or an overdose"),
    ("self_harm", "habit"): Meaning(3, 3, 2, 1, "explicit", "self-harm"),
    ("self_harm", "urge"): Meaning(4, 3, 2, 1, "explicit", "an urge to self-harm"),
    ("self_harm", "relapse"): Meaning(4, 3, 3, 2, "vague", "a relapse, probably into self-harm"),
    ("self_harm", "harm_now"): Meaning(6, 6, 3, 3, "explicit", "a wound that may need help now"),
    ("self_neglect", "neglect_danger"): Meaning(5, 4, 3, 2, "explicit", "refuses what keeps them alive"),
    ("self_neglect", "neglect_slow"): Meaning(2, 2, 1, 1, "explicit", "is not looking after themselves"),
    ("violence_to_others", "threat"): Meaning(4, 4, 2, 1, "explicit", "thoughts of harming someone"),
    ("violence_to_others", "threat_plan"): Meaning(5, 5, 3, 2, "preparatory", "a plan, weapon or target"),
    ("violence_to_others", "violence_now"): Meaning(6, 6, 3, 3, "explicit", "violence may be happening now"),
    ("domestic_abuse", "assault"): Meaning(3, 3, 3, 1, "explicit", "is hurt by someone close"),
    ("domestic_abuse", "control"): Meaning(3, 3, 3, 1, "explicit", "is controlled or afraid at home"),
    ("domestic_abuse", "threat_to_me"): Meaning(5, 5, 3, 2, "explicit", "somebody threatens them"),
    ("domestic_abuse", "strangled"): Meaning(5, 5, 4, 2, "explicit", "strangled or choked by someone"),
    ("domestic_abuse", "near_now"): Meaning(5, 5, 3, 2, "explicit", "the person they fear is near"),
    ("domestic_abuse", "assault_other"): Meaning(4, 4, 2, 1, "explicit", "somebody else is hurt at home"),
    ("stalking", "stalked"): Meaning(3, 3, 2, 1, "explicit", "is followed or watched by a person"),
    ("sexual_violence", "assault_sexual"): Meaning(3, 3, 3, 1, "explicit", "sexual violence"),
    ("child_abuse", "child_touched"): Meaning(4, 4, 3, 1, "explicit", "sexual abuse of a child, or by family"),
    ("child_abuse", "child_hit"): Meaning(4, 4, 3, 1, "explicit", "is hit or locked up by family"),
    ("child_abuse", "child_now"): Meaning(5, 5, 3, 2, "explicit", "in danger from a parent now"),
    ("child_abuse", "carer_harm"): Meaning(5, 5, 3, 2, "explicit", "a carer has hurt a child or fears to"),
    ("child_abuse", "child_other"): Meaning(4, 4, 3, 1, "explicit", "another child may be harmed"),
    ("psychosis_mania", "perinatal"): Meaning(4, 4, 2, 2, "explicit", "frightening thoughts about a baby; no blame"),
    ("psychosis_mania", "command"): Meaning(4, 4, 3, 2, "explicit", "voices that tell them to do harm"),
    ("psychosis_mania", "psychosis"): Meaning(3, 3, 2, 1, "explicit", "voices, or being watched or controlled"),
    ("psychosis_mania", "mania"): Meaning(3, 3, 2, 1, "explicit", "days without sleep, or racing far ahead"),
    ("eating_disorder", "purge"): Meaning(3, 3, 2, 1, "explicit", "purging"),
    ("eating_disorder", "starve"): Meaning(3, 3, 2, 1, "explicit", "not eating"),
    ("eating_disorder", "eating_danger"): Meaning(5, 5, 3, 2, "explicit", "not eating or purging, with signs of harm"),
    ("neglect", "neglect"): Meaning(3, 3, 2, 1, "explicit", "is left without care or food"),
    ("exploitation", "extorted"): Meaning(4, 4, 3, 1, "explicit", "blackmail with pictures or secrets"),
    ("exploitation", "groomed"): Meaning(4, 4, 3, 1, "explicit", "is pressed or lured by somebody older"),
    ("exploitation", "trafficked"): Meaning(4, 4, 3, 1, "explicit", "is forced to work, sell or carry"),
    ("medical_emergency", "unresponsive"): Meaning(6, 6, 2, 2, "explicit", "somebody is not responding"),
    ("medical_emergency", "medical_now"): Meaning(5, 5, 2, 1, "explicit", "a medical emergency"),
    ("overdose_intoxication", "overdose_self"): Meaning(6, 6, 3, 2, "explicit", "may have taken too much"),
    ("bullying", "tell_me_kys"): Meaning(3, 3, 2, 2, "explicit", "is told by others to die"),
    ("abuse_of_us", "kys_insult"): Meaning(1, 1, 1, 1, "explicit", "an insult at us"),
}

UNKNOWN_KIND = Meaning(2, 2, 2, 2, "vague", "a rule without a written meaning matched")

ACTS_OF_THOUGHT = frozenset({"act", "intent", "wish", "wish_not", "burden", "coded_weak", "coded"})
"""Kinds that other words in the message can raise: a time, drink, means, a leak after a denial."""

HARM_OF_SELF = frozenset({"suicide", "self_harm", "self_neglect"})
HURT_BY_OTHERS = frozenset(
    {"domestic_abuse", "sexual_violence", "child_abuse", "neglect", "exploitation", "stalking", "bullying"}
)
