"""The audit of a production configuration (配置审核): contract clause ↔ sales option ↔ production line, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, now_datetime

from order_review.constants import PRODUCTION_CHECK, PRODUCTION_CONFIGURATION, ROLES
from order_review.engine import production_entry as entry
from order_review.exceptions import ProductionEntryError, SelfApprovalError
from order_review.glossary import SHOPS, say
from order_review.services import catalogue_store, delegations
from order_review.services.production import blind_check, translation

AUDITOR = ROLES["AU"][0]


# --- the rows -----------------------------------------------------------------------------------------------


def lay_out(version: Document) -> None:
	"""The rows to tick; one that says the same as before keeps its tick."""
	before = {row.row_key: row for row in version.checks}
	version.set("checks", [_row(version, row, before.get(row.key)) for row in translation.trace(version)])


def _row(version: Document, row: entry.TraceRow, before: Document | None) -> dict[str, Any]:
	said = {
		"row_key": row.key,
		"kind": row.kind,
		"ref": row.ref,
		"clause": _clause(version, row),
		"sold": _sold(row),
		"built": _built(row),
		"is_explained": int(row.explained),
	}
	said["row_hash"] = _hash(said)
	stays = before is not None and before.row_hash == said["row_hash"] and before.is_ticked
	ticks = ("is_ticked", "ticked_by", "ticked_on")
	return said | ({name: before.get(name) for name in ticks} if stays else {})


def _clause(version: Document, row: entry.TraceRow) -> str:
	"""Where the contract says it: line and family, or the special option."""
	if row.kind == entry.LOOSE:
		return ""
	place = row.ref.partition("-")[0] if row.kind == entry.OPTION else row.ref
	return f"{version.sales_contract} / {version.line_no} · {place}"


def _sold(row: entry.TraceRow) -> str:
	return "" if row.kind == entry.LOOSE else row.ref


def _built(row: entry.TraceRow) -> str:
	parts = [f"{line.slot} {line.assembly} × {line.qty.normalize():f}" for line in row.lines]
	return "; ".join(parts or row.silent or ([row.note] if row.note else []))


def _hash(said: dict[str, Any]) -> str:
	return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def is_current(version: Document) -> bool:
	"""Whether the rows that were ticked say what the version says now."""
	now = {_hash_of(version, row) for row in translation.trace(version)}
	return now == {row.row_hash for row in version.checks}


def _hash_of(version: Document, row: entry.TraceRow) -> str:
	return str(_row(version, row, None)["row_hash"])


def unticked(version: Document) -> list[Document]:
	"""Rows that are left to tick."""
	return [row for row in version.checks if not row.is_ticked]


def objected(version: Document) -> list[Document]:
	"""Rows with an objection of the auditor."""
	return [row for row in version.checks if cstr(row.remark).strip()]


# --- what the auditor does ----------------------------------------------------------------------------------


def tick(name: str, keys: Iterable[str], ticked: bool) -> dict[str, int]:
	"""Tick rows or take ticks back.

	Args:
		keys: keys of the rows.

	Returns:
		``rows`` and ``ticked``, how many there are.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	version = _auditable(name)
	rows = _rows(version, keys)
	values = {
		"is_ticked": int(ticked),
		"ticked_by": frappe.session.user if ticked else None,
		"ticked_on": now_datetime() if ticked else None,
	}
	for row in rows:
		if ticked and cstr(row.remark).strip():
			_refuse(_("{0}: the row has an objection. Take the objection back first.").format(row.ref))
		frappe.db.set_value(PRODUCTION_CHECK, row.name, values, update_modified=False)
	wanted = {row.row_key for row in rows}
	done = sum(bool(ticked if row.row_key in wanted else row.is_ticked) for row in version.checks)
	return {"rows": len(version.checks), "ticked": done}


