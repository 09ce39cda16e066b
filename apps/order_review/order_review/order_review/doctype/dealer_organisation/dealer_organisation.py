from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import DealerOrganisationError
from order_review.services.portal import organisations


class DealerOrganisation(Document):
	"""What a dealer's users stand for (经销商组织): granted and withdrawn by market management, each change written down."""

	def validate(self) -> None:
		"""Refuse members who are none, and write down what is granted and withdrawn."""
		organisations.check(self)
		organisations.write_down(self)

	def on_update(self) -> None:
		"""Whoever has lost what he stood for is signed out."""
		organisations.end_sessions(self)

	def on_trash(self) -> None:
		"""An organisation is withdrawn, not deleted: what was granted stays on record."""
		if frappe.flags.in_uninstall or frappe.session.user == "Administrator":
			return
		frappe.throw(_("Switch the organisation off instead of deleting it."), exc=DealerOrganisationError)
