"""Delivery dates: asked of Planning, proposed with or without an opinion, accepted, confirmed, broken; capacity and history."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import getdate

from order_review.api import delivery_commitment as api
from order_review.constants import DELIVERY_COMMITMENT, INTENT_ORDER, REVIEW_SETTINGS
from order_review.exceptions import (
	DeliveryCommitmentError,
	FieldLockedError,
	ReasonMissingError,
	StatusChangeError,
)
from order_review.services import delivery_capacity, delivery_commitment, delivery_sheet, guard, review_tasks
from tests.site import contracting
from tests.site.reviewing import acting, all_agree, give, order, step, tasks, to_opinions, to_received

pytestmark = pytest.mark.usefixtures("demo_site")


def asked(sample: str = "IO-01") -> str:
	"""A commitment the order administrator asked for."""
	name = to_received(sample)
	with acting("OA"):
		return api.request(INTENT_ORDER, name)


def stored(name: str) -> Document:
	return frappe.get_doc(DELIVERY_COMMITMENT, name)


def plan(name: str, **values: Any) -> None:
	"""What Planning writes into a commitment."""
	with acting("PL"):
		commitment = stored(name)
		commitment.update(values)
		commitment.save()


def take(name: str, action: str, code: str, reason: str = "") -> str:
	with acting(code), guard.because(reason):
		apply_workflow(stored(name), action)
	return str(stored(name).status)


def proposed(day: str = "2027-03-10", **values: Any) -> str:
	name = asked()
	plan(name, committed_date=day, **values)
	assert take(name, "Propose", "PL") == "Proposed"
	return name


def test_what_is_asked_comes_from_the_order() -> None:
	commitment = stored(asked())
	wanted = order(commitment.reference_name)
	assert (commitment.status, commitment.model, commitment.qty) == ("Requested", "XQK6128H", 10)
	assert (commitment.wish, commitment.earliest) == (wanted.requested_delivery, wanted.earliest_delivery)
	assert commitment.market_department == wanted.market_department
	assert frappe.db.exists(
		"Notification Log", {"document_name": commitment.name, "for_user": "pl@review.localhost"}
	)


def test_asking_twice_asks_once() -> None:
	name = asked()
	with acting("OS"):
		assert api.request(INTENT_ORDER, stored(name).reference_name) == name
	with acting("OA"), pytest.raises(DeliveryCommitmentError, match="already"):
		frappe.get_doc({**stored(name).as_dict(), "name": None, "status": "Requested"}).insert()


@pytest.mark.parametrize("code", ["SP", "CA", "SU"])
def test_who_may_not_ask_is_refused(code: str) -> None:
	name = to_received("IO-01")
	with acting(code), pytest.raises(frappe.PermissionError):
		api.request(INTENT_ORDER, name)


def test_a_date_goes_from_proposal_to_confirmation_and_every_answer_is_kept() -> None:
	name = proposed()
	assert take(name, "Decline", "SP", "客户要赶清明节") == "Requested"
	plan(name, committed_date="2027-02-28", reason="加开周六班次")
	take(name, "Propose", "PL")
	assert take(name, "Accept", "SP") == "Accepted"
	assert take(name, "Confirm", "PL") == "Confirmed"
	rows = stored(name).proposals
	assert [(str(row.committed_date), row.answer) for row in rows] == [
		("2027-03-10", "Declined"),
		("2027-02-28", "Confirmed"),
	]
	assert (rows[0].answered_by, rows[0].answer_reason) == ("sp@review.localhost", "客户要赶清明节")
	assert (rows[0].proposed_by, rows[1].reason) == ("pl@review.localhost", "加开周六班次")


def test_declining_and_breaking_need_a_reason() -> None:
	name = proposed()
	with pytest.raises(ReasonMissingError):
		take(name, "Decline", "SP")
	take(name, "Accept", "SP")
	with pytest.raises(ReasonMissingError):
		take(name, "Mark as Broken", "PL")


def test_a_broken_promise_tells_sales_and_office_and_is_no_promise() -> None:
	name = proposed()
	reference = stored(name).reference_name
	take(name, "Accept", "SP")
	take(name, "Confirm", "PL")
	assert delivery_commitment.standing(INTENT_ORDER, reference)
	assert take(name, "Mark as Broken", "PL", "车桥供应商停产") == "Broken"
	assert delivery_commitment.standing(INTENT_ORDER, reference) is None
	for code in ("sp", "oa", "os"):
		told = {
			"document_name": name,
			"for_user": f"{code}@review.localhost",
			"subject": ["like", "%Broken%"],
		}
		assert frappe.db.exists("Notification Log", told), code
	plan(name, committed_date="2027-04-20")
	assert take(name, "Propose", "PL") == "Proposed"
	assert stored(name).proposals[0].answer == "Broken"


@pytest.mark.parametrize(
	("action", "code"),
	[("Accept", "PL"), ("Accept", "OA"), ("Decline", "OA"), ("Take Back", "SP"), ("Confirm", "PL")],
)
def test_each_step_is_taken_by_its_own_side_and_in_its_turn(action: str, code: str) -> None:
	name = proposed()
	with pytest.raises((StatusChangeError, frappe.ValidationError, frappe.PermissionError)):
		take(name, action, code, "因为")
	assert stored(name).status == "Proposed"


@pytest.mark.parametrize("code", ["SP", "OA", "PM"])
def test_only_planning_writes_the_date(code: str) -> None:
	name = asked()
	with acting(code):
		commitment = stored(name)
		commitment.committed_date = "2027-01-01"
		with pytest.raises((FieldLockedError, frappe.PermissionError)):
			commitment.save()


def test_a_proposed_date_is_changed_by_nobody() -> None:
	name = proposed()
	with pytest.raises(FieldLockedError):
		plan(name, committed_date="2027-12-31")
	commitment = stored(name)
	commitment.update({"status": "Confirmed"})
	with pytest.raises(StatusChangeError):
		commitment.save()


@pytest.mark.parametrize(
	("quantities", "said"), [((6, 3), "9 vehicles"), ((6, 5), "11 vehicles"), ((10, 0), "at least 1")]
)
def test_lots_add_up_to_the_quantity(quantities: tuple[int, int], said: str) -> None:
	name = asked()
	rows = [
		{"qty": qty, "delivery_date": f"2027-03-{10 + index * 14}"} for index, qty in enumerate(quantities)
	]
	with pytest.raises(DeliveryCommitmentError, match=said):
		plan(name, lots=rows)


def test_the_last_lot_is_the_committed_date_and_lots_are_read_in_order() -> None:
	name = asked()
	plan(name, lots=[{"qty": 4, "delivery_date": "2027-03-24"}, {"qty": 6, "delivery_date": "2027-03-10"}])
	take(name, "Propose", "PL")
	commitment = stored(name)
	assert str(commitment.committed_date) == "2027-03-24"
	assert [(lot.qty, str(lot.day)) for lot in delivery_commitment.lots(commitment)] == [
		(6, "2027-03-10"),
		(4, "2027-03-24"),
	]
	assert commitment.proposals[-1].lots == "6 × 2027-03-10, 4 × 2027-03-24"


def test_a_date_before_the_earliest_one_needs_a_reason() -> None:
	name = asked()
	earliest = stored(name).earliest
	plan(name, committed_date=frappe.utils.add_days(earliest, -1))
	with pytest.raises(DeliveryCommitmentError, match="earliest"):
		take(name, "Propose", "PL")
	plan(name, reason="现车底盘可用")
	assert take(name, "Propose", "PL") == "Proposed"


def _capacity(*rows: tuple[str, str, int]) -> None:
	settings = frappe.get_single(REVIEW_SETTINGS)
	settings.weekly_capacity = []
	for model, size, per_week in rows:
		settings.append("weekly_capacity", {"vehicle_model": model, "size_class": size, "per_week": per_week})
	settings.save()


def _week_of(name: str) -> Any:
	"""The week a commitment's date falls into, as it is now."""
	return next(week for week in delivery_capacity.weeks(stored(name)) if week.own)


