"""Production configurations of contract lines: made, released, superseded."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import cint

from order_review.constants import PRODUCTION_CONFIGURATION, ROLES, SALES_CONTRACT
from order_review.exceptions import ProductionEntryError
from order_review.services import background, guard, notices
from order_review.services.contracts import lines as contract_lines
from order_review.services.production import configuration_steps, translation

LONG = 80
"""Lines from which a release runs in the background."""

PROGRESS = "production_configuration_release"
"""Event that tells browsers how far a release is."""

_LIVE = (*configuration_steps.OPEN, "Released")


# --- versions -----------------------------------------------------------------------------------------------


def create(contract: str, line_no: int) -> str:
	"""The production configuration of a contract line; version 1 where there is none yet. Gives its name."""
	document = frappe.get_doc(SALES_CONTRACT, contract, for_update=True)
	found = live(contract, line_no)
	if found:
		return found
	version = _new(document, line_no, 1)
	guard.insert(version)
	return _announce(version, document)


def new_version(name: str) -> str:
	"""The next version of a released configuration, for what the contract line says now; gives its name.

	What is the same is not translated again: lines by hand of slots the rules fill as before are carried over.

	Raises:
		ProductionEntryError: it is not released, or a next version is under way.
	"""
	contract = frappe.db.get_value(PRODUCTION_CONFIGURATION, name, "sales_contract")
	document = frappe.get_doc(SALES_CONTRACT, contract, for_update=True)
	previous = frappe.get_doc(PRODUCTION_CONFIGURATION, name, for_update=True)
	if previous.status != "Released":
		_refuse(
			_("{0} is not released; change it, or make the next version from the released one.").format(name)
		)
	under_way = frappe.db.get_value(
		PRODUCTION_CONFIGURATION,
		{"sales_contract": contract, "supersedes": name, "status": ["!=", "Withdrawn"]},
		for_update=True,
	)
	if under_way:
		_refuse(_("{0} is the next version already.").format(under_way))
	version = _new(document, previous.line_no, cint(previous.version) + 1, previous)
	translation.carry_manual(version, previous)
	guard.insert(version)
	return _announce(version, document)


def _new(contract: Document, line_no: int, number: int, previous: Document | None = None) -> Document:
	line = contract_lines.line(contract, line_no)
	version = frappe.new_doc(PRODUCTION_CONFIGURATION)
	version.update({"sales_contract": contract.name, "line_no": line.line_no, "version": number})
	if previous is not None:
		kept = ("livery_status", "livery_pattern", "livery_design")
		version.update({"supersedes": previous.name, **{name: previous.get(name) for name in kept}})
		for row in previous.specials:
			version.append(
				"specials",
				{
					name: row.get(name)
					for name in ("request_no", "contract_text", "handling", "reason", "decided_by")
				},
			)
	translation.take_snapshot(version, contract, line)
	return version


def _announce(version: Document, contract: Document) -> str:
	"""Link the line to the version, give it to the order administrator, tell who may translate."""
	owner = contract.owner_oa or frappe.session.user
	frappe.db.set_value(PRODUCTION_CONFIGURATION, version.name, "owner", owner, update_modified=False)
	if cint(version.version) == 1:
		_link(version, {"production_configuration": version.name})
	users = {contract.owner_oa, *notices.users_with(ROLES["CA"][0])}
	notices.tell(version, users, _("{0}: to be translated ({1})").format(version.name, version.title))
	return str(version.name)


def live(contract: str, line_no: int) -> str | None:
	"""The newest version of a line that is not withdrawn or superseded, past the snapshot of this transaction."""
	found = frappe.db.get_values(
		PRODUCTION_CONFIGURATION,
		{"sales_contract": contract, "line_no": cint(line_no), "status": ["in", _LIVE]},
		["name"],
		order_by="version desc",
		for_update=True,
	)
	return str(found[0][0]) if found else None


def withdraw(name: str, reason: str) -> None:
	"""Take a version that is not released back, as the system."""
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, name, for_update=True)
	if version.status in configuration_steps.OPEN:
		guard.write(version, {"status": "Withdrawn"}, reason=reason)


# --- release ------------------------------------------------------------------------------------------------


def lock_contract(contract: str) -> None:
	"""Lock the contract's row; whoever changes what hangs on a contract does this first."""
	frappe.db.get_value(SALES_CONTRACT, contract, "name", for_update=True)


