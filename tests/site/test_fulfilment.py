"""From the signed line to the delivered vehicle: livery, milestones, what is coordinated and expedited, and the board."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow

from order_review.constants import (
	COORDINATION_ITEM,
	DELIVERY_COMMITMENT,
	EXPEDITE_REQUEST,
	LIVERY_DESIGN,
	PRODUCTION_MILESTONE,
)
from order_review.demo.people import address
from order_review.exceptions import (
	FieldLockedError,
	ForeignRowError,
	FulfilmentError,
	ReasonMissingError,
	StatusChangeError,
)
from order_review.production_entry.report.fulfilment_board import fulfilment_board
from order_review.services import delivery_commitment, guard
from order_review.services.fulfilment import (
	board,
	coordination,
	livery,
	livery_sheet,
	milestones,
	progress,
)
from tests.site import fulfilling
from tests.site.clock import clock_at
from tests.site.reviewing import acting

pytestmark = pytest.mark.usefixtures("demo_site")

CONTRACT = "SC-TEST-1"
POINTS = {"F1": 35, "F2": 21, "F3": 14, "F4": 9, "F5": 5, "F6": 0}


@pytest.fixture
def contract() -> Document:
	south = frappe.db.get_value("Department", {"department_code": "MARKET-S"})
	sales = fulfilling.contract(CONTRACT, market_department=south)
	progress.begin(sales, sales.lines[0])
	return sales


def take(document: Document, action: str, code: str, reason: str = "") -> Document:
	with acting(code), guard.because(reason):
		return apply_workflow(frappe.get_doc(document.doctype, document.name), action)


def write(document: Document, code: str, **values: Any) -> Document:
	with acting(code):
		fresh = frappe.get_doc(document.doctype, document.name)
		fresh.update(values)
		return fresh.save()


def design_of(contract: Document) -> Document:
	return frappe.get_doc(LIVERY_DESIGN, livery.of_line(contract.name, 1))


COLOURS = [{"position": "Body", "colour_code": "RAL 9016", "colour_name": "交通白"}]
VIEWS = [{"view": "Left", "image": "/private/files/left.png"}]
DRAWN = {"livery_type": "custom", "surface": "paint", "colours": COLOURS, "views": VIEWS}


def drawn(contract: Document) -> Document:
	design = take(design_of(contract), "Start Design", "LS")
	write(design, "LS", **DRAWN)
	return take(design, "Send to Customer", "LS")


def confirmed(contract: Document) -> Document:
	design = drawn(contract)
	answer = {
		"confirmation_file": "/private/files/x.pdf",
		"confirmed_on": fulfilling.day(0),
		"confirmed_by": "王总",
	}
	write(design, "SP", **answer)
	return take(design, "Accept Confirmation", "LS")


def milestone(point: str, lot: int = 1) -> Document:
	return frappe.get_doc(PRODUCTION_MILESTONE, f"{CONTRACT}-1-{lot}-{point}")


def reach(point: str, lot: int = 1, ahead: int = 0, code: str = "PM") -> Document:
	return write(milestone(point, lot), code, reached_on=fulfilling.day(ahead))


# --- livery -------------------------------------------------------------------------------------------------


def test_livery_support_draws_the_customer_confirms_and_support_accepts(contract: Document) -> None:
	design = design_of(contract)
	assert (design.status, design.customer, design.model) == ("To Design", contract.customer, "XQK6128H")
	assert design.needed_by == milestone("F4").planned_on
	assert not livery.is_confirmed(CONTRACT, 1)
	design = confirmed(contract)
	assert (design.status, design.version) == ("Confirmed", 1)
	assert livery.is_confirmed(CONTRACT, 1)
	assert [row.to_status for row in design.events] == ["To Design", "Draft", "To Confirm", "Confirmed"]


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"colours": []}, "Colours"),
		({"surface": ""}, "Surface"),
		({"views": []}, "Views"),
		({"livery_type": "library", "pattern_no": ""}, "Pattern Number"),
	],
)
def test_what_the_customer_cannot_see_is_not_sent(
	contract: Document, values: dict[str, Any], said: str
) -> None:
	design = take(design_of(contract), "Start Design", "LS")
	write(design, "LS", **{**DRAWN, **values})
	with pytest.raises(FulfilmentError, match=said):
		take(design, "Send to Customer", "LS")


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"confirmation_file": None}, "Signed Confirmation"),
		({"confirmed_by": None}, "Confirmed By"),
		({"confirmed_on": 1}, "to come"),
	],
)
def test_a_confirmation_without_paper_day_or_name_counts_for_nothing(
	contract: Document, values: dict[str, Any], said: str
) -> None:
	design = drawn(contract)
	answer = {
		"confirmation_file": "/private/files/x.pdf",
		"confirmed_on": 0,
		"confirmed_by": "王总",
		**values,
	}
	answer["confirmed_on"] = fulfilling.day(answer["confirmed_on"])
	write(design, "SP", **answer)
	with pytest.raises(FulfilmentError, match=said):
		take(design, "Accept Confirmation", "LS")


def test_the_salesperson_does_not_accept_for_the_customer(contract: Document) -> None:
	design = drawn(contract)
	with pytest.raises(frappe.ValidationError):
		take(design, "Accept Confirmation", "SP")
	with pytest.raises(FieldLockedError):
		write(design, "SP", pattern_no="P-2")
	with pytest.raises(StatusChangeError):
		write(design, "SP", status="Confirmed")


def test_a_change_of_paint_asks_the_customer_again(contract: Document) -> None:
	confirmed(contract)
	livery.reopen(CONTRACT, 1, "LIV-CUS")
	design = design_of(contract)
	assert (design.status, design.version, design.confirmation_file, design.confirmed_on) == (
		"To Confirm",
		2,
		None,
		None,
	)
	assert not livery.is_confirmed(CONTRACT, 1)
	livery.reopen(CONTRACT, 1, "again")
	assert design_of(contract).version == 2, "what is open stays as it is"


def test_a_confirmed_design_is_drawn_anew_with_a_reason_and_as_a_new_version(contract: Document) -> None:
	design = confirmed(contract)
	with pytest.raises(ReasonMissingError):
		take(design, "Change Design", "LS")
	changed = take(design, "Change Design", "LS", "customer wants another stripe")
	assert (changed.status, changed.version, changed.confirmed_by) == ("Draft", 2, None)


def test_a_line_has_one_design(contract: Document) -> None:
	with pytest.raises(FulfilmentError, match="has a livery design already"), acting("LS"):
		frappe.get_doc({"doctype": LIVERY_DESIGN, "sales_contract": CONTRACT, "contract_line": 1}).insert()
	with pytest.raises(FulfilmentError, match="no line 7"), acting("LS"):
		frappe.get_doc({"doctype": LIVERY_DESIGN, "sales_contract": CONTRACT, "contract_line": 7}).insert()


def test_a_view_is_not_changed_past_its_design(contract: Document) -> None:
	design = drawn(contract)
	row = design.views[0]
	with pytest.raises(ForeignRowError):
		row.update({"image": "/private/files/other.png"}).save()


def test_the_paper_shows_only_pictures_attached_to_the_design(contract: Document) -> None:
	"""A file of somebody else, named in a view, is not read."""
	design = drawn(contract)
	secret = frappe.get_doc(
		{"doctype": "File", "file_name": "left-secret.png", "is_private": 1, "content": b"secret"}
	).insert()
	frappe.db.set_value("Livery Design View", design.views[0].name, "image", secret.file_url)
	found = livery_sheet.content(frappe.get_doc(LIVERY_DESIGN, design.name), "zh")
	assert found["views"][0]["picture"] == ""
	assert "图案确认单" in livery_sheet.html(design, "zh")
	assert "Livery Confirmation" in livery_sheet.html(design, "en")


# --- milestones ---------------------------------------------------------------------------------------------


def test_milestones_are_planned_back_from_the_delivery_date(contract: Document) -> None:
	for point, days in POINTS.items():
		assert milestone(point).planned_on == fulfilling.day(fulfilling.DAYS_TO_DELIVERY - days)
		assert milestone(point).qty == 10


def test_a_new_delivery_date_with_lots_moves_what_is_not_reached(contract: Document) -> None:
	reach("F1", ahead=-1)
	commitment = frappe.get_doc(
		{
			"doctype": DELIVERY_COMMITMENT,
			"name": "DDC-TEST",
			"reference_doctype": "Sales Contract",
			"reference_name": CONTRACT,
			"reference_line": 1,
			"status": "Confirmed",
			"qty": 10,
			"committed_date": fulfilling.day(100),
		}
	)
	for qty, ahead in ((4, 80), (6, 100)):
		commitment.append("lots", {"qty": qty, "delivery_date": fulfilling.day(ahead)})
	fulfilling._store(commitment)
	milestones.plan(contract, contract.lines[0])
	first, second = milestone("F6"), milestone("F6", 2)
	assert (first.planned_on, first.qty) == (fulfilling.day(80), 4)
	assert first.first_planned_on == fulfilling.day(fulfilling.DAYS_TO_DELIVERY)
	assert (second.planned_on, second.qty) == (fulfilling.day(100), 6)
	assert milestone("F1").planned_on == fulfilling.day(fulfilling.DAYS_TO_DELIVERY - 35), (
		"reached, so it stays"
	)
	frappe.db.set_value(DELIVERY_COMMITMENT, "DDC-TEST", "status", "Withdrawn")
	milestones.plan(contract, contract.lines[0])
	assert not frappe.db.exists(PRODUCTION_MILESTONE, second.name)


def test_points_are_reported_in_their_order_and_not_ahead_of_time(contract: Document) -> None:
	with pytest.raises(FulfilmentError, match="F1 comes before F2"):
		reach("F2")
	with pytest.raises(FulfilmentError, match="is to come"):
		reach("F1", ahead=1)
	reach("F1", ahead=-2)
	with pytest.raises(FulfilmentError, match="cannot be earlier"):
		reach("F2", ahead=-3)
	reach("F2", ahead=-1)
	assert milestones.reached(CONTRACT, 1) == "F2"
	assert milestones.reached(CONTRACT, 1, lot=2) is None
	assert milestone("F2").reached_by == address("PM")
	with pytest.raises(FulfilmentError, match="F2 is reached already"):
		write(milestone("F1"), "PM", reached_on=None)


def test_nothing_is_painted_before_the_customer_has_confirmed_and_then_the_design_is_frozen(
	contract: Document,
) -> None:
	for point in ("F1", "F2", "F3"):
		reach(point)
	with pytest.raises(FulfilmentError, match="has not confirmed the livery"):
		reach("F4")
	confirmed(contract)
	reach("F4")
	assert design_of(contract).status == "Frozen"
	assert livery.is_confirmed(CONTRACT, 1)
	livery.reopen(CONTRACT, 1, "change slip")
	assert design_of(contract).status == "To Confirm"


def test_planned_days_are_not_written_by_hand_and_milestones_not_made(contract: Document) -> None:
	with pytest.raises(FulfilmentError, match="Planned On"):
		write(milestone("F3"), "PM", planned_on=fulfilling.day(90))
	with pytest.raises(FulfilmentError), acting("PM"):
		frappe.get_doc(
			{
				"doctype": PRODUCTION_MILESTONE,
				"sales_contract": CONTRACT,
				"contract_line": 1,
				"lot": 9,
				"freeze_point": "F1",
			}
		).insert(ignore_permissions=True)
	with pytest.raises(frappe.PermissionError):
		write(milestone("F1"), "OA", reached_on=fulfilling.day(0))


def test_an_overdue_milestone_is_told_of_once_and_again_when_it_was_planned_anew(contract: Document) -> None:
	name = milestone("F1").name
	told = {"document_type": PRODUCTION_MILESTONE, "document_name": name, "for_user": address("PM")}
	frappe.db.set_value(
		PRODUCTION_MILESTONE, name, "planned_on", fulfilling.day(-3)
	)  # no job ran for two days
	assert milestones.tell_overdue() >= 1
	assert frappe.db.count("Notification Log", told) == 1
	assert milestones.tell_overdue() == 0
	frappe.db.set_value(PRODUCTION_MILESTONE, name, "planned_on", fulfilling.day(0))
	assert milestones.tell_overdue() == 0
	with clock_at(f"{fulfilling.day(1)} 07:00"):
		milestones.tell_overdue()
	assert frappe.db.count("Notification Log", told) == 2


# --- coordination and expediting ----------------------------------------------------------------------------


def asked(contract: Document, **values: Any) -> Document:
	with acting("OA"):
		return frappe.get_doc(
			{
				"doctype": COORDINATION_ITEM,
				"subject": "座椅面料确认",
				"responsible": address("SU"),
				"due_date": fulfilling.day(3),
				"reference_doctype": "Sales Contract",
				"reference_name": contract.name,
				**values,
			}
		).insert()


def test_an_item_is_seen_to_by_its_responsible_and_ends_with_a_result(contract: Document) -> None:
	item = asked(contract)
	assert (item.status, item.sales_contract) == ("Open", CONTRACT)
	assert frappe.db.exists("Notification Log", {"document_name": item.name, "for_user": address("SU")})
	with pytest.raises(FulfilmentError, match="is seen to by"):
		take(item, "Start", "PM")
	take(item, "Start", "SU")
	with pytest.raises(FulfilmentError, match="State the result"):
		take(item, "Finish", "SU")
	with pytest.raises(FulfilmentError, match="is seen to by"):
		write(item, "QA", result="not mine")
	write(item, "SU", result="面料已到货")
	assert take(item, "Finish", "SU").status == "Done"


def test_an_overdue_item_is_told_once_to_the_responsible_and_the_supervisor(contract: Document) -> None:
	item = asked(contract)
	frappe.db.set_value(COORDINATION_ITEM, item.name, "due_date", fulfilling.day(-1))
	assert coordination.remind() >= 1
	assert coordination.remind() == 0
	assert frappe.db.exists("Notification Log", {"document_name": item.name, "for_user": address("OS")})


def expedited(contract: Document, **values: Any) -> Document:
	supplier = frappe.get_doc(
		{"doctype": "Supplier", "supplier_name": f"Seats {frappe.generate_hash(length=6)}"}
	).insert()
	with acting("PL"):
		request = frappe.get_doc(
			{
				"doctype": EXPEDITE_REQUEST,
				"part": "乘客座椅 51 张",
				"qty": 51,
				"supplier": supplier.name,
				"needed_by": fulfilling.day(20),
				"sales_contract": contract.name,
				"contract_line": 1,
				**values,
			}
		).insert()
	return take(request, "Send to Supplier", "SU")


def test_the_supplier_promises_a_day_and_planning_hears_when_it_is_too_late(contract: Document) -> None:
	request = expedited(contract)
	with pytest.raises(FulfilmentError, match="Promised Date"):
		take(request, "Record Promise", "SU")
	write(request, "SU", promised_on=fulfilling.day(25), answered_by="刘工")
	take(request, "Record Promise", "SU")
	assert frappe.db.exists("Notification Log", {"document_name": request.name, "for_user": address("PL")})
	row = next(row for row in board.rows({"sales_contract": CONTRACT}))
	assert (row["material"]["open"], row["material"]["late"], row["late"]) == (1, 1, True)
	write(request, "SU", arrived_on=fulfilling.day(0))
	assert take(request, "Record Arrival", "SU").status == "Arrived"
	assert board.rows({"sales_contract": CONTRACT})[0]["material"]["open"] == 0


def test_a_part_is_not_asked_for_yesterday_nor_the_answer_written_by_those_who_ask(
	contract: Document,
) -> None:
	with pytest.raises(FulfilmentError, match="is over"):
		expedited(contract, needed_by=fulfilling.day(-1))
	request = expedited(contract)
	with pytest.raises(FieldLockedError):
		write(request, "PL", promised_on=fulfilling.day(5))


# --- progress and board -------------------------------------------------------------------------------------


def test_the_board_shows_a_line_from_deposit_to_delivery(contract: Document) -> None:
	reach("F1", ahead=-1)
	columns, rows, *_rest = fulfilment_board.execute({"sales_contract": CONTRACT})
	row = rows[0]
	assert [
		column["fieldname"] for column in columns if column["fieldname"] in ("f1", "f6", "livery", "delivery")
	] == [
		"f1",
		"f6",
		"livery",
		"delivery",
	]
	assert row["f1"].startswith("✓")
	assert row["f2"].startswith("○")
	assert (row["delivery"], row["livery"]) == ("0 / 10", "To Design")
	frappe.db.set_value(PRODUCTION_MILESTONE, milestone("F2").name, "planned_on", fulfilling.day(-1))
	late = fulfilment_board.execute({"sales_contract": CONTRACT, "late": 1})[1]
	assert late[0]["f2"].startswith("!")


def test_the_board_has_a_steady_number_of_queries(contract: Document) -> None:
	def queries() -> int:
		before = len(seen)
		board.rows({})
		return len(seen) - before

	seen: list[str] = []
	plain = frappe.db.sql

	def counted(*args: Any, **values: Any) -> Any:
		seen.append(str(args[0])[:80])
		return plain(*args, **values)

	frappe.db.sql = counted
	try:
		queries()
		one = queries()
		for number in range(2, 8):
			other = fulfilling.contract(f"SC-TEST-{number}")
			progress.begin(other, other.lines[0])
		many = queries()
	finally:
		frappe.db.sql = plain
	assert many <= one + 2


def test_salespeople_see_lines_of_their_own_market_only(contract: Document) -> None:
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	other = fulfilling.contract("SC-TEST-N", market_department=north)
	progress.begin(other, other.lines[0])
	with acting("SP"):
		assert {row["sales_contract"] for row in board.rows({})} >= {CONTRACT}
		assert "SC-TEST-N" not in {row["sales_contract"] for row in board.rows({})}
		seen = frappe.get_list(PRODUCTION_MILESTONE, {"sales_contract": "SC-TEST-N"})
		assert seen == []
		assert frappe.get_list(PRODUCTION_MILESTONE, {"sales_contract": CONTRACT})
		assert not frappe.has_permission(LIVERY_DESIGN, "read", doc=livery.of_line("SC-TEST-N", 1))


def test_an_empty_contract_is_neither_delivered_nor_paid() -> None:
	assert progress.of("SC-NONE") == {"lines": [], "delivered": False, "paid": False}


def test_a_new_promise_of_planning_moves_the_milestones(contract: Document) -> None:
	with acting("OA"):
		name = delivery_commitment.request("Sales Contract", CONTRACT, 1)
	asked_for = frappe.get_doc(DELIVERY_COMMITMENT, name)
	write(asked_for, "PL", committed_date=fulfilling.day(120), reason="capacity")
	take(asked_for, "Propose", "PL")
	assert milestone("F6").planned_on == fulfilling.day(120)
	assert design_of(contract).needed_by == fulfilling.day(120 - POINTS["F4"])


def test_a_late_line_is_on_the_board_however_many_newer_contracts_there_are(
	contract: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(board, "MOST_ROWS", 2)
	late = fulfilling.contract("SC-TEST-LATE", contract_date=fulfilling.day(-200))
	frappe.db.set_value("Sales Contract Line", late.lines[0].name, "delivery_date", fulfilling.day(-1))
	for number in range(3):
		fulfilling.contract(f"SC-TEST-NEW-{number}", contract_date=fulfilling.day(0))
	found = board.rows({})
	assert late.name in [row["sales_contract"] for row in found]
	assert len(found) == 2
	assert late.name in [row["sales_contract"] for row in board.rows({"late": 1})]
