"""One date for each lot: what Planning promised last is what milestones, livery, Sales Order and sheet say."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate

from order_review.constants import DELIVERY_COMMITMENT, LIVERY_DESIGN, PRODUCTION_MILESTONE, SALES_CONTRACT
from order_review.exceptions import OrderEntryError
from order_review.services import delivery_commitment, guard
from order_review.services.fulfilment import board, progress
from order_review.services.production import configuration, sheet
from tests.site import fulfilling, producing
from tests.site.reviewing import acting
from tests.site.samples import order_of

pytestmark = pytest.mark.usefixtures("demo_site")

FIRST, LATER = getdate("2027-03-10"), getdate("2027-06-30")
QTY = 10


@pytest.fixture
def order() -> Document:
	"""An intent order of ten vehicles with Planning's date."""
	document = order_of("IO-01")
	delivery_commitment.propose(document.doctype, document.name, FIRST)
	return document


def confirmed(contract: str, planned: Any) -> str:
	"""The configuration of a contract, with the departments' confirmation and Planning's date."""
	name = configuration.create(contract, 1)
	producing.take(name, "Begin Translation", "OA")
	producing.audited(producing.handed_to_audit(name))
	producing.confirm(name, "PRODMGT")
	producing.confirm(name, "PLAN", proposed_date=str(planned))
	return name


def released(planned: Any) -> str:
	"""The contract of an order that is entered, with the date Planning gave on the way."""
	contract = producing.in_force("IO-01")
	document = frappe.get_doc(SALES_CONTRACT, contract)
	progress.begin(document, document.lines[0])
	name = confirmed(contract, planned)
	with acting("OA"):
		configuration.release(name)
	return contract


def sales_order(contract: str) -> Document:
	return frappe.get_doc("Sales Order", {"sales_contract": contract, "docstatus": 1})


def last_points(contract: str) -> list[tuple[int, Any]]:
	"""Vehicles and day of each lot's last freeze point."""
	rows = frappe.get_all(
		PRODUCTION_MILESTONE,
		{"sales_contract": contract, "freeze_point": "F6"},
		["qty", "planned_on"],
		order_by="lot",
	)
	return [(row.qty, row.planned_on) for row in rows]


def check_everything_says(contract: str, *lots: tuple[int, Any]) -> None:
	"""Milestones, livery, Sales Order, its payments, production configuration and board have these lots."""
	last = lots[-1][1]
	assert last_points(contract) == list(lots)
	entered = sales_order(contract)
	assert [(int(row.qty), getdate(row.delivery_date)) for row in entered.items] == list(lots)
	assert getdate(entered.delivery_date) == last
	version = frappe.get_doc("Production Configuration", {"sales_contract": contract, "docstatus": 1})
	year, week, _day = last.isocalendar()
	assert (getdate(version.committed_date), version.planned_week) == (last, f"{year}-W{week:02d}")
	with acting("CA"):
		assert str(last) in sheet.html(version, "en")
	design = frappe.db.get_value(LIVERY_DESIGN, {"sales_contract": contract}, "needed_by")
	assert design == add_days(lots[0][1], -9)
	(row,) = board.rows({"sales_contract": contract})
	assert getdate(row["delivery_date"]) == last


def of_order(order: Document) -> Document:
	return frappe.get_doc(DELIVERY_COMMITMENT, {"reference_name": order.name})


def again(commitment: Document, **values: Any) -> None:
	"""The promise is broken, and Planning makes another one."""
	frappe.db.set_value(DELIVERY_COMMITMENT, commitment.name, "status", "Confirmed")
	with acting("PL"):
		with guard.because("底盘晚到"):
			apply_workflow(frappe.get_doc(DELIVERY_COMMITMENT, commitment.name), "Mark as Broken")
		document = frappe.get_doc(DELIVERY_COMMITMENT, commitment.name)
		document.update({"lots": [], "reason": "底盘晚到", **values})
		document.save()
		apply_workflow(document, "Propose")


def test_plannings_date_in_order_entry_is_the_date_of_everything(order: Document) -> None:
	contract = released(LATER)
	check_everything_says(contract, (QTY, LATER))
	(promise,) = frappe.get_all(
		DELIVERY_COMMITMENT, {"reference_name": contract}, ["reference_line", "status", "committed_date"]
	)
	assert (promise.reference_line, promise.status, promise.committed_date) == (1, "Proposed", LATER)


def test_a_date_that_is_kept_makes_no_promise_of_its_own(order: Document) -> None:
	contract = released(FIRST)
	check_everything_says(contract, (QTY, FIRST))
	assert not frappe.db.exists(DELIVERY_COMMITMENT, {"reference_name": contract})


def test_a_new_date_of_the_order_moves_what_its_contract_stands_on(order: Document) -> None:
	contract = released(FIRST)
	again(of_order(order), committed_date=LATER)
	check_everything_says(contract, (QTY, LATER))


def test_new_lots_of_the_order_are_rows_of_the_sales_order_until_vehicles_are_in_work(
	order: Document,
) -> None:
	contract = released(FIRST)
	total = sales_order(contract).grand_total
	lots = [{"qty": 4, "delivery_date": FIRST}, {"qty": 6, "delivery_date": LATER}]
	again(of_order(order), lots=lots)
	check_everything_says(contract, (4, FIRST), (6, LATER))
	assert sales_order(contract).grand_total == total
	assert sum(row.amount for row in sales_order(contract).items) == pytest.approx(total)
	later = add_days(LATER, 7)
	frappe.db.set_value("Sales Order Item", sales_order(contract).items[0].name, "delivered_qty", 2)
	again(of_order(order), lots=[lots[0], {"qty": 6, "delivery_date": later}])
	check_everything_says(contract, (4, FIRST), (6, later))
	with pytest.raises(OrderEntryError, match="only their days"):
		again(of_order(order), committed_date=later)


def test_a_payment_counted_from_the_delivery_falls_due_with_it(order: Document) -> None:
	contract = producing.in_force("IO-01")
	for milestone, pct, days in (("Signing", 30, 0), ("After Delivery", 70, 30)):
		producing._add(
			frappe.get_doc(SALES_CONTRACT, contract),
			"payments",
			{"milestone": milestone, "pct": pct, "days": days, "line_no": None},
		)
	frappe.clear_document_cache(SALES_CONTRACT, contract)
	with acting("OA"):
		configuration.release(confirmed(contract, FIRST))
	due = [row.due_date for row in sales_order(contract).payment_schedule]
	assert due[-1] == add_days(FIRST, 30)
	again(of_order(order), committed_date=LATER)
	after = sales_order(contract).payment_schedule
	assert [row.due_date for row in after] == [due[0], add_days(LATER, 30)]
	assert sum(row.payment_amount for row in after) == pytest.approx(sales_order(contract).grand_total)


def test_lines_that_are_not_begun_have_no_milestones_of_a_new_date(order: Document) -> None:
	contract = producing.in_force("IO-01")
	again(of_order(order), committed_date=LATER)
	assert last_points(contract) == []
	document = frappe.get_doc(SALES_CONTRACT, contract)
	progress.begin(document, document.lines[0])
	assert last_points(contract) == [(QTY, LATER)]
	assert fulfilling.day() != LATER
