"""Catalogue in and out of the Desk."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils.background_jobs import is_job_enqueued

from order_review.constants import CATALOGUE_SETTINGS
from order_review.engine.catalogue import PARTS
from order_review.services import background, catalogue_transfer

_TECHNICAL = ("models", "families", "options", "rules", "translations")
_COMMERCIAL = ("prices", "policies")
_PARTS_OF = {
	"Catalogue Manager": _TECHNICAL,
	"Technical Reviewer": _TECHNICAL,
	"Marketing Planner": _COMMERCIAL,
}
"""Files a role may take in and out: prices hold floor and cost, so that they are for those who keep them."""

EVENT = "order_review_catalogue"
_JOB = "order_review_import_catalogue"


def parts_of(user: str) -> tuple[str, ...]:
	"""The catalogue files a user may import and export."""
	if user == "Administrator":
		return PARTS
	roles = frappe.get_roles(user)
	allowed = {part for role, parts in _PARTS_OF.items() if role in roles for part in parts}
	return tuple(part for part in PARTS if part in allowed)


@frappe.whitelist()
def get_parts() -> list[str]:
	"""The catalogue files the user may import and export."""
	return list(parts_of(frappe.session.user))


@frappe.whitelist(methods=["POST", "GET"])
def export_archive() -> None:
	"""Download the catalogue, as far as the user keeps it, as a ZIP archive of YAML files."""
	parts = _allowed_parts()
	frappe.response.filename = "catalogue.zip"
	frappe.response.filecontent = catalogue_transfer.export_archive(parts)
	frappe.response.type = "download"


@frappe.whitelist(methods=["POST"])
def start_import(file: str) -> None:
	"""Import an uploaded ZIP archive in the background; progress and outcome come by realtime events.

	Args:
		file: name of the File; it must be one the user uploaded.
	"""
	_allowed_parts()
	document = frappe.get_doc("File", file)
	if document.owner != frappe.session.user:
		frappe.throw(_("Upload the archive yourself."), exc=frappe.PermissionError)
	if is_job_enqueued(_JOB):
		frappe.throw(_("A catalogue is being imported already. Wait until it is done."))
	frappe.enqueue(run_import, queue="long", job_id=_JOB, file=file, user=frappe.session.user)


def run_import(file: str, user: str) -> None:
	"""The background job: import, tell the user, and take the upload away."""

	def show(done: int, total: int, what: str) -> None:
		_tell(user, done=done, total=total, what=_(what))

	def work() -> catalogue_transfer.TransferResult:
		content = frappe.get_doc("File", file).get_content()
		return catalogue_transfer.import_archive(
			content if isinstance(content, bytes) else content.encode(), parts_of(user), show
		)

	outcome = background.attempt(work, "Catalogue import")
	if outcome.is_done:
		_tell(user, finished=outcome.result.sentence, warnings=outcome.result.warnings)
	else:
		_tell(user, failed=outcome.said)
	background.report(
		outcome, CATALOGUE_SETTINGS, CATALOGUE_SETTINGS, lambda: _("Import of the catalogue"), user
	)
	frappe.delete_doc("File", file, ignore_permissions=True)


def _tell(user: str, **message: Any) -> None:
	frappe.publish_realtime(EVENT, message, user=user)


def _allowed_parts() -> tuple[str, ...]:
	parts = parts_of(frappe.session.user)
	if not parts:
		frappe.throw(
			_("Your roles do not let you import or export the catalogue."), exc=frappe.PermissionError
		)
	frappe.has_permission(CATALOGUE_SETTINGS, "read", throw=True)
	return parts
