"""Comments are of who writes them; what says that a step was taken is written by the step alone."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from order_review.services.files.rights import document_of, is_ours

PLAIN = "Comment"
"""The type of what people write; all others tell of something the server did."""

_METHOD, _NOTED = "add_comment", "order_review_adds_comment"


def check(comment: Document, _event: str | None = None) -> None:
	"""Judge a comment that a request makes.

	Raises:
		frappe.PermissionError: it is in another's name, or it is called for on a document the user may not write, or says
			that the server did something.
	"""
	user = frappe.session.user
	if not frappe.request or user in ("Administrator", "Guest"):
		return
	if comment.is_new() or comment.has_value_changed("comment_email"):
		if comment.comment_email and comment.comment_email != user:
			_refuse(_("A comment is in your own name."))
		comment.comment_by = frappe.get_cached_value("User", user, "full_name")
	is_by_client = (
		not comment.flags.ignore_permissions
	)  # the server's own are written whatever a user may create
	if is_by_client and comment.comment_type != PLAIN and is_ours(comment.reference_doctype):
		_refuse(_("What was done is written down by doing it. Write an ordinary comment."))
	if _is_called_directly():
		document = document_of(comment.reference_doctype, comment.reference_name)
		if (
			comment.comment_type != PLAIN
			or document is None
			or not frappe.has_permission(document.doctype, "write", doc=document)
		):
			_refuse(_("You may not change {0}.").format(comment.reference_name or ""))


def note() -> None:
	"""Note before a request is answered whether it calls the method of a document that adds a comment of any kind."""
	if not frappe.request:
		return
	named = (frappe.form_dict.get("method"), frappe.form_dict.get("run_method"))
	path = frappe.request.path.rstrip("/")
	frappe.local.flags[_NOTED] = _METHOD in map(cstr, named) or path.endswith(f"/method/{_METHOD}")


def _is_called_directly() -> bool:
	return bool(frappe.local.flags.get(_NOTED))


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted", context="Order Review"))
