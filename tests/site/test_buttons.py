"""What a form offers is what the server takes: every step and every button of every guarded document, for every role.

What a step or a button still asks to be filled in or settled it says itself; what is not the user's to do at all, now and
on this document, is not shown, and refused to whoever asks for it all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import frappe
import pytest
from frappe.desk.form.load import getdoc
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_name

from order_review.api import conditions as conditions_api
from order_review.api import (
	contracts,
	delivery_commitment,
	order_types,
	price_approval,
	production_configuration,
	quality,
	review_tasks,
	special_options,
	technical_issues,
)
from order_review.api import workflow as steps
from order_review.constants import PORTAL_ROLES, ROLES
from order_review.exceptions import FieldLockedError, SelfApprovalError, StatusChangeError
from order_review.services import guard
from order_review.services.quality.assessment import ASSESSABLE
from tests.site.reviewing import ready, step

pytestmark = pytest.mark.usefixtures("demo_site")

PEOPLE = [code for code in ROLES if code not in PORTAL_ROLES]
NOT_YOURS = (frappe.PermissionError, SelfApprovalError, FieldLockedError)


def guarded() -> list[str]:
	"""DocTypes of the app whose documents are guarded."""
	ours = frappe.get_all(
		"DocType", {"module": ["in", frappe.get_module_list("order_review")], "istable": 0}, pluck="name"
	)
	return [name for name in ours if issubclass(get_controller(name), guard.GuardedDocument)]


@contextmanager
def undone() -> Iterator[None]:
	"""What is written inside is taken back."""
	frappe.db.savepoint("undone")
	try:
		yield
	finally:
		frappe.db.rollback(save_point="undone")
		frappe.clear_messages()
		frappe.flags.order_review_system_saves = set()


def fault_of(act: Callable[[], Any]) -> Exception | None:
	"""What an act is refused with; nothing of it stays."""
	with undone():
		try:
			act()
		except Exception as fault:
			return fault
	return None


def put(doctype: str, name: str, status: str) -> None:
	"""Bring a document into a status past its steps."""
	docstatus = get_controller(doctype).process.docstatus.get(status, 0)
	frappe.db.set_value(doctype, name, {"status": status, "docstatus": docstatus}, update_modified=False)
	frappe.clear_document_cache(doctype, name)


def each_state(doctype: str) -> Iterator[tuple[str, str]]:
	"""A document of the DocType in each status of its workflow: one that is there, or one that is put into it."""
	workflow = frappe.get_cached_doc("Workflow", get_workflow_name(doctype))
	there = {row.status: row.name for row in frappe.get_all(doctype, fields=["name", "status"])}
	assert there, f"the demo has no {doctype}"
	for status in dict.fromkeys(row.state for row in workflow.states):
		with undone():
			name = there.get(status) or next(iter(there.values()))
			put(doctype, name, status)
			yield status, name


def as_reader(document: Document) -> Iterator[str]:
	"""Everybody who may read a document that is read once for all."""
	for code in PEOPLE:
		frappe.set_user(f"{code.lower()}@review.localhost")
		if document.has_permission("read"):
			yield code
	frappe.set_user("Administrator")


def taking(stored: Document, after: str) -> Callable[[], None]:
	"""The step into a status, as far as the guard judges it."""

	def take() -> None:
		document = frappe.get_doc(stored.as_dict())
		document.check_permission("write")
		document.status = after
		document.docstatus = document.process.docstatus.get(after, 0)
		document._doc_before_save = stored
		with guard.because("RT-OTHER reason"):
			guard.check(document)

	return take


def is_foreign(fault: Exception | None) -> bool:
	"""Whether a step is refused because it is not the user's, not because something is to be filled in or settled."""
	return isinstance(fault, NOT_YOURS) or type(fault) is StatusChangeError


def test_every_guarded_document_is_looked_at() -> None:
	assert len(guarded()) >= 17
	assert {name for name in guarded() if get_workflow_name(name)} | {
		"Review Condition",
		"Review Task",
		"Blind Translation",
	} == set(guarded())


def test_of_the_steps_those_are_offered_that_are_taken() -> None:
	found: Counter[bool] = Counter()
	wrong = []
	for doctype in filter(get_workflow_name, guarded()):
		moves = frappe.get_cached_doc("Workflow", get_workflow_name(doctype)).transitions
		for status, name in each_state(doctype):
			leading = {row.action: row.next_state for row in moves if row.state == status}
			document = frappe.get_doc(doctype, name)
			for code in as_reader(document):
				offered = {row["action"] for row in steps.offered(document)}
				assert not offered & document.process.asking
				reached = {
					leading[action] for action in offered
				}  # the guard knows where a step leads, not its name
				for action in leading.keys() - document.process.asking:
					fault = fault_of(taking(document, leading[action]))
					is_offered = action in offered
					found[is_offered] += 1
					if is_foreign(fault) if is_offered else fault is None and leading[action] not in reached:
						wrong.append((doctype, status, code, action, is_offered, repr(fault)))
	assert not wrong
	assert found[True] >= 100  # the documents of the demo stand in many states
	assert found[False] >= 500


