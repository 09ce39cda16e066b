"""A full day of the review: orders of the six types to their end, and what must hold of every one."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import cycle, pairwise
from typing import Any

import frappe
import pytest
from frappe.utils import get_datetime

from order_review.constants import INTENT_ORDER, REVIEW_TASK, TECHNICAL_ISSUE
from order_review.engine.opinions import OPINIONS
from order_review.services import (
	clocks,
	deadlines,
	delivery_commitment,
	intent_steps,
	price_approval,
	review_tasks,
	technical_issues,
)
from order_review.services.contracts import make
from order_review.services.verify import checker
from tests.site import contracting
from tests.site.clock import clock_at
from tests.site.simulated_day import Day, acting

pytestmark = pytest.mark.usefixtures("demo_site")

CLOSED = ("Valid", "Vetoed", "Expired", "Withdrawn")
CLOCKLESS = frozenset({"Draft", *CLOSED})
"""States in which nobody is waited for."""

TYPES = {"Direct", "Dealer", "Tender", "Internal", "Stock", "Export"}
STATES = {
	"Draft",
	"Submitted",
	"Received",
	"Under Opinions",
	"Consolidating",
	"Price Approval",
	"Returned",
	*CLOSED,
}
NEVER_HERE = {"Converted"}
"""A contract's business."""


def test_twenty_orders_come_to_their_end_and_everything_adds_up() -> None:
	day = _a_day(early=6, late=14)
	reached = Counter(_events(day.orders))
	assert {state for _before, state in reached} >= {"Received", "Under Opinions", "Consolidating", "Valid"}
	assert len({order.order_type for order in _orders(day.orders)}) >= 3
	assert sum(reached.values()) >= 100


@pytest.mark.long
def test_two_hundred_orders_come_to_their_end_and_everything_adds_up() -> None:
	_check_reach(_a_day(early=60, late=140))


def _a_day(early: int, late: int) -> Day:
	"""A day at whose end everything adds up.

	Args:
		early: orders whose validity ends within the day's story.
		late: orders of the day itself.
	"""
	with clock_at("2026-10-20 08:30") as clock:
		day = Day(20261123, clock)
		day.begin(early)
		day.run()
		contracts = _contracted_in_part(day.orders)
		clock.set("2026-11-23 08:30")  # the first orders' thirty days are over
		assert intent_steps.expire_orders() >= early // 12
		_turns_of(contracts)
		day.begin(late)
		day.hand_over("QA", "CS")
		day.run()
		assert _wrongs(day.orders, clock.time) == []
		assert [str(finding) for finding in checker.run()] == []
		return day


