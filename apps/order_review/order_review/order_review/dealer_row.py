"""Rows of a Dealer Organisation: readable and changeable with their organisation only."""

from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import ForeignRowError
from order_review.order_review.row import OrderRow


class DealerRow(OrderRow):
	"""A row that is never saved or deleted on its own and is as readable as the organisation it belongs to."""

	def _refuse(self) -> None:
		frappe.throw(
			_("{0} rows change with their {1} only. Open the {1} and save it.").format(
				_(self.doctype), _("Dealer Organisation")
			),
			title=_("Not Changed"),
			exc=ForeignRowError,
		)