def remark(name: str, key: str, text: str) -> None:
	"""Write beside a row what is wrong; an empty text takes the objection back.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	version = _auditable(name)
	(row,) = _rows(version, [key])
	text = (text or "").strip()
	values: dict[str, Any] = {"remark": text}
	if text:
		values |= {"is_ticked": 0, "ticked_by": None, "ticked_on": None}
	frappe.db.set_value(PRODUCTION_CHECK, row.name, values, update_modified=False)


def _auditable(name: str) -> Document:
	"""The version, its row locked; the user audits it.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	version = frappe.get_doc(PRODUCTION_CONFIGURATION, name, for_update=True)
	check_auditing(version)
	return version


def check_auditing(version: Document) -> None:
	"""A version is under audit, and the user's to audit.

	Raises:
		frappe.PermissionError, SelfApprovalError, ProductionEntryError.
	"""
	version.check_permission("read")
	absent = delegations.taken_role(AUDITOR, _("Only the Configuration Auditor ticks rows."))
	if {frappe.session.user, absent} & translation.translators(version):
		frappe.throw(
			_("Who had a hand in the translation of {0} does not audit it.").format(version.name),
			title=_("Audit"),
			exc=SelfApprovalError,
		)
	if version.status != "Auditing":
		_refuse(
			_("{0} is {1}; it is not under audit.").format(
				version.name, _(version.status, context=PRODUCTION_CONFIGURATION)
			)
		)
	blind_check.refuse_pending(version)


def _rows(version: Document, keys: Iterable[str]) -> list[Document]:
	keys = [*dict.fromkeys(keys)]
	by_key = {row.row_key: row for row in version.checks}
	unknown = [key for key in keys if key not in by_key]
	if unknown or not keys:
		_refuse(_("{0} has no row {1}. Reload it.").format(version.name, ", ".join(map(str, unknown)) or "–"))
	return [by_key[key] for key in keys]


# --- what is shown ------------------------------------------------------------------------------------------


def matrix(version: Document) -> list[dict[str, Any]]:
	"""The trace matrix with names in the user's language, and with the ticks where it is under audit."""
	ticks = {row.row_key: row for row in version.checks}
	return [shown(version, row, ticks.get(row.key)) for row in translation.trace(version)]


def shown(version: Document, row: entry.TraceRow, check: Document | None) -> dict[str, Any]:
	"""A row as forms and reports show it."""
	lang = "zh" if cstr(frappe.local.lang).startswith("zh") else "en"
	return {
		"key": row.key,
		"kind": row.kind,
		"ref": row.ref,
		"clause": _clause(version, row),
		"family": _family(row, lang),
		"name": _name(version, row, lang),
		"lines": [
			{
				"slot": line.slot,
				"assembly": line.assembly,
				"name": line.name,
				"qty": float(line.qty),
				"shop": say(SHOPS, line.shop, lang),
				"source": line.source,
				"rule": line.rule,
				"reason": line.reason,
				"change": line.change,
				"replaces": line.replaces,
			}
			for line in row.lines
		],
		"silent": list(row.silent),
		"note": row.note,
		"explained": row.explained,
		"ticked": bool(check and check.is_ticked),
		"ticked_by": cstr(check.ticked_by) if check else "",
		"remark": cstr(check.remark) if check else "",
	}


def _family(row: entry.TraceRow, lang: str) -> str:
	catalogue = catalogue_store.current()
	option = catalogue.options.get(row.ref) if row.kind == entry.OPTION else None
	if option is None:
		return ""
	family = catalogue.families[option.family]
	return family.name_zh if lang == "zh" else family.name_en


def _name(version: Document, row: entry.TraceRow, lang: str) -> str:
	if row.kind == entry.SPECIAL:
		return next((_said(one) for one in version.specials if one.request_no == row.ref), "")
	option = catalogue_store.current().options.get(row.ref) if row.kind == entry.OPTION else None
	if option is None:
		return ""
	return option.name_zh if lang == "zh" else option.name_en


def _said(row: Document) -> str:
	"""What a special option is called, or what a note of the contract says."""
	return f"{row.name_zh}: {row.contract_text}" if row.contract_text else cstr(row.name_zh)


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Audit"), exc=ProductionEntryError)
