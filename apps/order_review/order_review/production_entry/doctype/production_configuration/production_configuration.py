from __future__ import annotations

import frappe
from frappe import _

from order_review.exceptions import ProductionEntryError
from order_review.services import guard
from order_review.services.guard import GuardedDocument
from order_review.services.production import configuration, configuration_steps, translation


class ProductionConfiguration(GuardedDocument):
	"""What the plant builds for a contract line (生产配置), in versions; a released version never changes."""

	process = configuration_steps.PROCESS
	offers = configuration_steps.OFFERS

	def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
		"""Of a release lock the contract's row before the own one: fixed order, no deadlock."""
		if self.status == "Released" and not self.is_new():
			configuration.lock_contract(self.sales_contract)
		super().load_doc_before_save(raise_exception=raise_exception)

	def validate(self) -> None:
		"""Translate, as long as the translator has the ball."""
		self.refuse_bare()
		if self.status in configuration_steps.TRANSLATED:
			if self.entered() is None:
				translation.note_hand(self)
			translation.fill(self)

	def on_update(self) -> None:
		"""Do what follows from a step."""
		self.after_step()

	def on_submit(self) -> None:
		"""Enter the released line into ERPNext; what fails takes the release back."""
		configuration.book(self)

	def on_update_after_submit(self) -> None:
		"""Do what follows from a step of a released version."""
		self.after_step()

	def on_trash(self) -> None:
		"""Take away what was kept beside the version."""
		configuration_steps.forget(self)

	def refuse_bare(self) -> None:
		"""A version is made for a line of a contract that is in force."""
		if self.is_new() and not guard.is_system_save(self):
			frappe.throw(
				_("A production configuration is made when its contract becomes effective, not by hand."),
				title=_("Not Made"),
				exc=ProductionEntryError,
			)

	def entered(self) -> str | None:
		"""The status this save brings the version into; None when it stays where it is."""
		before = self.get_doc_before_save()
		return None if before is not None and before.status == self.status else self.status

	def after_step(self) -> None:
		"""Do what follows from a step, if this save is one."""
		before = self.get_doc_before_save()
		if before is not None and before.status != self.status:
			configuration_steps.after_step(self, before.status)
