"""The time-outs and limits of one line. All durations are seconds; every default names where it comes from.

A line changes any of them by setting (`WARMLINE_<NAME>`); `decide()` receives the frozen result as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Durations in seconds, counts as whole numbers."""

    first_word_seconds: int = 120
    """A claim without a first message goes back to the queue. Twilio TaskRouter's reservation default: 120 s."""

    crisis_ack_seconds: int = 60
    """A crisis handoff climbs when its assignee has not accepted it. Our own choice; half of `first_word_seconds`."""

    skill_required_seconds: int = 210
    """A wished-for skill is required this long, then relaxed. Kids Help Phone's setting in Aselo: 210 s."""

    supporter_nudge_seconds: int = 120
    """A live supporter who has not answered is nudged. Our own choice: the reservation default once more."""

    supporter_silent_seconds: int = 300
    """After this silence the seeker is told and goes back to the queue. Our own choice: 2.5 nudges."""

    supporter_gone_seconds: int = 90
    """A live supporter whose presence lapsed this long ago is taken for gone. Our own choice: a reload, a tunnel."""

    presence_seconds: int = 60
    """Presence is a lease; the desk renews it every third of this. Our own choice; 30 to 120 s are common."""

    seeker_checkin_seconds: int = 600
    """A quiet seeker gets one check-in. Our own choice; ten minutes are long in a chat and short in a life."""

    seeker_close_seconds: int = 1800
    """A seeker quiet this long after the check-in gets a kind close; never in the crisis lane. Our own choice."""

    intake_close_seconds: int = 86400
    """An intake nobody returns to closes after a day, which is also how long the bot remembers. Our own choice."""

    bot_slow_seconds: int = 8
    """After this the seeker is told that the bot is slow. Our own choice: about twice the slowest healthy turn."""

    bot_down_seconds: int = 90
    """After this without an answer of the bot, the conversation is opened to people. Rasa starts in under 60 s."""

    wait_long_seconds: int = 1200
    """A wait this long pages a lead, and again after as long; the tiers above have shorter ones. Our own choice."""

    wait_long_distress_seconds: int = 900
    """T1, likewise: three minutes' head start in the queue are of no use when the queue stands. Our own choice."""

    wait_long_concern_seconds: int = 600
    """T2, likewise; as long as its head start, so that favouring the crisis lane can't hide it. Our own choice."""

    wait_long_crisis_seconds: int = 180
    """T3 and above, besides the climbing of every assignment: three climbs. Our own choice."""

    unanswered_question_seconds: int = 300
    """A direct question about safety unanswered this long counts as a yes (risk taxonomy, T2). Our own choice."""

    question_set_aside: int = 3
    """After so many messages about something else it is taken as set aside. Our own choice: three are no oversight."""

    crisis_bounces: int = 2
    """After a crisis changed hands so often without a lead, a lead gets it. Our own choice."""

    lead_call_seconds: int = 60
    """A lead called to a conversation that nobody should hold alone is called again this often, then everybody on call,
    until one acknowledges. Our own choice: as long as `crisis_ack_seconds`."""

    lead_answer_seconds: int = 300
    """Whoever acknowledged such a call has this long to join before the calls go on. Our own choice."""

    card_confirm_seconds: int = 60
    """A crisis card the seeker's device has not confirmed by now pages a lead, and again after as long until it is
    confirmed or the talk is over. Our own choice: as long as one climb."""

    card_again: int = 3
    """How often an unconfirmed card is shown again. Our own choice: more of them, once the way is open again, would
    only bury the rest of the talk."""

    card_repeat_seconds: int = 600
    """A card shown again within this time, at the same urgency, is drawn small. Our own choice: one screen of talk."""

    calling_question_seconds: int = 20
    """After a card was seen, before the question what makes calling hard. Our own choice: time to read the card."""

    plan_answer_seconds: int = 1800
    """So long a heading of the safety plan takes words for its answer. Our own choice: half an hour to think."""

    soothe_seconds: int = 120
    """Somebody who keeps writing in the crisis lane hears this often that the line is here. Our own choice."""

    assign_again_seconds: int = 5
    """While nobody can take a crisis, the desk is looked at this often. Our own choice: at once, to a person."""

    crisis_cooldown_seconds: int = 900
    """A supporter gets no new offer this long after a crisis conversation. Our own choice, to be set by the line."""

    report_rest_seconds: int = 900
    """A supporter who ended a talk and reported it gets no new offer this long. Our own choice: as after a crisis."""

    blocked_repeat_seconds: int = 1800
    """Somebody blocked who keeps writing hears this often until when. Our own choice: a reminder, no wall of them."""

    review_share: float = 0.02
    """This share of the conversations that were never flagged is offered to leads to be read again, with the seeker's
    consent. Our own choice: one in fifty."""

    feedback_seconds: int = 172800
    """Feedback is accepted this long after the close. Our own choice: two days."""

    retention_seconds: int = 2592000
    """Transcripts and conversations expire this long after their last change: 30 days."""

    audit_seconds: int = 94608000
    """The audit (who did what, without words) goes after three years. Our own choice, to be set by the line's law."""

    head_start_concern_seconds: int = 600
    """T2 is ordered as if it had waited this much longer; waiting time overtakes it. Our own choice."""

    head_start_distress_seconds: int = 180
    """T1, likewise. Our own choice."""

    pause_seconds: int = 300
    """How long a supporter's pause in a live conversation lasts. Our own choice: five minutes, told to the seeker."""

    slack_presence_seconds: int = 3600
    """Presence in Slack, where no open page renews it: an hour after the last deed. Our own choice: half a shift."""

    queue_limit: int = 20
    """When so many wait, leads are alerted. Our own choice, to be set by the line."""

    link_seconds: int = 600
    """How long a code that links two channels can be used. Our own choice: time to find the other device."""

    attachment_limit: int = 10_000_000
    """Bytes of one file. Telegram lets a bot download 20 MB; half of it carries ten minutes of voice."""

    attachment_seconds: int = 604800
    """Files expire after seven days, earlier than words: they show more of a person."""

    default_capacity: int = 2
    """Conversations one supporter holds at once unless set otherwise. Our own choice: low, for volunteers."""

    message_limit: int = 4000
    """Characters of one message; a longer one is refused and can be sent in parts. Telegram's limit is 4096."""