CALLS: dict[tuple[str, str], Callable[[str], Any]] = {
	("Intent Order", "request_price_approval"): price_approval.request,
	("Intent Order", "decide_price"): lambda name: price_approval.decide(name, "Approved", "reason"),
	("Intent Order", "copy_for_review"): review_tasks.copy_to_revalidate,
	("Intent Order", "request_delivery"): lambda name: _request_delivery(name),
	("Intent Order", "verify_customer"): order_types.verify_customer,
	("Intent Order", "make_contract"): lambda name: contracts.make([name]),
	("Sales Contract", "decide_price"): lambda name: contracts.decide_price(name, "Approved", "reason"),
	("Sales Contract", "log_seal"): lambda name: contracts.log_seal(name, "1", 4),
	("Sales Contract", "confirm_deposit"): contracts.confirm_deposit,
	("Sales Contract", "look_at_quality"): lambda name: _look_at_quality(name),
	("Production Configuration", "audit"): lambda name: production_configuration.tick(name, [], True),
	("Review Task", "answer"): lambda name: review_tasks.answer(
		name, {"opinion": "Not Concerned", "note": "no"}
	),
	("Review Task", "withdraw"): lambda name: review_tasks.withdraw(name, "reason"),
	("Review Task", "assign"): lambda name: review_tasks.assign(name, "tr@review.localhost"),
	("Review Task", "overrule"): lambda name: review_tasks.overrule(name, "reason"),
	("Technical Issue", "answer"): lambda name: technical_issues.answer(name, {"answer": "so"}),
	("Technical Issue", "close"): lambda name: technical_issues.close(name, reason="reason"),
	("Technical Issue", "reopen"): lambda name: technical_issues.reopen(name, "reason"),
	("Review Condition", "meet"): lambda name: conditions_api.meet(name, "seen"),
	("Review Condition", "waive"): lambda name: conditions_api.waive(name, "reason"),
	("Blind Translation", "hand_in"): production_configuration.hand_in,
	("Blind Translation", "fill_in"): lambda name: production_configuration.fill_in(name, []),
	("Blind Translation", "assign"): lambda name: (
		production_configuration.assign_blind(name, "au@review.localhost")
	),
	("Contract Quality Assessment", "appeal"): lambda name: quality.appeal(name, "row", "grounds"),
	("Contract Quality Assessment", "decide"): lambda name: quality.decide(name, "row", "Upheld", "note"),
	("Special Option Request", "add_quotation"): lambda name: _quotation(name).insert(),
	("Special Option Request", "state_development_cost"): lambda name: (
		special_options.state_development_cost(name, 100)
	),
	("Special Option Request", "make_price"): lambda name: _make_price(name),
	("Special Option Request", "catalogue"): lambda name: special_options.catalogue(name, "none"),
	("Special Option Request", "price_notice"): special_options.price_notice_pdf,
	**{
		(doctype, "ask_question"): (
			lambda name, doctype=doctype: technical_issues.ask(
				doctype, name, {"kind": "Question", "question": "?"}
			)
		)
		for doctype in ("Intent Order", "Sales Contract", "Production Configuration")
	},
	**{
		(doctype, "take_over"): lambda name, doctype=doctype: technical_issues.take_over(doctype, name)
		for doctype in ("Intent Order", "Sales Contract")
	},
	**{
		(doctype, "add_condition"): lambda name, doctype=doctype: conditions_api.add(doctype, name, {})
		for doctype in ("Intent Order", "Sales Contract")
	},
}
"""Button → the call it makes, with as little as it takes."""


def _request_delivery(order: str) -> None:
	"""A date that was asked for already is not asked for again."""
	before = frappe.db.count("Delivery Date Commitment")
	delivery_commitment.request("Intent Order", order)
	if frappe.db.count("Delivery Date Commitment") == before:
		raise frappe.DuplicateEntryError


def _look_at_quality(contract: str) -> None:
	"""As the button does: who drafts assessments drafts it, others look for it."""
	if frappe.db.get_value("Sales Contract", contract, "status") not in ASSESSABLE:
		raise frappe.DoesNotExistError
	if {"Order Administrator", "Order Supervisor"} & set(frappe.get_roles()):
		quality.draft(contract)
		return
	(name,) = frappe.get_list("Contract Quality Assessment", {"sales_contract": contract}, pluck="name") or [
		""
	]
	if not name:
		raise frappe.DoesNotExistError


