"""Rows of price books, policies and rehearsals: they change with their document only, which judges the change."""

from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import ForeignRowError
from order_review.order_review.row import OrderRow


class PriceRow(OrderRow):
	"""A child row that is never saved or deleted on its own; a released book could be changed by its rows else."""

	def _refuse(self) -> None:
		frappe.throw(
			_("{0} rows change with their {1} only. Open the {1} and save it.").format(
				_(self.doctype), _(self.parenttype or "Price Book")
			),
			title=_("Not Changed"),
			exc=ForeignRowError,
		)
