"""Special options that are wanted again: counting, proposing for the catalogue, promoting."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import today
from frappe.utils.user import get_users_with_role

from order_review.constants import INTENT_ORDER, SPECIAL_REQUEST
from order_review.exceptions import SpecialOptionError
from order_review.permissions import require_role
from order_review.services import guard, special_options
from order_review.services.special_prices import OFFERED

PROPOSE_AT = 3
"""Reuse that proposes an option of the catalogue (DOMAIN 5: the third)."""

CATALOGUE_MANAGER = "Catalogue Manager"


def count_for_order(order: Document) -> None:
	"""Count anew for the requests an order uses, or used before this save."""
	before = order.get_doc_before_save()
	rows = [*order.specials, *(before.specials if before else ())]
	count_anew({row.request_no for row in rows})


def count_without(order: Document) -> None:
	"""Count anew for the requests of an order that goes."""
	count_anew({row.request_no for row in order.specials}, without=order.name)


def count_anew(numbers: Iterable[str], without: str = "") -> None:
	"""Store how many other orders use each request, and propose those used often.

	A request whose count stays is not locked: a release locks the request first and its orders then, an order's
	save the other way round.
	"""
	for number in numbers:
		kept = frappe.db.get_value(SPECIAL_REQUEST, number, "reuse_count")
		if kept is None:
			continue
		reused = reuse_count(number, without)
		if reused == kept:
			continue
		frappe.db.set_value(SPECIAL_REQUEST, number, "reuse_count", reused, update_modified=False)
		if reused >= PROPOSE_AT and not frappe.db.get_value(SPECIAL_REQUEST, number, "catalogue_proposed_on"):
			_propose(frappe.get_doc(SPECIAL_REQUEST, number), reused)


def reuse_count(number: str, without: str = "") -> int:
	"""Orders, other than the one it was made for, that use the request at a price in date on their own day."""
	order, row = frappe.qb.DocType(INTENT_ORDER), frappe.qb.DocType("Intent Order Special")
	origin = frappe.db.get_value(SPECIAL_REQUEST, number, "intent_order") or ""
	query = (
		frappe.qb.from_(row)
		.join(order)
		.on(row.parent == order.name)
		.where((row.request_no == number) & (row.is_priced == 1) & (row.valid_to >= order.order_date))
		.where((order.docstatus < 2) & order.name.notin([origin, without]))
		.select(Count(order.name).distinct())
	)
	return int(query.run()[0][0])


def _propose(request: Document, reused: int) -> None:
	"""Ask the catalogue managers to make an option of it."""
	frappe.db.set_value(
		SPECIAL_REQUEST, request.name, "catalogue_proposed_on", today(), update_modified=False
	)
	text = _(
		"{0} ({1}) has been used again by {2} orders. Consider making it an option of the catalogue."
	).format(request.option_name, request.name, reused)
	frappe.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Info",
			"reference_doctype": SPECIAL_REQUEST,
			"reference_name": request.name,
			"content": frappe.utils.escape_html(text),
		}
	).insert(ignore_permissions=True)
	for user in get_users_with_role(CATALOGUE_MANAGER):
		todo = {
			"doctype": "ToDo",
			"allocated_to": user,
			"assigned_by": frappe.session.user,
			"reference_type": SPECIAL_REQUEST,
			"reference_name": request.name,
			"description": frappe.utils.escape_html(text),
		}
		frappe.get_doc(todo).insert(ignore_permissions=True)


def check_catalogue(request: Document) -> None:
	"""The user may mark the request as an option of the catalogue.

	Raises:
		SpecialOptionError, frappe.PermissionError.
	"""
	require_role((CATALOGUE_MANAGER, "Technical Reviewer"))
	request.check_permission("read")
	if request.status not in OFFERED - {"Catalogued"}:
		frappe.throw(
			_("{0} is {1}; only what has had a price becomes an option of the catalogue.").format(
				request.name, _(request.status, context=request.doctype)
			),
			exc=SpecialOptionError,
		)


OFFERS = {
	"add_quotation": special_options.check_quote,
	"state_development_cost": special_options.check_development,
	"make_price": special_options.check_making_price,
	"catalogue": check_catalogue,
	"price_notice": special_options.check_notice,
}
"""What the form of a request offers, each with the check its call begins with."""


def catalogue(request: Document, vehicle_option: str) -> None:
	"""Mark a request as having become an option of the catalogue.

	Raises:
		SpecialOptionError: the request has no price, or the model does not offer the option.
	"""
	check_catalogue(request)
	offered = {"parenttype": "Vehicle Option", "parent": vehicle_option, "vehicle_model": request.model}
	if not frappe.db.exists("Vehicle Option Availability", offered):
		frappe.throw(
			_("Option {0} is not offered on {1}. Enter it in the catalogue first.").format(
				vehicle_option, request.model
			),
			exc=SpecialOptionError,
		)
	reason = _("Option {0} of the catalogue takes its place.").format(vehicle_option)
	guard.write(request, {"status": "Catalogued", "catalogued_option": vehicle_option}, reason=reason)
	for name in frappe.get_all(
		"ToDo",
		filters={"reference_type": SPECIAL_REQUEST, "reference_name": request.name, "status": "Open"},
		pluck="name",
	):
		frappe.db.set_value("ToDo", name, "status", "Closed")
