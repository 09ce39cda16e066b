from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_review.exceptions import ContractError
from order_review.services import guard, order_rounds, settled
from order_review.services.contracts import (
	authority,
	deposits,
	lines,
	names,
	offers,
	quantities,
	review,
	schedule,
	steps,
)
from order_review.services.guard import GuardedDocument


class SalesContract(GuardedDocument):
	"""A contract on configured vehicles (销售合同), made of valid intent orders; saving it reviews it until it is received."""

	process = steps.PROCESS
	offers = offers.OFFERS

	def onload(self) -> None:
		"""Tell the form beside what all guarded forms are told which errors are covered, and by what."""
		super().onload()
		self.set_onload("names", names.of_contract(self))
		self.set_onload("deposit", deposits.deposit_steps(self))
		self.set_onload(
			"lacks_approval", self.status in authority.WAITING and self.price_approval == "Needed"
		)
		if self.verdict == "error":
			self.set_onload("settled", settled.of_contract(self))

	def validate(self) -> None:
		"""Check what came in, then review."""
		self.refuse_bare()
		lines.keep_identity(self)
		self._wholes: dict[str, dict[str, Any]] | None = self.review()
		deposits.renew_confirmation(self)

	def on_update(self) -> None:
		"""Count the vehicles; keep the confidential part of the review; do what follows from a step."""
		before = self.get_doc_before_save()
		is_lifted = bool(before and before.status == "Vetoed")
		quantities.book(quantities.taken(before), quantities.taken(self), comes_back=is_lifted)
		if self._wholes is not None:
			authority.keep(self, self._wholes)
		self.after_step()

	def on_update_after_submit(self) -> None:
		"""Count the vehicles of a contract that is cancelled; do what follows from a step."""
		quantities.book(quantities.taken(self.get_doc_before_save()), quantities.taken(self))
		self.after_step()

	def on_trash(self) -> None:
		"""Give the vehicles back, and take away what was kept beside the contract."""
		quantities.book(quantities.taken(self), quantities.taken(None))
		steps.forget(self)

	def refuse_bare(self) -> None:
		"""A contract begins with intent orders."""
		if self.is_new() and not guard.is_system_save(self):
			frappe.throw(
				_("A contract is made of valid intent orders: open one and choose “Make Contract”."),
				title=_("Contract Not Made"),
				exc=ContractError,
			)

	def entered(self) -> str | None:
		"""The status this save brings the contract into; None when it stays where it is."""
		before = self.get_doc_before_save()
		return None if before is not None and before.status == self.status else self.status

	def review(self) -> dict[str, dict[str, Any]] | None:
		"""Review the contract, as long as its round is not frozen."""
		entered = self.entered()
		if self.status in steps.ENTRY and entered in (None, "Draft"):
			steps.check_deposit(self)
			schedule.check_shares(self)
			return review.review_contract(self)
		if entered not in ("Submitted", "Received"):
			return None
		wholes = review.review_contract(self)
		if entered == "Received":
			review.add_exceeded(self, authority.exceeded(self, wholes))
			self.price_approval = authority.state_of(self, wholes)
			order_rounds.freeze_findings(self)
		return wholes

	def after_step(self) -> None:
		"""Do what follows from a step, if this save is one."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			steps.after_step(self, before.status)