def _contracted_in_part(names: list[str]) -> list[str]:
	"""Contracts over a part of valid orders, made by the salesperson before their orders expire."""
	contracts = []
	for order in _orders(names):
		if order.status == "Valid" and order.qty > 1 and order.customer:
			frappe.db.set_value("Customer", order.customer, "customer_info_verified", 1)
			with acting("SP"):
				contracts.append(make.make([order.name], {order.name: order.qty // 2}))
			contracting.change(contracts[-1], dealer_authorisation="/private/files/authorisation.pdf")
	assert contracts
	return contracts


def _turns_of(contracts: list[str]) -> None:
	"""One is withdrawn after its order has expired, one vetoed, one vetoed with the veto lifted."""
	for name, turn in zip(contracts, cycle((("Withdraw",), ("Veto",), ("Veto", "Lift Veto"))), strict=False):
		if turn[0] == "Veto":
			contracting.take(name, "Submit for Review", "SP")
		for action in turn:
			code = {"Withdraw": "SP", "Veto": "OA", "Lift Veto": "SM"}[action]
			contracting.take(name, action, code, "VT-OTHER 客户撤项")


# --- reach: nothing passes because nothing happened ---------------------------------------------------------


def _check_reach(day: Day) -> None:
	events = _events(day.orders)
	reached = Counter(after for _before, after in events)
	assert {state: reached[state] for state in STATES if reached[state] < 5} == {}
	assert {order.order_type for order in _orders(day.orders)} == TYPES
	taken = set(events)
	workflow = frappe.get_doc("Workflow", {"document_type": INTENT_ORDER, "is_active": 1})
	wanted = {(row.state, row.next_state) for row in workflow.transitions}
	system = {move for move in intent_steps.PROCESS.system_moves if not NEVER_HERE.intersection(move)}
	assert sorted((wanted | system) - taken) == []
	_check_moves(day)


def _check_moves(day: Day) -> None:
	names = {label.split(": ", 1)[1] for label in day.moves}
	assert names >= {
		"answer",
		"take back",
		"overrule",
		"ask",
		"answer question",
		"close question",
		"take over",
		"approve price",
		"refuse price",
		"price a special option",
	}
	said = Counter(frappe.get_all(REVIEW_TASK, {"reference_name": ["in", day.orders]}, pluck="opinion"))
	assert {one: said[one] for one in OPINIONS if said[one] < 5} == {}
	acted_for = {"reference_name": ["in", day.orders], "on_behalf_of": ["is", "set"]}
	assert frappe.db.count(REVIEW_TASK, acted_for) >= 5
	assert (
		frappe.db.count(REVIEW_TASK, {"reference_name": ["in", day.orders], "carried_from": ["is", "set"]})
		>= 5
	)
	assert frappe.db.count(REVIEW_TASK, {"reference_name": ["in", day.orders], "status": "Void"}) >= 1
	assert sum(day.refusals.values()) < sum(day.moves.values()) / 2, day.refusals.most_common(12)


# --- what must hold -----------------------------------------------------------------------------------------


def _events(names: list[str]) -> list[tuple[str, str]]:
	"""The steps taken: from which state to which."""
	filters = {"parent": ["in", names], "parenttype": INTENT_ORDER}
	rows = frappe.get_all("Document Event", filters, ["from_status", "to_status"])
	return [(row.from_status, row.to_status) for row in rows]


def _orders(names: list[str]) -> list[Any]:
	return [frappe.get_doc(INTENT_ORDER, name) for name in names]


def _wrongs(names: list[str], now: datetime) -> list[str]:
	"""Every broken invariant, as a sentence."""
	wrongs: list[str] = []
	split = clocks.time_splits(INTENT_ORDER, names)
	for order in _orders(names):
		found = [*_state(order), *_chain(order), *_time(order, split[order.name], now), *_tasks(order)]
		if order.status in ("Valid", "Expired"):
			found += _valid(order)
		wrongs += [f"{order.name} ({order.order_type}, {order.status}): {one}" for one in found]
	return wrongs


def _state(order: Any) -> list[str]:
	found = []
	if order.status not in CLOSED:
		found.append("has not come to an end")
	if order.docstatus != intent_steps.PROCESS.docstatus.get(order.status, 0):
		found.append(f"has docstatus {order.docstatus}")
	waiting = {"reference_name": order.name, "status": ["!=", "Closed"], "blocking": 1}
	if frappe.db.exists(TECHNICAL_ISSUE, waiting):
		found.append("has an open question that blocks")
	return found


def _chain(order: Any) -> list[str]:
	"""Each step begins where the last one ended; nothing stands without its step."""
	steps = order.events
	found = []
	if (steps[0].from_status or "", steps[0].to_status) != ("", "Draft"):
		found.append(f"began with {steps[0].from_status} → {steps[0].to_status}")
	for before, after in pairwise(steps):
		if after.from_status != before.to_status:
			found.append(f"went from {before.to_status} on as {after.from_status}")
		if get_datetime(after.occurred_at) < get_datetime(before.occurred_at):
			found.append(f"went back in time at {after.to_status}")
	if steps[-1].to_status != order.status:
		found.append(f"stands in {order.status} without a step; the last led to {steps[-1].to_status}")
	found += [
		f"step {row.idx} has no {name}"
		for row in steps
		for name in ("actor", "content_hash")
		if not row.get(name)
	]
	returns = [row for row in steps if row.to_status in ("Returned", "Vetoed")]
	return found + [f"was {row.to_status} without a reason" for row in returns if not row.reason]


def _time(order: Any, split: dict[str, float], now: datetime) -> list[str]:
	"""The hours of all sides are the working hours the order was on its way."""
	time, moments = deadlines.working_time(), [get_datetime(row.occurred_at) for row in order.events]
	ends = [*moments[1:], now]
	hours = sum(
		time.hours_between(begin, end)
		for row, begin, end in zip(order.events, moments, ends, strict=True)
		if row.to_status not in CLOCKLESS
	)
	if abs(hours - sum(split.values())) > 0.05:
		return [f"was {hours:.2f} h on its way, but its sides have {split}"]
	return [f"{side} has {value} h" for side, value in split.items() if value < 0]


def _tasks(order: Any) -> list[str]:
	tasks = frappe.get_all(REVIEW_TASK, {"reference_name": order.name}, ["*"])
	found = [f"{row.department} is still asked ({row.name})" for row in tasks if row.status == "Open"]
	for row in tasks:
		if row.status == "Answered" and not (row.user and row.opinion and row.answered_at):
			found.append(f"{row.name} is answered by nobody")
		if row.review_round > order.review_round:
			found.append(f"{row.name} belongs to a round that was not")
		if (row.hours_used or 0) < 0 or (row.paused_hours or 0) < 0:
			found.append(f"{row.name} used {row.hours_used} h, paused {row.paused_hours} h")
	answered = Counter(
		row.department for row in tasks if row.status == "Answered" and row.review_round == order.review_round
	)
	return found + [
		f"{department} answered {count} times" for department, count in answered.items() if count > 1
	]


def _valid(order: Any) -> list[str]:
	"""What makes an order valid stands."""
	found = []
	if intent_steps.open_errors(order):
		found.append(f"has open errors {intent_steps.open_errors(order)}")
	if review_tasks.standing_objections(order):
		found.append(f"has objections {review_tasks.standing_objections(order)}")
	if review_tasks.open_required(order):
		found.append(f"still waits for {review_tasks.open_required(order)}")
	if technical_issues.blocking_open(INTENT_ORDER, order.name):
		found.append("has an open question")
	found += [f"{row.request_no} has no price" for row in order.specials if not row.is_priced]
	if not price_approval.is_covered(order):
		found.append("has a price nobody approved")
	if order.status == "Valid" and not delivery_commitment.standing(INTENT_ORDER, order.name):
		found.append("has no delivery date")
	if not order.valid_until:
		found.append("is valid for ever")
	return found
