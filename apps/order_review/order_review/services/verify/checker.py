"""The checker of a site (核对): everything that must hold of its documents, tried at night and by command.

An invariant is a small function that gives what does not hold. One that breaks off is a finding itself: what cannot be
looked at is not in order.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_review.services import administrators, desk_notice, notices, outbox
from order_review.services.verify import (
	dates,
	money,
	opinions,
	production,
	promises,
	quality,
	quantities,
	steps,
)
from order_review.services.verify.finding import Finding, Invariant

INVARIANTS: tuple[Invariant, ...] = (
	# each state has its step
	steps.states_have_their_step,
	steps.steps_follow_one_another,
	steps.steps_say_who_took_them,
	steps.submitted_as_the_state_says,
	# opinions, questions and conditions stand with their document, and end with it
	opinions.no_opinion_is_asked_in_vain,
	opinions.a_department_answers_once,
	opinions.no_question_outlives_its_document,
	opinions.every_condition_of_an_opinion_is_kept,
	opinions.no_condition_outlives_its_document,
	opinions.no_stage_was_passed_with_an_open_condition,
	# vehicles add up
	quantities.contracted_and_remaining_are_what_was_ordered,
	quantities.contracts_take_what_their_orders_count,
	# one date for each lot
	dates.lots_add_up_to_what_is_promised,
	dates.dates_are_promised_for_what_goes_on,
	dates.milestones_follow_the_lots,
	dates.sales_orders_follow_the_lots,
	# money adds up
	money.deposits_are_what_was_paid,
	money.confirmed_deposits_are_there,
	money.sales_orders_sell_at_what_was_signed,
	# each score is its defects
	quality.scores_are_their_defects,
	quality.vetoed_contracts_score_nothing_and_others_do,
	# what is built was signed, and audited by another
	production.released_lines_are_entered,
	production.lines_in_force_are_in_order_entry,
	production.nobody_audits_the_own_translation,
	production.drawn_versions_wait_for_their_sheet,
	# what was agreed stands
	promises.valid_orders_have_price_and_date,
	promises.signed_contracts_are_sealed,
	promises.nobody_acts_for_a_disabled_user,
)
"""What must hold, in the order it is looked at."""

SHOWN = 200
"""Findings a note lists at most."""


def run(invariants: tuple[Invariant, ...] | None = None) -> list[Finding]:
	"""Look at every document of the site; gives what does not hold, without changing anything.

	Args:
		invariants: what is looked at; everything when not given.
	"""
	found: list[Finding] = []
	for invariant in invariants or INVARIANTS:
		try:
			found += invariant()
		except Exception:
			log = frappe.log_error(title=f"Not verified: {invariant.__name__}")
			found.append(
				Finding(
					"Error Log",
					log.name,
					_("It could not be looked at whether this holds: {0}").format(invariant.__doc__),
					_("Read the error log and mend what it names."),
				)
			)
	return found


def nightly() -> int:
	"""Verify the site and note what is found to the administrators and the supervisor; gives the number of findings."""
	found = run()
	if found:
		note(found)
	return len(found)


def note(found: list[Finding]) -> None:
	"""Tell the administrators and the order supervisor what was found, in the Desk and in one e-mail."""
	people = [*administrators.people(), *notices.users_with("Order Supervisor")]
	for user in dict.fromkeys(people):
		with notices.language_of(user):
			subject = _("{0} findings of the nightly check of {1}").format(
				len(found), frappe.format(now_datetime().date(), "Date")
			)
			first = found[0]
			about = frappe._dict(doctype=first.doctype, name=first.name)
			desk_notice.post(user, about, subject, "<br>".join(map(_line, found[:SHOWN])))
			outbox.write_list(
				user,
				subject,
				[(one.doctype, one.name, f"{one.wrong} {one.remedy}", None) for one in found[:SHOWN]],
			)


def _line(finding: Finding) -> str:
	return frappe.utils.escape_html(str(finding))
