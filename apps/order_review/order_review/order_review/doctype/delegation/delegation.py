from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.exceptions import DelegationError
from order_review.services import delegations


class Delegation(Document):
	"""A dated substitution (代理): the delegate answers and takes steps for the absent user, and is shown as doing so."""

	def validate(self) -> None:
		"""Refuse what would hand over too much, twice, or in a chain."""
		delegations.check(self)

	def on_update(self) -> None:
		"""Tell those concerned."""
		delegations.tell(self)

	def on_trash(self) -> None:
		"""A substitution is revoked, not deleted: what was done under it refers to it."""
		if frappe.flags.in_uninstall or frappe.session.user == "Administrator":
			return
		frappe.throw(_("Switch the delegation off instead of deleting it."), exc=DelegationError)
