"""Business policies: sound in themselves, sound beside the others, and the set in force on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from order_review.exceptions import PolicyError
from order_review.services import catalogue_store, price_release

POLICY = price_release.POLICY
_DISCOUNTS = ("discount", "gift")


def check(document: Document) -> None:
	"""Refuse a policy that is not sound in itself.

	Raises:
		PolicyError
	"""
	if (
		document.valid_from
		and document.valid_to
		and getdate(document.valid_to) < getdate(document.valid_from)
	):
		_refuse(
			_("{0} ends on {1}, before it begins on {2}.").format(
				document.code, document.valid_to, document.valid_from
			)
		)
	for label, pct in _percents(document):
		if not 0 <= flt(pct) <= 100:
			_refuse(
				_("{0}: {1} is {2} %; expected: a percentage from 0 to 100.").format(
					document.code, label, pct
				)
			)
	least = 0
	for row in document.tiers:
		if row.min_qty <= least:
			_refuse(
				_(
					"{0}, quantity tiers, row {1}: {2} vehicles do not follow after {3}; tiers go upwards."
				).format(document.code, row.idx, row.min_qty, least)
			)
		least = row.min_qty


def _percents(document: Document) -> list[tuple[str, Any]]:
	tiers = [(_("quantity tiers, row {0}").format(row.idx), row.pct) for row in document.tiers]
	return [(_("Percent", context="Order Review"), document.effect_pct), *tiers]


def check_release(document: Document) -> None:
	"""Refuse to release a policy that has no dates or approval number, or that alone exceeds the cap of discounts.

	Raises:
		PolicyError
	"""
	for fieldname in ("valid_from", "valid_to", "approval_no"):
		if not document.get(fieldname):
			_refuse(
				_("{0}: {1} is missing.").format(
					document.code, _(document.meta.get_label(fieldname), context=document.doctype)
				)
			)
	if not document.models or not document.order_types:
		_refuse(_("{0} applies to nothing: name vehicle models and order types.").format(document.code))
	cap = flt(catalogue_store.current().terms.cap_pct)
	most = max((flt(pct) for _label, pct in _percents(document)), default=0)
	if document.policy_type in _DISCOUNTS and most > cap:
		_refuse(
			_(
				"{0} gives {1} %, but discounts and gifts together are capped at {2} % of the configured list price."
			).format(document.code, most, cap)
		)


def in_force(on: date) -> list[dict[str, Any]]:
	"""The annual sales policy as it stands on a day: released policies in date, by group, with what each brings."""
	rows = frappe.get_list(
		POLICY,
		filters={"status": "released", "valid_from": ["<=", on], "valid_to": [">=", on]},
		fields=[
			"name as policy",
			"name_zh",
			"name_en",
			"policy_type",
			"policy_group",
			"mandatory",
			"valid_from",
			"valid_to",
			"approval_no",
			"version_no",
			"effect_kind",
			"effect_of",
			"effect_pct",
			"effect_amount",
			"effect_option",
		],
		order_by="policy_type, policy_group, position",
		limit_page_length=0,
	)
	scope = _scopes([row.policy for row in rows])
	for row in rows:
		row["effect"] = _effect(row, scope[row.policy]["tiers"])
		row["models"] = ", ".join(scope[row.policy]["models"])
		row["order_types"] = ", ".join(_(kind) for kind in scope[row.policy]["order_types"])
	return rows


def _scopes(names: list[str]) -> dict[str, dict[str, list[Any]]]:
	found: dict[str, dict[str, list[Any]]] = {
		name: {"models": [], "order_types": [], "tiers": []} for name in names
	}
	tables = (
		("Business Policy Model", "models", ["parent", "vehicle_model"]),
		("Business Policy Order Type", "order_types", ["parent", "order_type"]),
		("Business Policy Tier", "tiers", ["parent", "min_qty", "pct"]),
	)
	for child, key, fields in tables if names else ():
		rows = frappe.get_all(
			child, filters={"parent": ["in", names]}, fields=fields, order_by="parent, idx", as_list=True
		)
		for parent, *values in rows:
			found[parent][key].append(values[0] if len(values) == 1 else values)
	return found


def _effect(row: dict[str, Any], tiers: list[Any]) -> str:
	if row["effect_kind"] == "amount":
		return _("{0} CNY per vehicle").format(f"{flt(row['effect_amount']):,.0f}")
	if row["effect_kind"] == "free_option":
		return _("{0} free of charge").format(row["effect_option"])
	if row["effect_kind"] == "percent_by_qty":
		return "; ".join(
			_("from {0} vehicles {1} %").format(quantity, f"{flt(pct):g}") for quantity, pct in tiers
		)
	if row["effect_kind"] == "cost_plus":
		return _("cost + {0} %").format(f"{flt(row['effect_pct']):g}")
	of = _("of the base list price") if row["effect_of"] == "base" else _("of the configured list price")
	return f"{flt(row['effect_pct']):g} % {of}"


def _refuse(text: str) -> None:
	frappe.throw(text, title=_("Not Saved", context="Order Review"), exc=PolicyError)


def new_version(source: str, code: str, valid_from: date, valid_to: date) -> str:
	"""A draft that corrects a released policy and takes its place from a day on.

	Returns:
		Name of the draft.

	Raises:
		PolicyError: the code is taken, or the source is a draft itself.
	"""
	older = frappe.get_doc(POLICY, source)
	if frappe.db.exists(POLICY, code):
		_refuse(_("There is a policy {0} already.").format(code))
	if older.status == price_release.DRAFT:
		_refuse(_("{0} is a draft; edit it.").format(source))
	draft = frappe.copy_doc(older)
	draft.update({"code": code, "valid_from": valid_from, "valid_to": valid_to, "approval_no": None})
	draft.insert()
	frappe.db.set_value(POLICY, code, {"supersedes": source, "version_no": (older.version_no or 1) + 1})
	return code
