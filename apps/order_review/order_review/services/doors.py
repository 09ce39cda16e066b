"""Functions of Frappe's and ERPNext's that anybody who is signed in may call and that ask for no right themselves.

What a request calls is told by the function it leads to, not by its address: many modules import the same function
and offer it under another name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import frappe
from frappe import _

from order_review.services.files import rights

Check = Callable[[Mapping[str, Any]], None]

_FUNCTION_ADDRESSES = ("/api/method/", "/api/v1/method/", "/api/v2/method/")
_LEDGERS = ("GL Entry", "Payment Entry", "Journal Entry")
"""Whoever reads one of these may know balances and open amounts."""

_PAYMENT = "erpnext.accounts.doctype.payment_entry.payment_entry"
_JOURNAL = "erpnext.accounts.doctype.journal_entry.journal_entry"
_BANK = "erpnext.accounts.doctype.bank_reconciliation_tool.bank_reconciliation_tool"
_IMPORT = "erpnext.accounts.doctype.chart_of_accounts_importer.chart_of_accounts_importer"


def check() -> None:
	"""Raise PermissionError when the request calls a function the user has no right to; runs after every sign-in."""
	if frappe.session.user == "Administrator" or not frappe.request:
		return
	function = _called()
	if found := CHECKS.get(function or ""):
		found(frappe.form_dict)


def _called() -> str | None:
	"""Module and name of the function a request leads to; None when to none of those that are checked."""
	named = frappe.form_dict.get("cmd") or _of_path(frappe.request.path)
	if not named or str(named).rpartition(".")[2] not in _NAMES:
		return None
	try:
		function = frappe.get_attr(frappe.override_whitelisted_method(str(named)))
	except Exception:  # Frappe answers a name that leads nowhere
		return None
	return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', '')}"


def _of_path(path: str) -> str | None:
	for start in _FUNCTION_ADDRESSES:
		if path.startswith(start):
			doctype, _slash, method = path.removeprefix(start).strip("/").rpartition("/")
			return f"{_module_of(doctype)}.{method}" if doctype else method
	return None


def _module_of(doctype: str) -> str:
	from frappe.modules.utils import load_doctype_module

	try:
		return str(load_doctype_module(doctype).__name__)
	except Exception:  # Frappe answers a DocType that is none
		return ""


def _reads_ledgers(_sent: Mapping[str, Any]) -> None:
	if not any(frappe.has_permission(doctype, "read") for doctype in _LEDGERS):
		_refuse(_("Balances are for those who keep the accounts."))


def _may_read_document(doctype: str, field: str) -> Check:
	"""The user may read the document of a DocType that the request names in a field."""

	def checked(sent: Mapping[str, Any]) -> None:
		frappe.get_doc(doctype, sent.get(field)).check_permission("read")

	return checked


def _may_like(sent: Mapping[str, Any]) -> None:
	"""Who likes a document may read it; one of ours changes by it, so they may write it."""
	doctype = str(sent.get("doctype"))
	right = "write" if rights.is_ours(doctype) else "read"
	frappe.get_doc(doctype, sent.get("name")).check_permission(right)


def _may_unlock(sent: Mapping[str, Any]) -> None:
	named = frappe.parse_json(sent.get("args") or "{}") if not sent.get("name") else sent
	frappe.get_doc(named.get("doctype"), named.get("name")).check_permission("write")


def _may_attach(sent: Mapping[str, Any]) -> None:
	rights.check_document(sent.get("doctype"), sent.get("name"))
	_may_read_files(sent.get("attachments"))


def _may_zip(sent: Mapping[str, Any]) -> None:
	_may_read_files(sent.get("files"))


def _may_read_files(named: Any) -> None:
	for name in frappe.parse_json(named) or ():
		if isinstance(name, str) and not frappe.get_doc(rights.FILE, name).may_be_read():
			_refuse(_("This file is not yours to use. Upload the file here."))


def _is_public_or_readable(field: str) -> Check:
	"""The file whose address the request names in a field is one the user may read."""

	def checked(sent: Mapping[str, Any]) -> None:
		if not rights.may_name(str(sent.get(field) or "")):
			_refuse(_("This file is not yours to use. Upload the file here."))

	return checked


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted", context="Order Review"))


CHECKS: Mapping[str, Check] = {
	"frappe.desk.like.toggle_like": _may_like,
	"frappe.model.document.unlock_document": _may_unlock,
	"frappe.utils.file_manager.add_attachments": _may_attach,
	"frappe.core.api.file.zip_files": _may_zip,
	"frappe.core.doctype.prepared_report.prepared_report.enqueue_json_to_csv_conversion": _may_read_document(
		"Prepared Report", "prepared_report_name"
	),
	"frappe.core.doctype.data_import.data_import.get_preview_from_template": _may_read_document(
		"Data Import", "data_import"
	),
	f"{_IMPORT}.get_coa": _is_public_or_readable("file_name"),
	f"{_IMPORT}.import_coa": _is_public_or_readable("file_name"),
	**dict.fromkeys(
		(
			"erpnext.accounts.utils.get_balance_on",
			"erpnext.accounts.utils.get_account_balances",
			*(
				f"{_PAYMENT}.{name}"
				for name in (
					"get_account_details",
					"get_outstanding_reference_documents",
					"get_party_and_account_balance",
					"get_party_details",
					"get_reference_details",
				)
			),
			*(
				f"{_JOURNAL}.{name}"
				for name in (
					"get_account_details_and_party_type",
					"get_against_jv",
					"get_average_exchange_rate",
					"get_outstanding",
					"get_payment_entry_against_invoice",
					"get_payment_entry_against_order",
				)
			),
			*(
				f"{_BANK}.{name}"
				for name in ("get_account_balance", "get_bank_transactions", "get_linked_payments")
			),
			"erpnext.accounts.doctype.invoice_discounting.invoice_discounting.get_invoices",
			"erpnext.accounts.doctype.unreconcile_payment.unreconcile_payment.get_linked_payments_for_doc",
			"erpnext.accounts.doctype.exchange_rate_revaluation.exchange_rate_revaluation.get_account_details",
			"erpnext.accounts.dashboard_chart_source.account_balance_timeline.account_balance_timeline.get",
		),
		_reads_ledgers,
	),
}
"""Function → what is asked of the user before it runs."""

_NAMES = frozenset(name.rpartition(".")[2] for name in CHECKS)
