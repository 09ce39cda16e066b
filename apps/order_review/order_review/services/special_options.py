"""Special Option Request: its process, its price, and what follows from each step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, now_datetime, today

from order_review.constants import (
	INTENT_ORDER,
	SPECIAL_COST,
	SPECIAL_DEVELOPMENT,
	SPECIAL_FLOOR,
	SPECIAL_QUOTATION,
	SPECIAL_REQUEST,
)
from order_review.engine.special_options import full_cost, list_price
from order_review.exceptions import SpecialOptionError
from order_review.permissions import require_role
from order_review.services import background, deadlines, guard, notices, order_rounds, special_prices
from order_review.services.special_prices import OFFERED

OPEN = ("Requested", "Technical", "Costing", "Pricing", "Finance Check")
"""Steps in which somebody has to act."""

SHORTEST_DESCRIPTION = 20

WISH = frozenset(
	"option_name option_name_en model family qty request_date intent_order company market_department sales_person "
	"dealer description drawing".split()
)
TECHNICAL = frozenset(
	"feasible technical_conditions ccc_effect grade_effect drawing_no technical_lead_days".split()
)
NOTICE = frozenset({"notice_conditions"})
COMPUTED = frozenset(
	"step_since due_at is_overdue reminded_pct list_price valid_to lead_days purchase_lead_days notice_sent_on reuse_count "
	"catalogue_proposed_on catalogued_option prices".split()
)


# --- what each step requires and brings ---------------------------------------------------------------------


def check_wish(request: Document) -> None:
	"""The request says what is wanted, for which model and how many."""
	if len((request.description or "").strip()) < SHORTEST_DESCRIPTION:
		_refuse(
			_(
				"The description has {0} characters; at least {1} are needed: what it is, where it goes, measures."
			).format(len((request.description or "").strip()), SHORTEST_DESCRIPTION)
		)
	if (request.qty or 0) < 1:
		_refuse(_("Quantity is {0}; at least 1 vehicle is needed.").format(request.qty or 0))
	if request.intent_order:
		model = frappe.db.get_value(INTENT_ORDER, request.intent_order, "model")
		if model != request.model:
			_refuse(
				_("Intent order {0} is for {1}, not for {2}.").format(
					request.intent_order, model, request.model
				)
			)


def check_technical(request: Document) -> None:
	"""The technical check is complete and says yes."""
	missing = [name for name in ("feasible", "ccc_effect", "grade_effect") if not request.get(name)]
	if missing:
		_refuse(_("The technical check is not complete: {0}.").format(_labels(request, missing)))
	if request.feasible == "No":
		_refuse(_("What is not feasible gets no costs. Refuse the request, or change the verdict."))
	if request.feasible == "Yes, with conditions" and not (request.technical_conditions or "").strip():
		_refuse(_("Feasible with conditions: state the conditions."))
	if not frappe.db.exists(SPECIAL_DEVELOPMENT, request.name):
		_refuse(_("State the development cost; 0 when nothing has to be developed."))


def check_costing(request: Document) -> None:
	"""A quotation that still counts is chosen."""
	chosen_quotation(request)


def check_pricing(request: Document) -> None:
	"""The price is complete and still follows from the costs."""
	sheet = _sheet(request)
	missing = [name for name in ("markup_pct", "floor_price", "valid_to") if sheet.get(name) in (None, "", 0)]
	if missing:
		_refuse(_("The price is not complete: {0}.").format(_labels(sheet, missing)))
	if price_of(sheet) != Decimal(str(sheet.list_price)):
		_refuse(_("The costs have changed since the price was made. Make the price anew."))
	check_price(sheet, request)


def check_finance(request: Document) -> None:
	"""What Finance releases is the price that was checked, from a quotation that is still the chosen one."""
	check_pricing(request)
	quotation, sheet = chosen_quotation(request), _sheet(request)
	if (quotation.name, flt(quotation.unit_cost, 2)) != (sheet.quotation, flt(sheet.unit_cost, 2)):
		_refuse(
			_("The chosen quotation has changed since the price was made. Return the request to Pricing.")
		)


def start_clock(request: Document) -> None:
	"""Begin the time of the step that is entered."""
	request.step_since = now_datetime()
	request.due_at = deadlines.due("special", request.status, request.step_since)
	request.update({"is_overdue": 0, "reminded_pct": 0})


def publish_price(request: Document) -> None:
	"""Take the released price into the request: list price, validity, lead time; no cost."""
	start_clock(request)
	sheet, quotation = _sheet(request), chosen_quotation(request)
	request.list_price = sheet.list_price
	request.valid_to = sheet.valid_to
	request.purchase_lead_days = quotation.lead_days
	request.lead_days = (request.technical_lead_days or 0) + (quotation.lead_days or 0)
	special_prices.note(request)


PROCESS = guard.Process(
	first="Requested",
	writable={
		"Requested": {"Salesperson": WISH, "Order Administrator": WISH},
		"Technical": {"Technical Reviewer": TECHNICAL},
		"Pricing": {"Marketing Planner": NOTICE},
	},
	computed=COMPUTED,
	requirements={
		"Technical": check_wish,
		"Costing": check_technical,
		"Pricing": check_costing,
		"Finance Check": check_pricing,
		"Priced": check_finance,
	},
	entering={
		**dict.fromkeys((*OPEN, "Refused", "Expired", "Catalogued"), start_clock),
		"Priced": publish_price,
	},
	reasoned=frozenset({"Refused"}),
	backwards=frozenset(
		{
			("Technical", "Requested"),
			("Costing", "Technical"),
			("Pricing", "Costing"),
			("Finance Check", "Pricing"),
		}
	),
	restarts=frozenset({("Expired", "Costing")}),
	unsealed=frozenset(
		"step_since due_at is_overdue reminded_pct notice_sent_on reuse_count catalogue_proposed_on".split()
	),
	system_moves=frozenset({("Priced", "Expired"), ("Priced", "Catalogued"), ("Expired", "Catalogued")}),
)


# --- what else is done with a request -----------------------------------------------------------------------


def check_quote(request: Document) -> None:
	"""The user may enter a quotation for the request."""
	frappe.has_permission(SPECIAL_QUOTATION, "create", throw=True)
	_check_status(request, "Costing", _("{0} is {1}; quotations are entered in Costing."))


def check_development(request: Document) -> None:
	"""The user may state what the request costs to develop."""
	frappe.has_permission(SPECIAL_DEVELOPMENT, "create", throw=True)
	request.check_permission("read")
	_check_status(
		request, "Technical", _("{0} is {1}; the development cost is stated in the technical check.")
	)


def check_making_price(request: Document) -> None:
	"""The user may make the price of the request."""
	require_role(("Marketing Planner",))
	_check_status(request, "Pricing", _("{0} is {1}; the price is made in Pricing."))


def check_notice(request: Document) -> None:
	"""The request has had a price that a notice tells."""
	request.check_permission("print")
	if request.status not in OFFERED:
		_refuse(_("{0} is {1}; it has no released price.").format(request.name, _(request.status)))


def _check_status(request: Document, status: str, message: str) -> None:
	if request.status != status:
		_refuse(message.format(request.name, _(request.status)))


# --- costs and price ----------------------------------------------------------------------------------------


def chosen_quotation(request: Document) -> Document:
	"""The chosen quotation of a request.

	Raises:
		SpecialOptionError: none is chosen.
	"""
	name = frappe.db.get_value(
		SPECIAL_QUOTATION, {"request_no": request.name, "is_chosen": 1, "is_withdrawn": 0}
	)
	if not name:
		_refuse(_("No quotation is chosen. Enter the suppliers' quotations and choose one."))
	return frappe.get_doc(SPECIAL_QUOTATION, name)


def open_sheet(request: Document) -> None:
	"""Carry the costs of the chosen quotation and of the development into the price sheet."""
	quotation = chosen_quotation(request)
	costs = {
		"qty": request.qty,
		"quotation": quotation.name,
		"unit_cost": quotation.unit_cost,
		"dev_cost": frappe.db.get_value(SPECIAL_DEVELOPMENT, request.name, "dev_cost"),
		"quotation_valid_to": quotation.valid_to,
	}
	if frappe.db.exists(SPECIAL_COST, request.name):
		sheet = frappe.get_doc(SPECIAL_COST, request.name, for_update=True)
	else:
		sheet = frappe.new_doc(SPECIAL_COST, request_no=request.name)
		sheet.name = request.name
	guard.write(sheet, costs)


def compute_sheet(sheet: Document) -> None:
	"""Set cost, list price and the comparison with the real cost."""
	if sheet.qty:
		sheet.cost = float(full_cost(_money(sheet.unit_cost), _money(sheet.dev_cost), sheet.qty))
		sheet.list_price = float(price_of(sheet)) if sheet.markup_pct else 0
	if not sheet.actual_unit_cost:
		sheet.update({"actual_cost": 0, "variance_pct": 0, "actual_margin_pct": 0, "actual_on": None})
		return
	real = full_cost(
		_money(sheet.actual_unit_cost), _money(sheet.actual_dev_cost), sheet.actual_qty or sheet.qty or 1
	)
	sheet.actual_cost = float(real)
	sheet.variance_pct = _percent(real - _money(sheet.cost), _money(sheet.cost))
	sheet.actual_margin_pct = _percent(_money(sheet.list_price) - real, _money(sheet.list_price))
	sheet.actual_on = sheet.actual_on or today()


def price_of(sheet: Document) -> Decimal:
	"""The list price that follows from a price sheet."""
	return list_price(_money(sheet.unit_cost), _money(sheet.dev_cost), sheet.qty, _money(sheet.markup_pct))


def check_price(sheet: Document, request: Document) -> None:
	"""Floor and validity, as far as they are given, fit cost, list price and quotation."""
	if (
		sheet.floor_price
		and sheet.list_price
		and not flt(sheet.cost, 2) <= flt(sheet.floor_price, 2) <= flt(sheet.list_price, 2)
	):
		_refuse(_("The floor price lies between cost and list price."))
	if not sheet.valid_to:
		return
	if sheet.quotation_valid_to and getdate(sheet.valid_to) > getdate(sheet.quotation_valid_to):
		_refuse(
			_("The price is valid to {0}, the supplier's quotation only to {1}.").format(
				frappe.format(sheet.valid_to, "Date"), frappe.format(sheet.quotation_valid_to, "Date")
			)
		)
	if getdate(sheet.valid_to) < getdate(request.request_date):
		_refuse(_("The price would have ended before the request was made."))


def keep_floor(sheet: Document) -> None:
	"""Keep the floor where those look who may know it, and not the cost."""
	if frappe.db.exists(SPECIAL_FLOOR, sheet.request_no):
		frappe.db.set_value(SPECIAL_FLOOR, sheet.request_no, "floor_price", sheet.floor_price or 0)
	elif sheet.floor_price:
		row = {
			"doctype": SPECIAL_FLOOR,
			"name": sheet.request_no,
			"request_no": sheet.request_no,
			"floor_price": sheet.floor_price,
		}
		frappe.get_doc(row).db_insert()


def _sheet(request: Document) -> Document:
	if not frappe.db.exists(SPECIAL_COST, request.name):
		_refuse(_("There is no price sheet yet; it is opened when the costing is finished."))
	return frappe.get_doc(SPECIAL_COST, request.name)


def _money(value: Any) -> Decimal:
	return Decimal(str(value or 0))


def _percent(part: Decimal, whole: Decimal) -> float:
	return round(float(part / whole * 100), 2) if whole else 0.0


# --- Intent Order -------------------------------------------------------------------------------------------


def fill_specials(order: Document, day: Any) -> None:
	"""Take name, price, validity and lead time of each special option from its request, never from the client.

	Args:
		order: the order, or what of a contract line counts: specials, model, customer, market_department.
		day: the day the price is to cover.

	Raises:
		SpecialOptionError: a request is for another model, customer or market department.
	"""
	numbers = [row.request_no for row in order.specials if row.request_no]
	requests = requests_by_number(numbers)
	prices = special_prices.of_requests(requests)
	for row in order.specials:
		request = requests.get(row.request_no)
		if request is not None:
			_refuse_foreign(row, request, order)
		row.update(_offer(request, request and special_prices.on(request, prices.get(request.name, []), day)))
		if request is None:
			continue
		row.name_zh = request.option_name
		if request.model != order.model:
			_refuse(
				_(
					"Special options, row {0}: {1} is for {2}, this order is for {3}. Request it for this model."
				).format(row.idx, request.name, request.model, order.model)
			)


def _refuse_foreign(row: Document, request: Mapping[str, Any], order: Any) -> None:
	"""A special option is made for one customer and market department; the message tells neither."""
	if request["intent_order"] and request["intent_order"] == order.name:
		return
	asked_for = frappe.db.get_value(INTENT_ORDER, request["intent_order"], "customer")
	own = (order.market_department, order.customer)
	for wanted, is_own in zip((request["market_department"], asked_for), own, strict=True):
		if wanted and wanted != is_own:
			_refuse(
				_(
					"Special options, row {0}: {1} was requested for another customer or market department. Request it for this order."
				).format(row.idx, request["name"])
			)


def name_in_order(request: Document) -> None:
	"""Put a new request into the order it was made for, where the order is the user's to write; else tell its authors."""
	order = frappe.get_doc(INTENT_ORDER, request.intent_order, for_update=True)
	if any(row.request_no == request.name for row in order.specials):
		return
	if not _is_open(order) or not _add(order, request):
		notices.tell(
			order,
			order_rounds.authors(order),
			lambda: _("{0}: special option {1} was requested; add it to the order").format(
				order.name, request.name
			),
		)


