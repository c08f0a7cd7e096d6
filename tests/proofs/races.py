"""All races."""

from __future__ import annotations

from tests.proofs import races_for_a_seat as seat
from tests.proofs import races_of_stores as below
from tests.proofs import races_of_three as three
from tests.proofs import races_of_words as words
from tests.proofs.race import Race

TWO: tuple[Race, ...] = (
    seat.two_claims_of_one,
    seat.two_claims_by_one_who_has_room_for_one,
    seat.a_claim_sent_twice,
    seat.a_claim_and_a_close,
    seat.a_transfer_and_a_claim,
    seat.a_transfer_and_a_take_over,
    seat.a_release_and_a_word,
    seat.a_close_and_a_word,
    words.one_update_sent_twice,
    words.two_first_words,
    words.the_bot_answers_while_somebodyclaims,
    words.a_claim_and_a_long_wait,
    words.a_first_word_and_its_deadline,
    words.two_sweeps,
    words.a_settled_deadline_and_a_new_one,
    below.an_erasure_and_a_word,
    below.an_erasure_and_a_claim,
    below.an_erasure_and_a_link,
    below.a_link_and_a_word,
    below.two_links_that_would_make_a_circle,
    below.two_workers,
    below.an_erasure_and_a_dead_letter,
    below.two_marks,
    below.the_last_parcel_leaves_while_another_comes,
    below.an_erasure_and_a_worker,
)
TWO_LONG: tuple[Race, ...] = (below.an_erasure_and_a_transfer, below.two_erasures)
"""So many commands each that only orders which differ in more than neighbouring reads are walked."""
THREE: tuple[Race, ...] = (
    seat.three_claims_of_one,
    below.an_erasure_and_a_mark,
    below.a_lease_that_ends_under_a_worker,
    three.a_claim_a_word_and_a_deadline,
    three.two_claims_and_a_transfer,
    three.an_erasure_a_word_and_a_claim,
)
