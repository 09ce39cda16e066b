"""The columns of Price Check, for screen and export."""

from __future__ import annotations

from frappe import _

from order_review.services.report_columns import Column, column, link, money
from order_review.services.review_views import Clearance


def columns(clearance: Clearance) -> list[Column]:
	"""The columns a reader with this clearance sees."""
	shown = [
		link("intent_order", _("Intent Order"), "Intent Order", 150),
		column("order_date", _("Order Date"), "Date", 100),
		column("order_type", _("Order Type"), "Data", 105),
		column("customer", _("Customer"), "Data", 160),
		column("dealer", _("Dealer"), "Data", 120),
		column("market_department", _("Market Department"), "Data", 130),
		column("sales_person", _("Salesperson"), "Data", 110),
		link("model", _("Vehicle Model"), "Vehicle Model", 110),
		column("qty", _("Quantity"), "Int", 90),
		link("price_book", _("Price Book"), "Price Book", 110),
		money("base_list", _("Base List Price (A)")),
		money("options_list", _("Options (B)")),
		money("specials_list", _("Special Options (C)")),
		money("surcharges", _("Surcharges (S)")),
		money("configured_list", _("Configured List Price (CL)")),
		money("discounts", _("Discounts and Gifts (D)")),
		money("services_total", _("Services (G)")),
		money("review_price", _("Review Price (R)")),
		money("negotiated", _("Negotiated Price (N)")),
		column("deviation_pct", _("Deviation (%)"), "Float", 125, precision=2),
		money("floor_price", _("Floor Price")),
		money("headroom", _("Above Floor")),
		column("approval_level", _("Approval Level"), "Data", 125),
		column("approver", _("Approved By"), "Data", 140),
		column("approved_on", _("Approved On"), "Datetime", 140),
	]
	if clearance.cost:
		shown += [
			money("cost", _("Cost")),
			money("margin", _("Margin", context="Order Review")),
			column("margin_pct", _("Margin (%)"), "Float", 110, precision=2),
		]
	return [
		*shown,
		money("total", _("Total", context="Order Review")),
		column("status", _("Status"), "Data", 110),
	]
