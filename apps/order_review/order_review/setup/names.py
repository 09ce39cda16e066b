"""Names the app needs on a site: refused where the host has them for something else, remembered where install made them.

A name is (kind, name): kind is a DocType of Frappe's. Names of records everybody may have alike (roles, workflow
states and actions, custom fields of the same kind) can be shared on request: the site's setting
``order_review_share_names``. What is shared stays the host's: it is not changed, and left where it is when the app goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from frappe import _

from order_review.constants import CUSTOM_FIELDS, MODULES, ROLES
from order_review.exceptions import NamesTakenError

from .workflows import FRAPPES_OWN_ACTIONS, FRAPPES_OWN_STATES, WORKFLOWS

Name = tuple[str, str]

APP = "order_review"
SHARE = "order_review_share_names"
"""Key of the site's configuration: names the host has already are shared where they can be."""

SHARED_KINDS = frozenset({"Role", "Workflow State", "Workflow Action Master", "Custom Field"})

_MEMORY = "order_review_names"
_FOLDERS = "doctype report print_format page workspace notification number_card".split()


# --- what the app needs -------------------------------------------------------------------------------------


def wanted() -> set[Name]:
	"""Every name the app needs on a site."""
	return {
		*_records(),
		*(("Module Def", module) for module in MODULES),
		*(("Role", name) for name, _chinese in ROLES.values()),
		*(("Custom Field", f"{doctype}-{field['fieldname']}") for doctype, field in _fields()),
		*_of_workflows(),
	}


@cache
def _records() -> frozenset[Name]:
	found = set()
	for folder in _FOLDERS:
		for path in Path(frappe.get_app_path(APP)).glob(f"*/{folder}/*/*.json"):
			record = json.loads(path.read_text(encoding="utf-8"))
			found.add((record["doctype"], record["name"]))
	return frozenset(found)


def _fields() -> Iterator[tuple[str, dict[str, Any]]]:
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			yield doctype, field


def _of_workflows() -> Iterator[Name]:
	for plan in WORKFLOWS:
		yield "Workflow", plan.doctype
		for state in plan.states:
			if state.name not in FRAPPES_OWN_STATES:
				yield "Workflow State", state.name
		for transition in plan.transitions:
			if transition.action not in FRAPPES_OWN_ACTIONS:
				yield "Workflow Action Master", transition.action


# --- what the host has --------------------------------------------------------------------------------------


def refuse_taken() -> None:
	"""Stop before anything is written where the host has names of ours; remember those it shares.

	Raises:
		NamesTakenError: with the whole list.
	"""
	memory = _remembered()
	new = wanted() - memory["made"] - memory["shared"]
	taken = {name for name in new if _is_hosts(name)} | set(_standard_fields(new))
	shared = {name for name in taken if name[0] in SHARED_KINDS and _fits(name)} if _sharing() else set()
	if taken - shared:
		_refuse(taken - shared)
	frappe.local.flags.order_review_shared_names = shared
	if memory["made"]:
		_write(memory)


def remember() -> None:
	"""Write down what is ours on the site now, and what the host shares."""
	memory = _remembered()
	shared = memory["shared"] | (frappe.local.flags.order_review_shared_names or set())
	made = {name for name in wanted() if frappe.db.exists(*name)} | memory["made"]
	_write({"made": made - shared, "shared": shared})


def is_shared(kind: str, name: str) -> bool:
	"""Whether a record is the host's, and only used by us."""
	now = frappe.local.flags.order_review_shared_names or set()
	return (kind, name) in now or (kind, name) in _remembered()["shared"]


def forget() -> None:
	"""Take the memory itself away."""
	frappe.db.delete("DefaultValue", {"defkey": _MEMORY})


def _is_hosts(name: Name) -> bool:
	"""Whether a record of this name is there and not ours from an install that did not come to its end."""
	kind, key = name
	if not frappe.db.exists(kind, key):
		return False
	if kind == "Module Def":
		return bool(frappe.db.get_value(kind, key, "app_name") != APP)
	if frappe.get_meta(kind).has_field("module") and kind != "Custom Field":
		return frappe.db.get_value(kind, key, "module") not in _own_modules()
	return _is_older(kind, key)


def _own_modules() -> set[str]:
	return set(frappe.get_all("Module Def", {"app_name": APP}, pluck="name"))


def _is_older(kind: str, key: str) -> bool:
	"""Whether a record was there before the first of our modules."""
	first = frappe.db.get_value("Module Def", {"app_name": APP}, "creation", order_by="creation")
	return first is None or frappe.db.get_value(kind, key, "creation") < first


def _standard_fields(new: Iterable[Name]) -> Iterator[Name]:
	"""Fields of our names that are no custom fields at all."""
	for doctype, field in _fields():
		key = f"{doctype}-{field['fieldname']}"
		place = {"parent": doctype, "fieldname": field["fieldname"]}
		if ("Custom Field", key) in new and frappe.db.exists("DocField", place):
			yield "DocField", key


def _fits(name: Name) -> bool:
	"""Whether a custom field of the host's holds what ours would."""
	if name[0] != "Custom Field":
		return True
	ours = next(field for doctype, field in _fields() if f"{doctype}-{field['fieldname']}" == name[1])
	theirs = frappe.db.get_value("Custom Field", name[1], ["fieldtype", "options"], as_dict=True)
	return (theirs.fieldtype, theirs.options or "") == (ours["fieldtype"], ours.get("options") or "")


def _sharing() -> bool:
	return bool(frappe.conf.get(SHARE))


def _refuse(taken: set[Name]) -> None:
	lines = "\n".join(f"- {kind}: {name}" for kind, name in sorted(taken))
	can = all(kind in SHARED_KINDS and _fits((kind, name)) for kind, name in taken)
	advice = (
		_("To share them, set {0} in the site's configuration to 1; they stay yours.").format(SHARE)
		if can
		else _("Rename yours, or take another site. Nothing was changed.")
	)
	frappe.throw(
		_("This site has records of its own under names Order Review needs:") + f"\n{lines}\n{advice}",
		title=_("Names Taken"),
		exc=NamesTakenError,
	)


# --- memory -------------------------------------------------------------------------------------------------


def _remembered() -> dict[str, set[Name]]:
	"""What was written down; on a site of an earlier version, what has come with our modules."""
	kept = frappe.db.get_global(_MEMORY)
	if kept:
		return {key: {(kind, name) for kind, name in rows} for key, rows in json.loads(kept).items()}
	if APP not in frappe.get_installed_apps():
		return {"made": set(), "shared": set()}
	present = {name for name in wanted() if frappe.db.exists(*name)}
	shared = {name for name in present if name[0] in SHARED_KINDS and _is_older(*name)}
	return {"made": present - shared, "shared": shared}


def _write(memory: dict[str, set[Name]]) -> None:
	frappe.db.set_global(_MEMORY, json.dumps({key: sorted(rows) for key, rows in memory.items()}))