def _is_open(order: Document) -> bool:
	"""Whether the user may write the special options of an order."""
	writable = order.process.writable_by(order.status, frozenset(frappe.get_roles()))
	return "specials" in writable and bool(frappe.has_permission(order.doctype, "write", doc=order))


def _add(order: Document, request: Document) -> bool:
	order.append("specials", {"request_no": request.name, "name_zh": request.option_name})
	frappe.db.savepoint("name_in_order")
	try:
		order.save()
	except frappe.ValidationError:  # the order has a fault of its own; its next save will say so
		frappe.db.rollback(save_point="name_in_order")
		frappe.clear_last_message()
		return False
	return True


def requests_by_number(numbers: list[str]) -> dict[str, Any]:
	"""Requests that are there, by number, with what an order takes from them."""
	if not numbers:
		return {}
	fields = [
		"name",
		"option_name",
		"model",
		"market_department",
		"intent_order",
		"status",
		"list_price",
		"valid_to",
		"lead_days",
		"technical_lead_days",
	]
	found = frappe.get_all(SPECIAL_REQUEST, filters={"name": ["in", numbers]}, fields=fields)
	return {request.name: request for request in found}


def _offer(request: Mapping[str, Any] | None, price: Mapping[str, Any] | None) -> dict[str, Any]:
	"""What an order row says of a request: an option without a released price has none."""
	if request is None or price is None:
		return {
			"request": request and request["name"],
			"is_priced": 0,
			"unit_price": 0,
			"valid_to": None,
			"lead_days": 0,
		}
	return {
		"request": request["name"],
		"is_priced": 1,
		"unit_price": price["list_price"],
		"valid_to": price["valid_to"],
		"lead_days": price["lead_days"] or 0,
	}