def test_what_others_were_promised_is_taken_from_the_week() -> None:
	_capacity(("", "large", 500))
	second = asked("IO-08")
	assert stored(second).model == "XQK6108H"  # another model of the same size class
	plan(second, committed_date="2027-03-12")
	before = _week_of(second)
	first = proposed()
	after = _week_of(second)
	assert (after.label, after.capacity, after.own) == ("2027-W10", 500, stored(second).qty)
	assert (after.taken, after.free) == (before.taken + 10, before.free - 10)
	take(first, "Decline", "SP", "太晚")
	assert _week_of(second).taken == before.taken


def test_vehicles_a_contract_promises_anew_take_their_week_once() -> None:
	_capacity(("", "large", 500))
	order_name = contracting.valid("IO-01")
	with acting("PL"):
		delivery_commitment.propose(INTENT_ORDER, order_name, getdate("2027-03-10"))
	other = asked("IO-08")
	plan(other, committed_date="2027-03-12")
	before = _week_of(other).taken
	contract = contracting.made(order_name, **{order_name: 6})
	with acting("PL"):
		anew = delivery_commitment.propose("Sales Contract", contract, getdate("2027-03-11"))
	assert _week_of(other).taken == before  # four by the order, six by the contract
	assert _week_of(anew).taken == before - 6


def test_the_date_of_a_contract_that_is_withdrawn_takes_no_capacity() -> None:
	contract = contracting.made(contracting.valid("IO-01"))
	contracting.take(contract, "Submit for Review", "SP")
	with acting("PL"):
		name = delivery_commitment.propose("Sales Contract", contract, getdate("2027-03-10"))
	contracting.take(contract, "Withdraw", "SP")
	assert stored(name).status == "Withdrawn"


def test_a_model_with_a_capacity_of_its_own_takes_nothing_from_its_size_class() -> None:
	_capacity(("", "large", 500), ("XQK6128H", "", 400))
	second = asked("IO-08")
	plan(second, committed_date="2027-03-12")
	before = _week_of(second)
	proposed()
	assert _week_of(second).taken == before.taken