def _quotation(request: str) -> Document:
	supplier = frappe.db.get_value("Supplier", {}, "name")
	values = {"request_no": request, "supplier": supplier, "unit_cost": 1, "valid_to": "2099-12-31", "moq": 1}
	return frappe.new_doc("Special Option Quotation", **values)


def _make_price(request: str) -> None:
	"""The price sheet is opened when costing is finished; here it only matters who writes it, and when."""
	if not frappe.db.exists("Special Option Cost", request):
		sheet = frappe.new_doc("Special Option Cost", request_no=request, qty=1, unit_cost=10)
		sheet.name = request
		guard.write(sheet, {})
	sheet = frappe.get_doc("Special Option Cost", request)
	sheet.markup_pct = 20 + (sheet.markup_pct or 0)
	sheet.save()


def test_every_button_has_its_call_here() -> None:
	assert {(name, offer) for name in guarded() for offer in get_controller(name).offers} == set(CALLS)


def test_the_form_is_told_what_it_offers() -> None:
	frappe.set_user("oa@review.localhost")
	name = frappe.db.get_value("Intent Order", {"external_id": "IO-01"})
	frappe.response.docs = []
	getdoc("Intent Order", name)
	told = frappe.response.docs[0].get("__onload").offers
	assert told == guard.offered(frappe.get_doc("Intent Order", name))
	assert "request_price_approval" in told
	assert "decide_price" not in told


@pytest.mark.parametrize("doctype", sorted({doctype for doctype, _offer in CALLS}))
def test_of_the_buttons_those_are_offered_that_work(doctype: str) -> None:
	wrong = []
	for status, name in _states_of(doctype):
		document = frappe.get_doc(doctype, name)
		for code in as_reader(document):
			offered = guard.offered(document)
			for offer in get_controller(doctype).offers:
				fault = fault_of(lambda offer=offer, name=name: CALLS[doctype, offer](name))
				is_offered = offer in offered
				if isinstance(fault, NOT_YOURS) if is_offered else fault is None:
					wrong.append((doctype, status, code, offer, is_offered, repr(fault)))
	assert not wrong


def _states_of(doctype: str) -> Iterator[tuple[str, str]]:
	"""States of documents with a workflow; of others what the demo has of each."""
	if get_workflow_name(doctype):
		yield from each_state(doctype)
		return
	for row in frappe.get_all(doctype, fields=["name", "status"]):
		yield row.status, row.name


def test_who_writes_in_a_state_may_edit_the_form_in_it() -> None:
	"""Frappe's form is read only to whose role does not stand beside the state."""
	missing = []
	for doctype in filter(get_workflow_name, guarded()):
		workflow = frappe.get_cached_doc("Workflow", get_workflow_name(doctype))
		process = get_controller(doctype).process
		for status in {row.state for row in workflow.states}:
			editors = {row.allow_edit for row in workflow.states if row.state == status}
			writers = {name for name, _zh in ROLES.values() if process.writable_by(status, frozenset({name}))}
			missing += [(doctype, status, role) for role in writers - editors]
	once = "Work Quality Record"  # written once, unchanged from then on
	assert not [entry for entry in missing if entry[0] != once]


def test_a_list_offers_steps_that_are_open_on_each_and_ask_nothing() -> None:
	frappe.set_user("oa@review.localhost")
	name = frappe.db.get_value("Intent Order", {"external_id": "IO-02"})
	put("Intent Order", name, "Submitted")
	rows = [{"name": name}]
	assert steps.get_common_transition_actions(rows, "Intent Order") == ["Receive"]  # a veto needs its reason
	draft = {"name": frappe.db.get_value("Intent Order", {"status": "Draft"})}
	assert steps.get_common_transition_actions([*rows, draft], "Intent Order") == []


def test_the_menu_of_a_form_asks_about_what_is_stored() -> None:
	frappe.set_user("oa@review.localhost")
	name = frappe.db.get_value("Intent Order", {"external_id": "IO-02"})
	put("Intent Order", name, "Submitted")
	order = frappe.get_doc("Intent Order", name)
	order.status = "Valid"  # as a client might say
	assert [row["action"] for row in steps.get_transitions(order.as_json())] == ["Receive", "Veto"]
	frappe.set_user("tr@review.localhost")
	assert steps.get_transitions(order.as_json()) == []


def test_after_a_step_the_form_is_told_what_is_open_now() -> None:
	name = ready("IO-02")
	step(name, "Submit for Review", "SP")
	frappe.set_user("oa@review.localhost")
	stepped = steps.apply_workflow(frappe.get_doc("Intent Order", name).as_json(), "Receive")
	assert stepped.status == "Received"
	assert "ask_question" in stepped.as_dict()["__onload"]["offers"]