def refresh_orders(request: Document) -> None:
	"""Review the open orders that use the request once more; who edited them last stays as it was."""
	waiting = frappe.get_all(
		"Intent Order Special",
		filters={"request_no": request.name, "docstatus": 0},
		pluck="parent",
		distinct=True,
	)
	for name in waiting:
		order = frappe.get_doc(INTENT_ORDER, name)
		editor = order.modified_by
		frappe.db.savepoint("refresh_order")
		try:
			order.save(ignore_permissions=True)
			frappe.db.set_value(INTENT_ORDER, name, "modified_by", editor, update_modified=False)
		except frappe.ValidationError:  # the order has a fault of its own; its next save will say so
			frappe.db.rollback(save_point="refresh_order")
			frappe.clear_last_message()


# --- scheduler ----------------------------------------------------------------------------------------------


def expire_requests() -> int:
	"""Mark prices that have ended as Expired; gives their number."""
	ended = frappe.get_all(
		SPECIAL_REQUEST, filters={"status": "Priced", "valid_to": ["<", today()]}, pluck="name"
	)
	return background.each(ended, _expire, "Special options expire")


def _expire(name: str) -> None:
	request = frappe.get_doc(SPECIAL_REQUEST, name, for_update=True)
	if request.status == "Priced":
		guard.write(request, {"status": "Expired"}, reason=_("The price has ended."))


def _labels(document: Document, names: list[str]) -> str:
	return ", ".join(_(document.meta.get_label(name), context=document.doctype) for name in names)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Special Option Request"), exc=SpecialOptionError)
