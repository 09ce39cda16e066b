"""Steps of guarded documents, with their reason."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.workflow import apply_workflow

from order_review.exceptions import StatusChangeError
from order_review.services import guard
from order_review.services.retry import with_retry


@frappe.whitelist(methods=["POST"])
@with_retry
def take(doctype: str, name: str, action: str, modified: str, reason: str | None = None) -> str:
	"""Take an action of the document's workflow and give the new status.

	Args:
		modified: when the document the user looks at was last changed; an older look is refused.
		reason: why, where the step needs a reason.
	"""
	document = frappe.get_doc(doctype, name)
	if not isinstance(document, guard.GuardedDocument):
		frappe.throw(_("{0} has no steps.").format(_(doctype)), exc=StatusChangeError)
	document.check_permission("read")
	if str(document.modified) != modified:
		frappe.throw(
			_("{0} has been changed meanwhile. Reload it and look again.").format(name),
			title=_("Step Not Taken"),
			exc=frappe.TimestampMismatchError,
		)
	with guard.because(reason):
		if guard.take_for_absent(document, action):
			return str(document.get(document.process.status_field))
		document.check_permission("write")
		return str(apply_workflow(document, action).get(document.process.status_field))
