"""Signing (签定): the version given out for signing, the signed copy against it, the seal."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr, now_datetime

from order_review.constants import SALES_CONTRACT
from order_review.exceptions import ContractStepError
from order_review.prints.contract import SHORTEST_CHECKSUM
from order_review.services import delegations, guard
from order_review.services.contracts import sheet

AUDITOR = "Configuration Auditor"


def give_out(contract: Document) -> None:
	"""Fix the version that is signed: its content, the pages of its print and the checksum of its annex."""
	content = sheet.content_hash(contract)
	last = contract.prints[-1] if contract.prints else None
	if last and last.content_hash == content and last.language == contract.print_language:
		return
	contract.version = (cint(last.version) if last else 0) + 1
	contract.content_hash = content
	contract.append(
		"prints",
		{
			"version": contract.version,
			"round_no": contract.review_round,
			"approved_on": now_datetime(),
			"approved_by": frappe.session.user,
			"language": contract.print_language,
			"pages": sheet.pages(contract),
			"annex_checksum": sheet.annex_checksum(contract),
			"content_hash": content,
		},
	)


def current_print(contract: Document) -> Document:
	"""The version that is out for signing.

	Raises:
		ContractStepError: none is.
	"""
	if not contract.prints:
		_refuse(_("{0} has not been approved for signing yet.").format(contract.name))
	return contract.prints[-1]


# --- the signed copy ----------------------------------------------------------------------------------------


def check_signed_copy(contract: Document) -> None:
	"""Raise ContractStepError unless the signed copy is there and is of the version that was given out."""
	expected = current_print(contract)
	file = _file(contract)
	if file is None:
		_refuse(_("Attach the copy the customer signed, all pages in one file."))
	if not cint(file.is_private):
		_refuse(
			_("The signed copy {0} can be opened by anybody. Attach it as a private file.").format(
				file.file_name
			)
		)
	if not contract.signed_on:
		_refuse(_("State the day the customer signed."))
	_check_checksum(contract, expected)
	for pages in (cint(contract.signed_pages), _pages_of(file)):
		if pages is not None and pages != cint(expected.pages):
			_refuse(
				_(
					"The signed copy has {0} pages; version {1} has {2}. Scan all pages, the annex as well."
				).format(pages, expected.version, expected.pages)
			)


def _pages_of(file: Any) -> int | None:
	"""Pages of a PDF; None for other files, whose pages only the salesperson can count."""
	if not cstr(file.file_name).lower().endswith(".pdf"):
		return None
	from pypdf import PdfReader
	from pypdf.errors import PdfReadError

	try:
		return len(PdfReader(io.BytesIO(_content(file))).pages)
	except PdfReadError:
		_refuse(_("The signed copy {0} cannot be opened as a PDF. Scan it again.").format(file.file_name))


def _content(file: Any) -> bytes:
	content = frappe.get_doc("File", file.name).get_content()
	return content if isinstance(content, bytes) else content.encode()


def _file(contract: Document) -> Any:
	found = frappe.get_all(
		"File",
		filters={
			"file_url": contract.signed_file or "",
			"attached_to_doctype": SALES_CONTRACT,
			"attached_to_name": contract.name,
		},
		fields=["name", "file_name", "is_private"],
		limit=1,
	)
	return found[0] if contract.signed_file and found else None


def _check_checksum(contract: Document, expected: Document) -> None:
	stated = plain(contract.signed_checksum)
	if not stated:
		_refuse(_("State the annex checksum that stands at the foot of the signed annex pages."))
	if len(stated) < SHORTEST_CHECKSUM:
		_refuse(
			_("The annex checksum has {0} signs here; the print shows {1}.").format(
				len(stated), SHORTEST_CHECKSUM
			)
		)
	if _is_of(stated, expected):
		return
	for older in reversed(contract.prints[:-1]):
		if _is_of(stated, older):
			_refuse(
				_(
					"The customer signed version {0} of {1}; version {2} of {3} is the one that was approved. Have version {2} signed."
				).format(
					older.version,
					frappe.format(older.approved_on, {"fieldtype": "Datetime"}),
					expected.version,
					frappe.format(expected.approved_on, {"fieldtype": "Datetime"}),
				)
			)
	_refuse(
		_(
			"The annex checksum {0} is of no version of {1}; version {2} has {3}. Compare the foot of the annex."
		).format(grouped(stated), contract.name, expected.version, grouped(expected.annex_checksum))
	)


def _is_of(stated: str, version: Document) -> bool:
	return cstr(version.annex_checksum).lower().startswith(stated)


def plain(checksum: str | None) -> str:
	"""A checksum as it is compared: without blanks, in small letters."""
	return re.sub(r"[^0-9a-z]", "", cstr(checksum).lower())


def grouped(checksum: str | None) -> str:
	"""A checksum as it is printed: its first signs in groups of four."""
	signs = plain(checksum)[:SHORTEST_CHECKSUM].upper()
	return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))


# --- the seal -----------------------------------------------------------------------------------------------


def check_sealable(contract: Document) -> None:
	"""The seal on the contract is the user's to write down.

	Raises:
		frappe.PermissionError, ContractStepError.
	"""
	contract.check_permission("read")
	delegations.taken_role(AUDITOR, _("Only {0} keeps the contract seal.").format(_(AUDITOR)))
	if contract.status != "Seal Pending":
		_refuse(
			_("{0} is {1}; the seal is put on contracts that wait for it.").format(
				contract.name, _(contract.status, context=SALES_CONTRACT)
			)
		)


def log_seal(name: str, seal_no: str, copies: int) -> None:
	"""Write down the use of the contract seal; the auditor then takes the step.

	Raises:
		frappe.PermissionError: the user keeps no seal.
		ContractStepError: the contract does not wait for its seal, or number or copies are missing.
	"""
	contract = frappe.get_doc(SALES_CONTRACT, name, for_update=True)
	check_sealable(contract)
	absent = delegations.taken_role(AUDITOR)
	if not seal_no.strip() or cint(copies) < 1:
		_refuse(_("State the number of the seal and at least one copy."))
	check_signed_copy(contract)
	row = {
		"seal_no": seal_no.strip()[:140],
		"sealed_on": now_datetime(),
		"copies": cint(copies),
		"sealed_by": frappe.session.user,
		"version": contract.version,
		"file_checksum": _file_checksum(contract),
	}
	with guard.acting(absent):
		guard.write(contract, {"seals": _with_sealing(contract, row)})


def _with_sealing(contract: Document, sealing: dict[str, Any]) -> list[dict[str, Any]]:
	"""The seal log with one row for a sealing: written again, it is corrected."""
	same = ("version", "file_checksum", "sealed_by")
	rows = [row.as_dict() for row in contract.seals]
	for row in rows:
		if all(cstr(row[name]) == cstr(sealing[name]) for name in same):
			return [one | sealing if one is row else one for one in rows]
	return [*rows, sealing]


def _file_checksum(contract: Document) -> str:
	"""SHA-256 of the signed file as it was sealed."""
	return hashlib.sha256(_content(_file(contract))).hexdigest()


def check_sealed(contract: Document) -> None:
	"""Raise ContractStepError unless the user sealed this version of the contract, in the very copy that is handed in."""
	check_signed_copy(contract)
	copy = _file_checksum(contract)
	sealed = [
		row
		for row in contract.seals
		if cint(row.version) == cint(contract.version)
		and row.sealed_by == frappe.session.user
		and row.file_checksum == copy
	]
	if not sealed:
		_refuse(_("Write the seal log first: number of the seal and copies."))


def forget_copy(contract: Document) -> None:
	"""What was handed in belongs to a version that is signed no more."""
	contract.update({"signed_file": None, "signed_pages": 0, "signed_checksum": None, "signed_on": None})


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Signing"), exc=ContractStepError)