def release(name: str) -> dict[str, Any]:
	"""Release a version: frozen, entered into ERPNext, linked to the contract line; all of it or nothing.

	Who asks again gets what there is.

	Returns:
		``status``, ``item``, ``bom``, ``sales_order``.
	"""
	contract = frappe.db.get_value(PRODUCTION_CONFIGURATION, name, "sales_contract")
	if not contract:
		raise frappe.DoesNotExistError(
			_("{0} {1} not found", context="Order Review").format(_(PRODUCTION_CONFIGURATION), name)
		)
	lock_contract(contract)
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, name, for_update=True)
	version.check_permission("read")
	if version.status != "Released":
		version = apply_workflow(version, "Release")
	return {key: version.get(key) for key in ("status", "item", "bom", "sales_order")}


def book(version: Document) -> None:
	"""What a release brings, in its transaction: Item, BOM, Sales Order, links, the old version superseded."""
	from order_review.services.contracts import steps as contract_steps
	from order_review.services.production import erp

	contract = frappe.get_doc(SALES_CONTRACT, version.sales_contract, for_update=True)
	line = contract_lines.line(contract, version.line_no)
	_progress(version, 20)
	made = erp.book(version, contract, line)
	_progress(version, 80)
	for field in ("item", "bom", "sales_order"):
		version.db_set(field, made[field], update_modified=False)
	_link(
		version,
		{
			"production_configuration": version.name,
			"sales_order": made["sales_order"],
			"released_on": version.released_on,
		},
	)
	_supersede(version)
	contract_steps.progress(contract.name)
	configuration_steps.after_step(version, configuration_steps.COLLECTING)
	_progress(version, 100)


def _supersede(version: Document) -> None:
	if not version.supersedes:
		return
	old = frappe.get_doc(PRODUCTION_CONFIGURATION, version.supersedes, for_update=True)
	if old.status == "Released":
		old.flags.ignore_links = True  # its Sales Order was cancelled for the new one
		guard.write(old, {"status": "Superseded"}, reason=_("{0} was released.").format(version.name))


def _link(version: Document, values: dict[str, Any]) -> None:
	"""Write links on the contract line, past the contract's locks: they say what was made of it, nothing else."""
	line = {"parent": version.sales_contract, "parenttype": SALES_CONTRACT, "line_no": version.line_no}
	row = frappe.db.get_value("Sales Contract Line", line)
	frappe.db.set_value("Sales Contract Line", row, values, update_modified=False)
	frappe.clear_document_cache(SALES_CONTRACT, version.sales_contract)


def release_or_enqueue(name: str) -> dict[str, Any]:
	"""Release at once, or, where there are many lines, in the background; then ``status`` is ``queued``."""
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, name)
	version.check_permission("read")
	if version.status == "Released" or len(version.lines) < LONG or not background.is_reachable():
		return release(name)
	background.after_commit(release_job, queue="long", name=name, job_id=f"release-{name}", deduplicate=True)
	return {"status": "queued"}


def release_job(name: str) -> None:
	"""Release in the background; how it ended is told to who asked."""
	outcome = background.attempt(lambda: release(name), f"Release of {name}")
	background.report(
		outcome,
		PRODUCTION_CONFIGURATION,
		name,
		lambda: _("Release of {0}", context="Order Review").format(name),
	)


def _progress(version: Document, percent: int) -> None:
	frappe.publish_realtime(
		PROGRESS,
		{"name": version.name, "percent": percent},
		user=frappe.session.user,
		after_commit=percent == 100,
	)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Production Configuration"), exc=ProductionEntryError)
