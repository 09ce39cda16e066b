"""Price Check: list, options, specials, policies, review and negotiated price of every order, and who may approve it.

Rows come page by page, totals over everything the filters match; both only from what the user may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType, Order
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint, flt, getdate
from pypika import Case
from pypika.terms import Criterion, ExistsCriterion

from order_review.constants import FLOOR_READERS, INTENT_ORDER, ORDER_COST, PRICE_APPROVAL, PRICE_REVIEW
from order_review.permissions import own_departments
from order_review.services.report_columns import worded
from order_review.services.review_views import EVERYTHING, Clearance

PAGE = 500
LARGEST_PAGE = 5000
_EQUAL = ("market_department", "model", "order_type", "approval_level", "price_book")
"""Filters that name one value of the price review."""
_ORDER_EQUAL = ("dealer", "sales_person", "status", "company")
"""Filters that name one value of the order itself."""
_SORTED = {
	"Newest first": (("order_date", Order.desc), ("name", Order.desc)),
	"Largest discount first": (("deviation_pct", Order.asc), ("name", Order.desc)),
	"Highest total first": (("total", Order.desc), ("name", Order.desc)),
}

_REVIEW = (
	"order_date",
	"order_type",
	"model",
	"market_department",
	"qty",
	"price_book",
	"base_list",
	"options_list",
	"specials_list",
	"surcharges",
	"configured_list",
	"discounts",
	"services_total",
	"review_price",
	"negotiated",
	"deviation_pct",
	"total",
	"floor_price",
	"below_floor",
	"approval_level",
)
_ORDER = ("title", "customer", "dealer", "sales_person", "status")
_COST = ("cost", "margin", "margin_pct")
_WORDED = {"order_type": INTENT_ORDER, "status": INTENT_ORDER}
"""Columns with values of Selects, which are told in words."""
_UNPRICED = ("deviation_pct", "margin", "margin_pct")
"""What has no value while no price is negotiated."""


def clearance() -> Clearance:
	"""What the user may see of prices."""
	user = frappe.session.user
	return EVERYTHING if user == "Administrator" else Clearance.of_roles(frappe.get_roles(user))


def require_price_reader() -> Clearance:
	"""The user's clearance.

	Raises:
		PermissionError: the user may not read floor prices, so reports on prices are not for them.
	"""
	found = clearance()
	if not found.floor:
		frappe.throw(
			_("Reports on prices are for the roles {0}.").format(
				", ".join(sorted(_(role) for role in FLOOR_READERS))
			),
			exc=frappe.PermissionError,
		)
	return found


@dataclass(frozen=True)
class Totals:
	"""Sums over all orders that match, in yuan for all vehicles; margin None unless the user may know it."""

	orders: int
	vehicles: int
	list_value: float
	discounts: float
	review_value: float
	negotiated_value: float
	below_floor: int
	margin: float | None
	by_level: Mapping[str, int]

	@property
	def deviation_pct(self) -> float | None:
		"""Deviation of the negotiated from the review price over all orders."""
		if not self.review_value:
			return None
		return round((self.negotiated_value - self.review_value) / self.review_value * 100, 2)


class PriceCheck:
	"""One run of the report for the user of the session.

	Args:
		filters: as the report sends them; unknown keys are ignored, values are only ever bound, never pasted.
	"""

	def __init__(self, filters: Mapping[str, Any] | None = None) -> None:
		self.clearance = require_price_reader()
		self.filters = {key: value for key, value in (filters or {}).items() if value not in (None, "")}
		self.review = DocType(PRICE_REVIEW)
		self.order = DocType(INTENT_ORDER)
		self.cost = DocType(ORDER_COST)
		self.approval = DocType(PRICE_APPROVAL)

	@property
	def page(self) -> int:
		"""Rows of a page."""
		return min(max(cint(self.filters.get("page_size")) or PAGE, 1), LARGEST_PAGE)

	def rows(self) -> list[dict[str, Any]]:
		"""The rows of the asked page."""
		number = max(cint(self.filters.get("page")) or 1, 1)
		return self.read(self.page, (number - 1) * self.page)

	def read(self, limit: int, offset: int) -> list[dict[str, Any]]:
		"""``limit`` rows from ``offset`` on."""
		names = self._sorted(self._matching().select(self.review.name)).limit(limit).offset(offset)
		names = [name for (name,) in names.run()]
		return worded(self._detail(names), **_WORDED) if names else []

	def totals(self) -> Totals:
		"""Sums over everything that matches, in one pass per authority level."""
		review = self.review
		query = self._matching()
		columns = [
			review.approval_level,
			Count("*"),
			Sum(review.qty),
			Sum(review.configured_list * review.qty),
			Sum(review.discounts * review.qty),
			Sum(review.review_price * review.qty),
			Sum(Case().when(review.review_price != 0, review.negotiated * review.qty).else_(0)),
			Sum(review.below_floor),
		]
		if self.clearance.cost:
			query = query.left_join(self.cost).on(self.cost.name == review.name)
			columns.append(Sum(self.cost.margin * review.qty))
		found = query.select(*columns).groupby(review.approval_level).run()
		levels = {row[0] or "": cint(row[1]) for row in sorted(found, key=lambda row: row[0] or "")}
		sums = [sum(flt(row[index]) for row in found) for index in range(1, len(columns))]
		margin = sums[7] if self.clearance.cost else None
		return Totals(cint(sums[0]), cint(sums[1]), *sums[2:6], cint(sums[6]), margin, levels)

	def _matching(self) -> Any:
		query = frappe.qb.from_(self.review)
		if any(key in self.filters for key in ("customer", *_ORDER_EQUAL)):
			query = query.join(self.order).on(self.order.name == self.review.name)
		for criterion in (*self._visible(), *self._asked()):
			query = query.where(criterion)
		return query

	def _visible(self) -> Iterable[Criterion]:
		"""What the user may see at all."""
		departments = own_departments(frappe.session.user)
		if departments is not None:
			yield self.review.market_department.isin(departments or [""])
		if not self.clearance.cost:
			yield self.review.order_type != "Internal"

	def _asked(self) -> Iterable[Criterion]:
		"""What the filters ask for."""
		yield from self._named()
		yield from self._in_span()
		yield from self._marked()

	def _named(self) -> Iterable[Criterion]:
		for table, names in ((self.review, _EQUAL), (self.order, _ORDER_EQUAL)):
			for column in names:
				if column in self.filters:
					yield table[column] == str(self.filters[column])
		if "customer" in self.filters:
			yield self.order.customer.like(f"%{self.filters['customer']}%")

	def _in_span(self) -> Iterable[Criterion]:
		if "from_date" in self.filters:
			yield self.review.order_date >= getdate(self.filters["from_date"])
		if "to_date" in self.filters:
			yield self.review.order_date <= getdate(self.filters["to_date"])
		if "deviation_below" in self.filters:
			yield self.review.deviation_pct <= flt(self.filters["deviation_below"])

	def _marked(self) -> Iterable[Criterion]:
		if cint(self.filters.get("below_floor")):
			yield self.review.below_floor == 1
		if cint(self.filters.get("with_specials")):
			yield self.review.specials_list != 0
		if "policy" in self.filters:
			row = DocType("Intent Order Policy")
			claimed = frappe.qb.from_(row).select(row.name)
			policy = str(self.filters["policy"])
			yield ExistsCriterion(
				claimed.where((row.parent == self.review.name) & (row.policy == policy) & (row.eligible == 1))
			)

	def _sorted(self, query: Any) -> Any:
		for column, direction in _SORTED.get(str(self.filters.get("sorting")), _SORTED["Newest first"]):
			query = query.orderby(self.review[column], order=direction)
		return query

	def _detail(self, names: list[str]) -> list[dict[str, Any]]:
		"""The columns of some orders; cost only selected for those who may know it."""
		review, order, approval = self.review, self.order, self.approval
		columns = [
			review.name.as_("intent_order"),
			*(review[name] for name in _REVIEW),
			*(order[name] for name in _ORDER),
		]
		columns += [approval.approver, approval.approved_on, approval.approval_level.as_("approved_level")]
		query = frappe.qb.from_(review).join(order).on(order.name == review.name)
		query = query.left_join(approval).on(
			(approval.intent_order == review.name)
			& (approval.is_void == 0)
			& (approval.decision == "Approved")
		)
		if self.clearance.cost:
			query = query.left_join(self.cost).on(self.cost.name == review.name)
			columns += [self.cost[name] for name in _COST]
		found = query.select(*columns).where(review.name.isin(names)).run(as_dict=True)
		by_name = {row.intent_order: row for row in found}
		return [_blank_unknown(by_name[name]) for name in names if name in by_name]


def _blank_unknown(row: dict[str, Any]) -> dict[str, Any]:
	"""An order without a price has no figures, not figures of nought."""
	if not row["review_price"]:
		row.update(
			dict.fromkeys(("base_list", "configured_list", "review_price", "deviation_pct", "floor_price"))
		)
	if not row["negotiated"]:
		row.update({name: None for name in ("negotiated", *_UNPRICED) if name in row})
	row["headroom"] = (
		None
		if row["floor_price"] is None or not row["negotiated"]
		else row["negotiated"] - row["floor_price"]
	)
	return row
