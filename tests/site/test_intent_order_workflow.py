"""An intent order from draft to valid: who takes which step, what each asks for, and what no path gets around."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.constants import INTENT_ORDER
from order_review.demo.people import address
from order_review.exceptions import (
	FieldLockedError,
	IntentOrderStepError,
	ReasonMissingError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.services import guard, intent_steps, price_approval
from order_review.setup.workflows import sync_workflows
from tests.site.reviewing import acting, all_agree, change, give, order, ready, step, to_opinions, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def test_submitting_starts_round_one_and_tells_the_order_administrators() -> None:
	name = ready("IO-01")
	assert step(name, "Submit for Review", "SP") == "Submitted"
	document = order(name)
	assert (document.review_round, len(document.rounds)) == (1, 1)
	assert document.due_at is None or document.due_at > document.step_since
	event = document.events[-1]
	assert (event.from_status, event.to_status, event.actor) == ("Draft", "Submitted", "sp@review.localhost")
	assert len(event.content_hash) == 64
	assert frappe.db.exists("Notification Log", {"document_name": name, "for_user": "oa@review.localhost"})


@pytest.mark.parametrize(
	("sample", "missing", "said"),
	[
		("IO-01", {"requested_delivery": None}, "Requested Delivery"),
		("IO-01", {"negotiated_unit": 0}, "Negotiated Price"),
		("IO-01", {"dealer": None}, "Dealer"),
		("IO-02", {"tender_no": None}, "Tender Number"),
		("IO-05", {"internal_purpose": None}, "Purpose"),
		("IO-04", {"incoterm": None}, "Incoterm"),
	],
)
def test_each_order_type_names_what_is_missing(sample: str, missing: dict[str, Any], said: str) -> None:
	name = ready(sample, **missing)
	with pytest.raises(IntentOrderStepError, match=said):
		step(name, "Submit for Review", "SP")
	assert order(name).status == "Draft"


def test_an_open_rule_error_lets_the_order_in_but_not_to_its_opinions() -> None:
	name = to_received("IO-07")
	assert json.loads(order(name).rounds[-1].findings)[0]["code"] == "CFG_RULE"
	with pytest.raises(IntentOrderStepError, match="CFG_RULE"):
		step(name, "Send to Opinions", "OA")
	with pytest.raises(ReasonMissingError):
		step(name, "Return", "OA", "I do not like it")
	assert step(name, "Return", "OA", "RT-CONF 发动机与变速器不匹配") == "Returned"
	document = order(name)
	assert document.rounds[-1].reason_code == "RT-CONF"
	assert document.stop_reason.startswith("RT-CONF")


def test_the_next_round_tells_what_changed() -> None:
	name = to_received("IO-01")
	step(name, "Return", "OA", "RT-PRICE 请核对")
	change(name, negotiated_unit=856000, services=[{"service": "freight", "amount": 3900}])
	step(name, "Submit for Review", "SP")
	document = order(name)
	assert document.review_round == 2
	changes = json.loads(document.rounds[-1].changes)
	assert {(row["field"], row["row"]) for row in changes} == {
		("negotiated_unit", ""),
		("services", "freight"),
	}
	assert (changes[0]["from"], changes[0]["to"]) == (848000, 856000)


def test_findings_are_frozen_once_the_order_is_received() -> None:
	name = to_received("IO-01")
	option = frappe.get_doc("Vehicle Option", "ENG-D247")
	option.lead_days = 300
	option.save()
	order(name).save()
	assert order(name).verdict == "clear"


@pytest.mark.parametrize(
	("status_by", "code"), [("Submitted", "SP"), ("Received", "SP"), ("Received", "OA"), ("Received", "SM")]
)
def test_nobody_edits_while_the_order_is_under_review(status_by: str, code: str) -> None:
	name = ready("IO-01")
	step(name, "Submit for Review", "SP")
	if status_by == "Received":
		step(name, "Receive", "OA")
	with pytest.raises(FieldLockedError):
		change(name, code, negotiated_unit=1)
	assert order(name).negotiated_unit == 848000


def test_who_wrote_an_order_does_not_receive_it() -> None:
	name = ready("IO-01", owner="oa@review.localhost")
	step(name, "Submit for Review", "SP")
	with pytest.raises(SelfApprovalError):
		step(name, "Receive", "OA")
	assert step(name, "Receive", "OS") == "Received"


def test_a_price_below_the_review_price_becomes_valid_through_its_approval_only() -> None:
	name = to_opinions("IO-01")
	all_agree(name)
	with pytest.raises(IntentOrderStepError, match="not approved"):
		step(name, "Make Valid", "OA")
	assert step(name, "Send to Price Approval", "OA") == "Price Approval"
	assert order(name).price_approval == "Needed"
	with pytest.raises(IntentOrderStepError, match="not approved"):
		step(name, "Make Valid", "OA")
	with acting("MM"):
		price_approval.decide(name, "Approved", "老客户")
	assert step(name, "Make Valid", "OA") == "Valid"
	document = order(name)
	assert (document.docstatus, str(document.valid_until)) == (1, add_days(today(), 30))
	assert document.events[-1].content_hash == guard.content_hash(document)


def test_a_refused_price_sends_the_order_back() -> None:
	name = to_opinions("IO-01")
	all_agree(name)
	step(name, "Send to Price Approval", "OA")
	with acting("MM"):
		price_approval.decide(name, "Rejected", "利润太低")
	document = order(name)
	assert (document.status, document.price_approval) == ("Returned", "Rejected")
	assert "利润太低" in document.stop_reason
	assert document.events[-1].is_system


def test_a_veto_has_a_reason_and_only_the_manager_lifts_it() -> None:
	name = to_opinions("IO-01")
	with pytest.raises(ReasonMissingError):
		step(name, "Veto", "OA", "no")
	assert step(name, "Veto", "OA", "VT-CUST 客户被列入黑名单") == "Vetoed"
	assert not frappe.db.exists("Review Task", {"reference_name": name, "status": "Open"})
	with pytest.raises(frappe.ValidationError):
		step(name, "Lift Veto", "OS", "mistake")
	with pytest.raises(ReasonMissingError):
		step(name, "Lift Veto", "SM")
	assert step(name, "Lift Veto", "SM", "客户已还款") == "Received"
	assert order(name).owner_oa == address("OA")  # who lifts a veto does not take the order over


def valid_order() -> str:
	name = to_opinions("IO-02")
	all_agree(name)
	step(name, "Make Valid", "OA")
	return name


def test_a_valid_order_expires_by_itself_and_is_copied_for_another_review() -> None:
	name = valid_order()
	assert intent_steps.expire_orders() == 0
	frappe.db.set_value(INTENT_ORDER, name, "valid_until", add_days(today(), -1))
	assert intent_steps.expire_orders() == 1
	document = order(name)
	assert (document.status, document.docstatus, document.events[-1].is_system) == ("Expired", 1, 1)
	assert intent_steps.expire_orders() == 0
	with acting("SP"):
		copy = order(intent_steps.copy_to_revalidate(name))
	assert (copy.status, copy.docstatus, copy.revalidates, copy.review_round) == ("Draft", 0, name, 0)
	assert not copy.events[0].from_status
	assert not copy.rounds


def by_client_submit(document: Any) -> None:
	from frappe.client import submit

	submit(document.as_dict())


def by_docstatus(document: Any) -> None:
	document.docstatus = 1
	document.save()


def by_set_value(document: Any) -> None:
	from frappe.client import set_value

	set_value(INTENT_ORDER, document.name, {"docstatus": 1})


def by_status(document: Any) -> None:
	from frappe.client import set_value

	set_value(INTENT_ORDER, document.name, "status", "Valid")


def by_both(document: Any) -> None:
	document.update({"status": "Valid", "docstatus": 1})
	document.save()


def by_savedocs(document: Any) -> None:
	from frappe.desk.form.save import savedocs

	savedocs(frappe.as_json(document.as_dict()), "Submit")


def by_run_method(document: Any) -> None:
	document.run_method("submit")


def by_bulk(document: Any) -> None:
	from frappe.client import bulk_update

	change = {"doctype": INTENT_ORDER, "docname": document.name, "docstatus": 1, "status": "Valid"}
	assert bulk_update(frappe.as_json([change]))["failed_docs"]


def by_insert(document: Any) -> None:
	copy = frappe.copy_doc(document)
	copy.docstatus = 1
	copy.insert()


def by_cancel(document: Any) -> None:
	from frappe.client import cancel

	cancel(INTENT_ORDER, document.name)


PATHS = (
	by_client_submit,
	by_docstatus,
	by_set_value,
	by_status,
	by_both,
	by_savedocs,
	by_run_method,
	by_bulk,
	by_insert,
	by_cancel,
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
@pytest.mark.parametrize("code", ["SP", "OA", "Administrator"])
def test_no_path_makes_an_order_valid_without_its_review(path: Any, code: str) -> None:
	name = to_opinions("IO-02")
	orders = frappe.db.count(INTENT_ORDER)
	if code == "Administrator":
		_refused(path, name)
	else:
		with acting(code):
			_refused(path, name)
	assert frappe.db.get_value(INTENT_ORDER, name, ["status", "docstatus"]) == ("Under Opinions", 0)
	assert frappe.db.count(INTENT_ORDER) == orders


def _refused(path: Any, name: str) -> None:
	frappe.db.savepoint("attempt")
	try:
		path(order(name))
	except (frappe.ValidationError, frappe.PermissionError):
		frappe.db.rollback(save_point="attempt")


def test_the_join_is_the_systems_and_a_step_changes_nothing_else() -> None:
	name = to_opinions("IO-02")
	with acting("OA"):
		document = order(name)
		document.status = "Consolidating"
		with pytest.raises(StatusChangeError):
			document.save()
	all_agree(name)
	with acting("OA"):
		document = order(name)
		document.update({"status": "Valid", "docstatus": 1, "qty": 31})
		with pytest.raises(StatusChangeError):
			document.save()


def test_a_valid_order_is_locked_and_cancelled_by_nobody() -> None:
	name = valid_order()
	for code in ("SP", "OA", "SM"):
		with acting(code):
			document = order(name)
			document.negotiated_unit = 1
			with pytest.raises((FieldLockedError, frappe.UpdateAfterSubmitError)):
				document.save()
			with pytest.raises((StatusChangeError, frappe.PermissionError)):
				order(name).cancel()
	document = order(name)
	with pytest.raises(StatusChangeError):
		document.cancel()
	assert frappe.db.get_value(INTENT_ORDER, name, ["status", "docstatus"]) == ("Valid", 1)


def test_an_objection_keeps_the_order_from_becoming_valid() -> None:
	name = to_opinions("IO-02")
	all_agree(name, "SERVICE")
	give(name, "SERVICE", "Object", reason_code="OB-SERV", acceptable_if="质保改为两年")
	assert order(name).has_objections
	with pytest.raises(IntentOrderStepError, match="SERVICE"):
		step(name, "Make Valid", "OA")


def test_a_workflow_an_administrator_changed_is_left_alone() -> None:
	workflow = frappe.get_doc("Workflow", {"document_type": INTENT_ORDER})
	workflow.transitions = [row for row in workflow.transitions if row.action != "Veto"]
	workflow.save()
	sync_workflows()
	actions = {row.action for row in frappe.get_doc("Workflow", workflow.name).transitions}
	assert "Veto" not in actions
	assert "Receive" in actions