def test_more_than_a_week_can_build_is_promised_with_a_reason_and_marked() -> None:
	_capacity(("XQK6128H", "", 9))
	name = asked()
	plan(name, committed_date="2027-03-10")
	with pytest.raises(DeliveryCommitmentError, match="2027-W10"):
		take(name, "Propose", "PL")
	plan(name, reason="外协焊装")
	take(name, "Propose", "PL")
	commitment = stored(name)
	assert commitment.is_over_capacity
	assert next(row.free for row in commitment.weeks if row.own) < 0


def test_plannings_opinion_is_a_proposal() -> None:
	name = to_opinions("IO-02")
	give(name, "PLAN", proposed_date="2027-03-10", note="两班生产")
	commitment = delivery_commitment.standing(INTENT_ORDER, name)
	assert commitment is not None
	assert (commitment.status, str(commitment.committed_date)) == ("Proposed", "2027-03-10")
	assert commitment.proposals[0].review_task == tasks(name)["PLAN"]
	assert commitment.proposals[0].reason == "两班生产"
	assert commitment.events[-1].actor == "pl@review.localhost"


def test_another_opinion_replaces_the_proposal_and_the_same_date_leaves_it() -> None:
	name = to_opinions("IO-02")
	for day in ("2027-03-10", "2027-03-10", "2027-03-17"):
		give(name, "PLAN", proposed_date=day)
		with acting("PL"):
			review_tasks.withdraw(tasks(name, status="Answered")["PLAN"], "再算一次")
	commitment = delivery_commitment.standing(INTENT_ORDER, name)
	assert commitment is not None
	assert [(str(row.committed_date), row.answer or "") for row in commitment.proposals] == [
		("2027-03-10", "Replaced"),
		("2027-03-17", ""),
	]


def test_an_order_without_a_standing_date_does_not_become_valid() -> None:
	name = to_opinions("IO-02")
	all_agree(name)
	commitment = delivery_commitment.standing(INTENT_ORDER, name)
	assert commitment is not None
	take(commitment.name, "Take Back", "PL", "设备检修")
	with pytest.raises(DeliveryCommitmentError, match="no delivery date"):
		step(name, "Make Valid", "OA")
	plan(commitment.name, committed_date="2027-04-07")
	take(commitment.name, "Propose", "PL")
	assert step(name, "Make Valid", "OA") == "Valid"


def test_a_date_promised_for_another_quantity_does_not_stand() -> None:
	name = to_opinions("IO-02")
	give(name, "PLAN")
	commitment = delivery_commitment.standing(INTENT_ORDER, name)
	assert commitment is not None
	step(name, "Withdraw", "SP")
	assert stored(commitment.name).status == "Withdrawn"
	assert stored(commitment.name).events[-1].is_system

	other = to_opinions("IO-01")
	give(other, "PLAN")
	frappe.db.set_value(INTENT_ORDER, other, "qty", 12)
	with pytest.raises(DeliveryCommitmentError, match="10 × XQK6128H"):
		delivery_commitment.check_promised(order(other))
	delivery_commitment.follow(order(other))
	assert delivery_commitment.standing(INTENT_ORDER, other) is None


def test_nothing_is_asked_for_an_order_that_ended() -> None:
	name = to_received("IO-01")
	step(name, "Veto", "OA", "VT-CUST 客户被列入黑名单")
	with acting("OA"), pytest.raises(DeliveryCommitmentError, match="Vetoed"):
		api.request(INTENT_ORDER, name)


def test_a_salesperson_sees_the_dates_of_the_own_department_only() -> None:
	name = proposed()
	with acting("SP"):
		assert frappe.get_list(DELIVERY_COMMITMENT, {"name": name})
		assert frappe.get_list("Delivery Date Proposal", {"parent": name}, parent_doctype=DELIVERY_COMMITMENT)
		assert api.of_document(INTENT_ORDER, stored(name).reference_name)[0]["name"] == name
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	frappe.db.set_value(DELIVERY_COMMITMENT, name, "market_department", north)
	with acting("SP"):
		assert not frappe.get_list(DELIVERY_COMMITMENT, {"name": name})
		with pytest.raises(frappe.PermissionError):
			api.weeks(name)
		for rows in ("Document Event", "Delivery Date Proposal"):
			assert not frappe.get_list(rows, {"parent": name}, parent_doctype=DELIVERY_COMMITMENT)


def test_the_sheet_is_printed_in_both_languages() -> None:
	name = proposed()
	commitment = stored(name)
	assert "2027-03-10" in delivery_sheet.html(commitment, "zh")
	assert "Delivery Commitment" in delivery_sheet.html(commitment, "en")
	assert delivery_sheet.pdf(commitment, "zh").startswith(b"%PDF")
	printed = frappe.get_print(DELIVERY_COMMITMENT, name, "Delivery Commitment")
	assert "order-review-page" in printed
