"""A price below the review price is approved by the role of its level, and the approval holds for what was judged."""

from __future__ import annotations

import frappe
import pytest

from order_review.exceptions import PriceApprovalError
from order_review.services import price_approval

PASSWORDLESS = "{}@review.localhost"


def user(code: str) -> str:
	return PASSWORDLESS.format(code)


@pytest.fixture
def order(demo_site: str) -> str:
	"""IO-01: 0.93 % below the review price, for the market department manager."""
	return frappe.db.get_value("Intent Order", {"external_id": "IO-01"}, "name")


def approve_as(
	code: str, order: str, decision: str = "Approved", reason: str = "Repeat customer, ten vehicles"
) -> str:
	frappe.set_user(user(code))
	return price_approval.decide(order, decision, reason)


def shown(order: str) -> str:
	return frappe.db.get_value("Intent Order", order, "price_approval")


def test_the_manager_of_the_level_approves_with_a_reason(order: str) -> None:
	frappe.set_user(user("oa"))
	assert price_approval.request(order) == "Needed"
	told = {"for_user": user("vp"), "document_name": order}
	assert not frappe.db.exists("Notification Log", told)
	assert frappe.db.exists("Notification Log", {**told, "for_user": user("mm")})
	approval = frappe.get_doc("Price Approval", approve_as("mm", order))
	assert (approval.approval_level, approval.role, approval.approver) == (
		"L1",
		"Market Department Manager",
		user("mm"),
	)
	assert (approval.review_price, approval.negotiated, approval.deviation_pct) == (855978, 848000, -0.93)
	assert shown(order) == "Approved"
	assert price_approval.is_covered(frappe.get_doc("Intent Order", order))


def test_a_higher_rung_may_decide_and_a_lower_may_not(order: str) -> None:
	frappe.set_user(user("sp"))
	document = frappe.get_doc("Intent Order", order)
	document.negotiated_unit = 822000
	document.save()  # below the floor: the price committee
	for code in ("oa", "mm", "sm", "vp", "fr", "sp"):
		with pytest.raises(frappe.PermissionError):
			approve_as(code, order)
	assert approve_as("pc", order)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_needs_a_reason(order: str, reason: str) -> None:
	with pytest.raises(PriceApprovalError, match="reason"):
		approve_as("mm", order, reason=reason)
	assert not frappe.db.exists("Price Approval", {"intent_order": order})


def test_a_price_at_the_review_price_needs_no_approval(demo_site: str) -> None:
	frappe.set_user(user("oa"))
	name = frappe.db.get_value("Intent Order", {"external_id": "IO-02"}, "name")
	with pytest.raises(PriceApprovalError, match="no approval"):
		price_approval.request(name)
	assert price_approval.is_covered(frappe.get_doc("Intent Order", name))


def test_nobody_approves_what_he_changed_himself(order: str) -> None:
	frappe.db.set_value("Intent Order", order, "modified_by", user("sm"), update_modified=False)
	with pytest.raises(PriceApprovalError, match="somebody else"):
		approve_as("sm", order)


@pytest.mark.parametrize(
	("field", "value"), [("negotiated_unit", 847000), ("payment_mode", "net_30"), ("qty", 11)]
)
def test_a_changed_input_voids_the_approval_visibly(order: str, field: str, value: object) -> None:
	approval = approve_as("mm", order)
	frappe.set_user(user("sp"))
	document = frappe.get_doc("Intent Order", order)
	document.set(field, value)
	document.save()
	assert shown(order) == "Void"
	assert frappe.db.get_value("Price Approval", approval, ["is_void", "void_reason"]) == (
		1,
		"The order was changed.",
	)
	assert not price_approval.is_covered(frappe.get_doc("Intent Order", order))


def test_a_change_that_touches_no_price_keeps_the_approval(order: str) -> None:
	approve_as("mm", order)
	frappe.set_user(user("sp"))
	document = frappe.get_doc("Intent Order", order)
	document.title = "IO-01 renamed"
	document.save()
	assert shown(order) == "Approved"


def test_the_status_cannot_be_written_by_a_client(order: str) -> None:
	frappe.set_user(user("sp"))
	document = frappe.get_doc("Intent Order", order)
	document.price_approval = "Approved"
	document.save()
	assert not shown(order)


def test_the_record_of_a_decision_is_neither_made_changed_nor_deleted_by_hand(order: str) -> None:
	approval = frappe.get_doc("Price Approval", approve_as("mm", order))
	frappe.set_user("Administrator")
	approval.reason = "another"
	with pytest.raises(PriceApprovalError):
		approval.save()
	with pytest.raises(PriceApprovalError):
		approval.delete()
	copy = frappe.copy_doc(approval)
	with pytest.raises(PriceApprovalError):
		copy.insert()


def test_sales_sees_that_approval_is_needed_and_nothing_of_level_or_floor(order: str) -> None:
	frappe.set_user(user("oa"))
	price_approval.request(order)
	frappe.set_user(user("sp"))
	seen = frappe.get_doc("Intent Order", order)
	assert seen.price_approval == "Needed"
	assert "L1" not in frappe.as_json(seen.as_dict())
	with pytest.raises(frappe.PermissionError):
		frappe.get_list("Price Approval")


def test_the_record_of_an_internal_order_tells_no_cost(demo_site: str) -> None:
	name = frappe.db.get_value("Intent Order", {"external_id": "IO-05"}, "name")
	approval = frappe.get_doc("Price Approval", approve_as("sm", name))
	assert (approval.review_price, approval.deviation_pct) == (0, 0)


def test_nobody_approves_what_he_submitted_himself(order: str) -> None:
	document = frappe.get_doc("Intent Order", order)
	document.append("rounds", {"round_no": 1, "submitted_by": user("sm")}).db_insert()
	with pytest.raises(PriceApprovalError, match="somebody else"):
		approve_as("sm", order)


@pytest.mark.parametrize("status", ["Valid", "Converted", "Expired", "Vetoed", "Withdrawn"])
def test_of_an_order_whose_review_is_over_no_price_is_decided(order: str, status: str) -> None:
	frappe.db.set_value("Intent Order", order, "status", status)
	with pytest.raises(PriceApprovalError, match=status):
		approve_as("mm", order, "Rejected")
	assert not shown(order)


def test_a_later_refusal_takes_back_the_approval_of_the_same_price(order: str) -> None:
	approval = approve_as("mm", order)
	approve_as("sm", order, "Rejected")
	assert frappe.db.get_value("Price Approval", approval, "is_void")
	assert not price_approval.is_covered(frappe.get_doc("Intent Order", order))


def test_the_approver_is_asked_by_e_mail_as_well_and_only_those_who_read_the_order(order: str) -> None:
	stranger = frappe.get_doc(
		{
			"doctype": "User",
			"email": "mm.north@example.com",
			"first_name": "North",
			"send_welcome_email": 0,
			"roles": [{"role": "Market Department Manager"}],
		}
	).insert(ignore_permissions=True)
	frappe.set_user(user("oa"))
	price_approval.request(order)
	assert frappe.db.exists("Outbox Message", {"user": user("mm"), "reference_name": order})
	assert not frappe.db.exists("Notification Log", {"for_user": stranger.name, "document_name": order})
