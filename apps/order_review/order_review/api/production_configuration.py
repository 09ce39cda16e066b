"""Production configurations for the Desk: audit, blind re-check, release."""

from __future__ import annotations

from typing import Any

import frappe

from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION
from order_review.services import guard, print_files
from order_review.services.production import audit, blind_check, configuration, sheet, translation
from order_review.services.retry import with_retry


@frappe.whitelist()
def matrix(name: str) -> dict[str, Any]:
	"""The trace matrix of a version with its ticks, and what is still open."""
	version = _readable(PRODUCTION_CONFIGURATION, name)
	is_open = version.status in ("Draft", "Translating", "Returned to Translator")
	return {
		"rows": audit.matrix(version),
		"problems": translation.problems(version) if is_open else [],
		"may_audit": guard.passes(audit.check_auditing, version),
		"blind": blind_check.shown(version),
	}


@frappe.whitelist(methods=["POST"])
def tick(name: str, keys: list[str] | str, ticked: bool | int) -> dict[str, int]:
	"""Tick rows of the audit, or take ticks back."""
	return audit.tick(name, [str(key) for key in frappe.parse_json(keys)], bool(int(ticked)))


@frappe.whitelist(methods=["POST"])
def remark(name: str, key: str, text: str) -> None:
	"""Write beside a row what is wrong; an empty text takes the objection back."""
	audit.remark(name, key, text)


@frappe.whitelist(methods=["POST"])
@with_retry
def release(name: str) -> dict[str, Any]:
	"""Release a version, or see what its release made."""
	return configuration.release_or_enqueue(name)


@frappe.whitelist(methods=["POST"])
def hand_in(name: str) -> dict[str, Any]:
	"""Hand a blind translation in and see how far both agree."""
	return blind_check.hand_in(name)


@frappe.whitelist(methods=["POST"])
@with_retry
def fill_in(name: str, lines: list[dict[str, Any]] | str) -> None:
	"""Write the lines of a blind translation for an absent auditor."""
	given = frappe.parse_json(lines)
	rows = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
	blind_check.fill_in(name, rows)


@frappe.whitelist()
def blind_auditors(name: str) -> list[dict[str, str]]:
	"""Users a blind translation can be assigned to."""
	sheet = _readable(BLIND_TRANSLATION, name)
	blind_check.check_assign(sheet)
	return [{"value": user, "label": frappe.utils.get_fullname(user)} for user in blind_check.auditors(sheet)]


@frappe.whitelist(methods=["POST"])
@with_retry
def assign_blind(name: str, user: str) -> None:
	"""Give an open blind translation to another auditor."""
	blind_check.assign(name, user)


@frappe.whitelist()
def candidates(name: str, slot: str) -> list[dict[str, str]]:
	"""The assemblies the catalogue knows for a slot."""
	return blind_check.candidates(_readable(BLIND_TRANSLATION, name), slot)


def _readable(doctype: str, name: str) -> Any:
	document = frappe.get_doc(doctype, name)
	document.check_permission("read")
	return document


@frappe.whitelist()
def sheet_pdf(name: str, lang: str = "zh") -> None:
	"""The production configuration sheet as a PDF download, in zh or en."""
	version = _readable(PRODUCTION_CONFIGURATION, name)
	lang = "en" if lang == "en" else "zh"
	content = sheet.pdf(version, lang)
	print_files.send(PRODUCTION_CONFIGURATION, name, "Production Configuration Sheet", content, lang)
