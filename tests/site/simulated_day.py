"""Orders of all types on their way through the review, taken there by random but lawful actors on a clock of ours.

Every actor chooses among what the role may do in the order's state, by a seeded dice. A refusal by a rule of the app is
an actor's mistake: it is counted, and must leave nothing behind. Any other exception ends the day.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate

from order_review.api import delivery_commitment as delivery_api
from order_review.constants import (
	DELEGATION,
	DELIVERY_COMMITMENT,
	INTENT_ORDER,
	PRICE_REVIEW,
	REVIEW_TASK,
	SPECIAL_COST,
	SPECIAL_DEVELOPMENT,
	SPECIAL_REQUEST,
	TECHNICAL_ISSUE,
)
from order_review.demo.people import address
from order_review.demo.special_options import _quote, sample_requests
from order_review.engine.opinions import AGREE, CONDITION, NOT_CONCERNED, OBJECT
from order_review.exceptions import OrderReviewError
from order_review.services import (
	delivery_commitment,
	guard,
	intent_steps,
	price_approval,
	review_tasks,
	technical_issues,
)
from tests.site.clock import Clock
from tests.site.reviewing import AGREED, WHO, bid_file
from tests.site.samples import order_of

FINAL = frozenset({"Valid", "Withdrawn", "Expired", "Converted"})
LADDER = {"L1": "MM", "L2": "SM", "L3": "VP", "L4": "PC"}
STOCK: dict[str, Any] = {
	"order_type": "Stock",
	"customer": None,
	"dealer": None,
	"customer_is_new": 0,
	"sales_plan": "2027年一季度华南备货计划",
	"policies": [],
}
KINDS: tuple[tuple[str, dict[str, Any], int], ...] = (
	("IO-01", {}, 5),
	("IO-02", {}, 5),
	("IO-03", {}, 4),
	("IO-04", {"incoterm": "FOB", "dest_country": "Peru"}, 4),
	("IO-05", {}, 3),
	("IO-06", {}, 3),
	("IO-02", STOCK, 4),
	("IO-07", {}, 1),
	("IO-08", {}, 2),
	("IO-09", {}, 1),
	("IO-10", {}, 2),
	("IO-11", {}, 2),
	("IO-12", {}, 1),
)
"""Sample, what is changed on it, and how often it comes."""

REASONS = {
	"Return": ("RT-DATA 资料不全", "RT-PRICE 价格要重报", "RT-OBJ 部门反对"),
	"Veto": ("VT-OTHER 客户撤项", "VT-BUILD 无法制造"),
}
OBJECTIONS = {
	"TECH": "OB-FEAS",
	"FIN": "OB-PRICE",
	"PLAN": "OB-DATE",
	"SUPPLY": "OB-SUPPLY",
	"QA": "OB-QUAL",
	"SERVICE": "OB-SERV",
}
SAYS_NO = {"TECH": {"verdict_feasible": "No"}, "FIN": {"price_ok": "Wrong"}}

Move = Callable[[str], None]

_OF_USER = ("role_permissions", "new_doc_templates", "user_perms")
"""What a request knows of its user."""

_desks: dict[str, dict[str, Any]] = {}


@contextmanager
def acting(code: str) -> Iterator[None]:
	"""As the sample user with a role, who goes on where he left off.

	Frappe forgets everything it has cached when the user changes; with thousands of changes that is most of the day.
	"""
	before = frappe.session.user
	_sit_down(address(code))
	try:
		yield
	finally:
		_sit_down(before)


def _sit_down(user: str) -> None:
	_desks[frappe.session.user] = {name: getattr(frappe.local, name, None) for name in _OF_USER}
	desk = _desks.get(user) or {"role_permissions": {}, "new_doc_templates": {}, "user_perms": None}
	frappe.session.user = frappe.session.sid = user
	for name, value in desk.items():
		setattr(frappe.local, name, value)


class Day:
	"""Orders, actors and the clock.

	Args:
		seed: of the dice.
		clock: the site's time, moved on with each step.
	"""

	def __init__(self, seed: int, clock: Clock) -> None:
		self.dice = random.Random(seed)
		self.clock = clock
		self.orders: list[str] = []
		self.samples: dict[str, Any] = {}
		self.moves: Counter[str] = Counter()
		self.refusals: Counter[str] = Counter()
		self.absent: dict[str, str] = {}
		self.calmed: set[str] = set()

	# --- the course of the day -----------------------------------------------------------------------------

	def begin(self, count: int) -> None:
		"""Salespeople and the intent clerk enter so many orders."""
		south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
		for name in frappe.get_all(SPECIAL_REQUEST, pluck="name"):  # all orders are of this market department
			frappe.db.set_value(SPECIAL_REQUEST, name, "market_department", south)
		kinds = [kind for kind in KINDS for _time in range(kind[2])]
		for number in range(count):
			sample, values, _weight = kinds[number % len(kinds)]
			self.orders.append(self._enter(sample, values))
			self._pass()

	def _enter(self, sample: str, values: Mapping[str, Any]) -> str:
		south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
		bid = {"tender_no": "TB-2026-118", "bid_file": bid_file()}
		if sample not in self.samples:
			self.samples[sample] = order_of(sample)
		order = frappe.copy_doc(self.samples[sample])
		order.update({"external_id": None, "title": None, "market_department": south, **bid, **values})
		with acting("SP" if self.dice.random() < 0.8 else "IC"):
			order.insert()
		return str(order.name)

	def run(self, most: int = 6_000) -> None:
		"""Let the actors act until every order has come to an end."""
		for _number in range(most):
			open_orders = self.open_orders()
			if not open_orders:
				return
			self._act(self.dice.choice(open_orders))
			self._pass()
		raise AssertionError(f"after {most} moves {len(self.open_orders())} orders are still open")

	def open_orders(self) -> list[str]:
		"""Orders somebody still has to act on; a veto ends an order unless it is lifted soon."""
		states = dict(
			frappe.get_all(INTENT_ORDER, {"name": ["in", self.orders]}, ["name", "status"], as_list=True)
		)
		return [
			name
			for name in self.orders
			if states[name] not in FINAL and (states[name] != "Vetoed" or name not in self.calmed)
		]

	def hand_over(self, absent: str, delegate: str) -> None:
		"""A colleague acts for somebody absent from now on, for a week."""
		today = getdate(self.clock.time)
		with acting(absent):
			frappe.get_doc(
				{
					"doctype": DELEGATION,
					"user": address(absent),
					"delegate": address(delegate),
					"from_date": today,
					"to_date": add_days(today, 7),
					"all_roles": 1,
					"reason": "出差",
				}
			).insert()
		self.absent[absent] = delegate

	def _pass(self) -> None:
		self.clock.forward(seconds=self.dice.randint(2, 30))

	def _act(self, name: str) -> None:
		order = self._look(name)
		choices = self._choices(order)
		label, move = self.dice.choices([one[1:] for one in choices], [one[0] for one in choices])[0]
		frappe.db.savepoint("act")
		try:
			move(name)
		except (OrderReviewError, frappe.PermissionError) as refusal:
			frappe.db.rollback(save_point="act")
			self.refusals[f"{order.status}: {label}: {type(refusal).__name__} {refusal}"[:160]] += 1
		else:
			self.moves[f"{order.status}: {label}"] += 1
		frappe.local.message_log = []

	def _look(self, name: str) -> Any:
		"""What an actor sees in a list of the order, without opening it."""
		row = frappe.db.get_value(INTENT_ORDER, name, "*", as_dict=True)
		return frappe._dict(row, doctype=INTENT_ORDER)

	def _choices(self, order: Any) -> list[tuple[float, str, Move]]:
		"""Weight, name and move of what somebody may do with the order."""
		return getattr(self, "_when_" + order.status.lower().replace(" ", "_"))(order)

	def _step(self, action: str, *codes: str, reason: str | None = None) -> tuple[str, Move]:
		def move(name: str) -> None:
			code = self.dice.choice(codes)
			why = self.dice.choice(REASONS[action]) if action in REASONS else reason
			with acting(code), guard.because(why):
				apply_workflow(frappe.get_doc(INTENT_ORDER, name), action)

		return action, move

	# --- what happens in each state ------------------------------------------------------------------------

	def _when_draft(self, order: Any) -> list[tuple[float, str, Move]]:
		return [
			(10, *self._step("Submit for Review", "SP")),
			(1, "edit", self._edit),
			(0.7, *self._step("Withdraw", "SP")),
		]

	def _when_submitted(self, order: Any) -> list[tuple[float, str, Move]]:
		return [
			(10, *self._step("Receive", "OA", "OA", "OS")),
			(0.4, *self._step("Veto", "OA", "OS")),
			(0.4, *self._step("Withdraw", "SP")),
		]

	def _when_received(self, order: Any) -> list[tuple[float, str, Move]]:
		blocked = frappe.db.exists("Intent Order Finding", {"parent": order.name, "blocks_sending": 1})
		return [
			(1 if blocked else 12, *self._step("Send to Opinions", "OA", "OS")),
			(10 if blocked else 1, *self._step("Return", "OA", "OS")),
			(1, "ask", self._ask),
			(0.4, *self._step("Veto", "OA", "OS")),
			(0.3, *self._step("Withdraw", "SP")),
		]

	def _when_returned(self, order: Any) -> list[tuple[float, str, Move]]:
		choices = [
			(4, "mend", self._mend),
			(6, *self._step("Submit for Review", "SP")),
			(0.6, *self._step("Veto", "OA", "OS")),
			(0.6, *self._step("Withdraw", "SP")),
		]
		if technical_issues.proposals(INTENT_ORDER, order.name):
			choices.append((5, "take over", self._take_over))
		return choices

	def _when_under_opinions(self, order: Any) -> list[tuple[float, str, Move]]:
		choices: list[tuple[float, str, Move]] = [
			(20, "answer", self._answer),
			(1, "take back", self._take_back),
			(0.5, "ask", self._ask),
			(0.2, *self._step("Veto", "OA", "OS")),
			(0.2, *self._step("Withdraw", "SP")),
			*self._questions(order),
			*self._specials(order),
		]
		if review_tasks.blocking_objections(order):
			choices.append((3, *self._step("Return", "OA")))
		return choices

	def _when_consolidating(self, order: Any) -> list[tuple[float, str, Move]]:
		covered = price_approval.is_covered(order)
		choices: list[tuple[float, str, Move]] = [
			(8 if covered else 0.5, *self._step("Make Valid", "OA", "OS")),
			(0.5 if covered else 8, *self._step("Send to Price Approval", "OA", "OS")),
			(0.4, *self._step("Veto", "OA", "OS")),
			(0.4, *self._step("Withdraw", "SP")),
			*self._questions(order),
			*self._specials(order),
		]
		if review_tasks.open_required(order):
			choices.append((12, "answer", self._answer))
		if review_tasks.standing_objections(order):
			choices += [(6, "overrule", self._overrule), (6, *self._step("Return", "OA", "OS"))]
		elif intent_steps.open_errors(order):
			choices.append((8, *self._step("Return", "OA", "OS")))
		else:
			choices.append((0.5, *self._step("Return", "OA", "OS")))
		if not delivery_commitment.standing(INTENT_ORDER, order.name):
			choices.append((8, "promise", self._promise))
		return choices

	def _when_price_approval(self, order: Any) -> list[tuple[float, str, Move]]:
		choices = [
			(0.8, *self._step("Return", "OA", "OS")),
			(0.6, *self._step("Veto", "OA", "OS")),
			*self._questions(order),
			*self._specials(order),
		]
		if not delivery_commitment.standing(INTENT_ORDER, order.name):
			choices.append((8, "promise", self._promise))
		elif price_approval.is_covered(order):
			choices.append((10, *self._step("Make Valid", "OA", "OS")))
		if not price_approval.is_covered(order):
			choices.append((10, "approve price", self._decide_price("Approved")))
			choices.append((1.5, "refuse price", self._decide_price("Rejected")))
		return choices

	def _when_vetoed(self, order: Any) -> list[tuple[float, str, Move]]:
		return [(1, *self._step("Lift Veto", "SM", reason="客户重新确认")), (1.5, "leave", self.calmed.add)]

	# --- moves of the salesperson --------------------------------------------------------------------------

	def _edit(self, name: str) -> None:
		order = frappe.get_doc(INTENT_ORDER, name)
		with acting("SP"):
			order.qty = max(1, order.qty + self.dice.choice((-1, 1, 2)))
			order.save()

	def _mend(self, name: str) -> None:
		"""Put right what the findings name; where there is nothing, offer another price."""
		order = frappe.get_doc(INTENT_ORDER, name)
		codes = {row.code for row in order.findings}
		with acting("SP"):
			if codes & {"CFG_RULE", "CFG_MISSING", "CFG_NOT_OFFERED", "CCC_MISSING", "GRADE_NOT_MET"}:
				model = frappe.get_doc("Vehicle Model", order.model)
				order.update({"configuration": [], "grade": model.grades[0].grade})
			for row in order.configuration:
				row.update({"claimed_price": 0, "is_claimed": 0})
			order.update({"claimed_base_price": 0, "policies": [], "price_book": "PB-2026H2"})
			order.save()
			if order.review_price:
				step = self.dice.choice((-0.035, -0.008, 0.0, 0.005))
				order.negotiated_unit = round(order.review_price / (order.fx_rate or 1) * (1 + step), -2)
				order.save()

	def _take_over(self, name: str) -> None:
		with acting("SP"):
			technical_issues.take_over(INTENT_ORDER, name)

	# --- questions -----------------------------------------------------------------------------------------

	def _ask(self, name: str) -> None:
		order = frappe.get_doc(INTENT_ORDER, name)
		about = self.dice.choice(
			({"field_name": "requested_delivery"}, {"family": order.configuration[0].family}, {})
		)
		question = {"question": "请确认客户的用途?", "blocking": int(self.dice.random() < 0.7), **about}
		askers = [code for code in ("TR", "OA", "QA", "PM") if code not in self.absent]
		with acting(self.dice.choice(askers)):
			technical_issues.ask(INTENT_ORDER, name, question)

	def _questions(self, order: Any) -> list[tuple[float, str, Move]]:
		filters = {"reference_name": order.name, "status": ["!=", "Closed"]}
		return [
			(
				6,
				"answer question" if row.status in ("Open", "Reopened") else "close question",
				self._handle(row),
			)
			for row in frappe.get_all(TECHNICAL_ISSUE, filters, ["name", "status", "raised_by", "field_name"])
		]

	def _handle(self, issue: Any) -> Move:
		def move(_order: str) -> None:
			if issue.status in ("Open", "Reopened"):
				proposal = {"answer_value": "2027-04-30"} if issue.field_name else {}
				with acting("SP"):
					technical_issues.answer(issue.name, {"answer": "客户已书面确认", **proposal})
				return
			asker = issue.raised_by.split("@")[0].upper()
			with acting(self._present(asker)):
				if self.dice.random() < 0.2:
					technical_issues.reopen(issue.name, "还不清楚")
				else:
					technical_issues.close(issue.name, accept=self.dice.random() < 0.5, reason=None)

		return move

	# --- opinions ------------------------------------------------------------------------------------------

	def _present(self, code: str) -> str:
		return self.absent.get(code, code)

	def _answer(self, name: str) -> None:
		order = self._look(name)
		filters = {"reference_name": name, "review_round": order.review_round, "status": "Open"}
		found = frappe.get_all(REVIEW_TASK, filters, ["name", "department"], order_by="name")
		if not found:
			raise OrderReviewError("nobody is asked")
		task = self.dice.choice(found)
		with acting(self._present(WHO[task.department])):
			review_tasks.answer(task.name, self._opinion(order, task.department))

	def _opinion(self, order: Any, department: str) -> dict[str, Any]:
		said = dict(AGREED.get(department, {}))
		gap = {"parent": order.name, "code": "CCC_MISSING"}
		needs_extension = department == "TECH" and frappe.db.exists("Intent Order Finding", gap)
		dice = self.dice.random() * (1 if order.review_round < 3 else 0.6)
		if needs_extension:
			said["verdict_ccc"] = "Extension Needed"
		if needs_extension or 0.6 < dice < 0.75:
			condition = {
				"condition_text": "CCC扩展" if needs_extension else "客户补充确认函",
				"condition_responsible": "技术中心",
				"condition_due": "2027-01-15",
				"condition_before": "Contract Effective",
			}
			return {**said, **condition, "opinion": CONDITION}
		if dice >= 0.91:
			reason = {"reason_code": OBJECTIONS.get(department, "OB-OTHER"), "acceptable_if": "改配置或改价"}
			return {**said, **SAYS_NO.get(department, {}), **reason, "opinion": OBJECT}
		if dice >= 0.83 and department not in ("TECH", "FIN", "PLAN"):
			return {"opinion": NOT_CONCERNED}
		return {**said, "opinion": AGREE}

	def _take_back(self, name: str) -> None:
		order = self._look(name)
		filters = {"reference_name": name, "review_round": order.review_round, "status": "Answered"}
		found = frappe.get_all(REVIEW_TASK, filters, ["name", "department"], order_by="name")
		if not found:
			raise OrderReviewError("nothing is said yet")
		task = self.dice.choice(found)
		with acting(self._present(WHO[task.department])):
			review_tasks.withdraw(task.name, "看错了图纸")

	def _overrule(self, name: str) -> None:
		order = self._look(name)
		department = self.dice.choice(review_tasks.standing_objections(order))
		filters = {
			"reference_name": name,
			"review_round": order.review_round,
			"department": department,
			"status": "Answered",
			"opinion": "Object",
		}
		with acting("SM"):
			review_tasks.overrule(frappe.db.get_value(REVIEW_TASK, filters), "客户坚持,由销售业务部承担")

	# --- price, special options, delivery ------------------------------------------------------------------

	def _decide_price(self, decision: str) -> Move:
		def move(name: str) -> None:
			level = frappe.db.get_value(PRICE_REVIEW, {"intent_order": name}, "approval_level")
			with acting(LADDER[level]):
				price_approval.decide(name, decision, "竞争需要")

		return move

	def _specials(self, order: Any) -> list[tuple[float, str, Move]]:
		filters = {"parent": order.name, "parenttype": INTENT_ORDER, "is_priced": 0}
		unpriced = frappe.get_all("Intent Order Special", filters, pluck="request_no")
		return [(4, "price a special option", self._price(number)) for number in unpriced]

	def _price(self, number: str) -> Move:
		"""The next step of a special option's request on its way to a released price."""

		def move(_order: str) -> None:
			status = frappe.db.get_value(SPECIAL_REQUEST, number, "status")
			getattr(self, "_price_" + status.lower().replace(" ", "_"))(number)

		return move

	def _price_requested(self, number: str) -> None:
		self._special_step(number, "OA", "Send to Technical")

	def _price_technical(self, number: str) -> None:
		known = sample_requests()[0]
		with acting("TR"):
			request = frappe.get_doc(SPECIAL_REQUEST, number)
			request.update(known["technical"])
			request.save()
			frappe.get_doc({"doctype": SPECIAL_DEVELOPMENT, "request_no": number, "dev_cost": 1800}).insert()
		self._special_step(number, "TR", "Finish Technical Check")

	def _price_costing(self, number: str) -> None:
		_quote(number, sample_requests()[0]["quotations"][0])
		self._special_step(number, "SU", "Finish Costing")

	def _price_pricing(self, number: str) -> None:
		with acting("MP"):
			sheet = frappe.get_doc(SPECIAL_COST, number)
			sheet.update(sample_requests()[0]["price"])
			sheet.save()
		self._special_step(number, "MP", "Send to Finance")

	def _price_finance_check(self, number: str) -> None:
		self._special_step(number, "FR", "Release Price")

	def _special_step(self, number: str, code: str, action: str) -> None:
		with acting(code):
			apply_workflow(frappe.get_doc(SPECIAL_REQUEST, number), action)

	def _promise(self, name: str) -> None:
		"""The order administrator asks Planning, Planning proposes a date."""
		found = delivery_commitment.live(INTENT_ORDER, name)
		if not found:
			with acting("OA"):
				found = delivery_api.request(INTENT_ORDER, name)
		with acting("PL"):
			commitment = frappe.get_doc(DELIVERY_COMMITMENT, found)
			commitment.committed_date = "2027-03-10"
			commitment.save()
			apply_workflow(frappe.get_doc(DELIVERY_COMMITMENT, found), "Propose")
