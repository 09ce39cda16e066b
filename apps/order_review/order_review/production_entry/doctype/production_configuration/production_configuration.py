from __future__ import annotations

import frappe

from order_review.services import review_tasks
from order_review.services.guard import GuardedDocument
from order_review.services.production import configuration


class ProductionConfiguration(GuardedDocument):
	"""What is built of a contract line (生产配置): assemblies slot by slot; a released version never changes."""

	process = configuration.PROCESS

	def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
		"""Of a release lock the contract's row before the own one: fixed order, no deadlock."""
		if self.status == "Released" and not self.is_new():
			configuration.lock_contract(self)
		super().load_doc_before_save(raise_exception=raise_exception)

	def validate(self) -> None:
		"""Bring lines and audit rows in order."""
		configuration.complete(self)

	def on_update(self) -> None:
		"""Do what follows from a step."""
		self.after_step()

	def on_update_after_submit(self) -> None:
		"""Do what follows from a step of a released version."""
		self.after_step()

	def on_trash(self) -> None:
		"""Take away with the configuration what was kept beside it."""
		review_tasks.forget(self)
		for name in frappe.get_all(
			"Blind Translation", {"production_configuration": self.name}, pluck="name"
		):
			frappe.db.delete("Document Event", {"parenttype": "Blind Translation", "parent": name})
			frappe.delete_doc("Blind Translation", name, force=True, ignore_permissions=True)

	def after_step(self) -> None:
		"""Do what follows from a step, if this save is one."""
		before = self.get_doc_before_save()
		if before is None or before.status != self.status:
			configuration.after_step(self, before.status if before else None)
