"""Where an order stands, in the dealer's words."""

from __future__ import annotations

from dataclasses import dataclass

from frappe import _

WORK, ACT, GOOD, OVER = "work", "act", "good", "over"
"""Tones of an indicator: we are at it, the dealer is asked, settled, ended."""


@dataclass(frozen=True)
class State:
	"""Tone of the indicator, its word, and a sentence that says what comes next."""

	tone: str
	word: str
	note: str


def of_order(status: str, valid_until: str) -> State:
	"""The state of an intent order; what goes on inside the house is one state outside."""
	in_review = State(WORK, _("In review"), _("Our departments are checking it."))
	return {
		"Submitted": State(WORK, _("Handed in"), _("We have it and will look at it soon.")),
		"Returned": State(
			ACT, _("To be corrected"), _("Your salesperson will settle with you what is open.")
		),
		"Valid": State(GOOD, _("Passed review"), _("A contract can be made until {0}.").format(valid_until)),
		"Converted": State(GOOD, _("Contracted"), _("Contracts have been made for all vehicles.")),
		"Vetoed": State(
			OVER, _("Not accepted"), _("We cannot take it on. Your salesperson will tell you why.")
		),
		"Expired": State(OVER, _("Lapsed", context="Order Review"), _("No contract was made in time.")),
		"Withdrawn": State(OVER, _("Taken back"), _("It is not pursued any more.")),
	}.get(status, in_review)


def of_contract(status: str) -> State:
	"""The state of a sales contract."""
	in_review = State(WORK, _("In review"), _("Our departments are checking it."))
	return {
		"Approved for Signing": State(
			ACT, _("Ready to sign"), _("Please sign the printed contract and give it to your salesperson.")
		),
		"Seal Pending": State(WORK, _("Being sealed"), _("We have your signed copy and will seal it.")),
		"Signed": State(
			WORK, _("Signed and sealed"), _("It takes effect once deposit and conditions are settled.")
		),
		"Effective": State(GOOD, _("In force"), _("Production is being prepared.")),
		"In Fulfilment": State(GOOD, _("Being fulfilled"), _("Production and delivery are under way.")),
		"Completed": State(
			GOOD, _("Fulfilled", context="Order Review"), _("All vehicles are delivered and paid.")
		),
		"Returned": State(
			ACT, _("To be corrected"), _("Your salesperson will settle with you what is open.")
		),
		"Vetoed": State(
			OVER, _("Not accepted"), _("We cannot take it on. Your salesperson will tell you why.")
		),
		"Withdrawn": State(OVER, _("Taken back"), _("It is not pursued any more.")),
		"Cancelled": State(OVER, _("Called off"), _("The contract has been ended.")),
	}.get(status, in_review)
