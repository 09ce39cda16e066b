"""The rights in the DocTypes are those of the matrix, no more and no less; secrets lie where only their readers look."""

from __future__ import annotations

import json
from typing import Any

import pytest

from order_review.constants import CONFIDENTIAL, COST_READERS, FLOOR_READERS, PORTAL_ROLES, ROLES
from tests.contracts.permission_matrix import ALL, COST, COST_FIELDS, FLOOR, FLOOR_FIELDS, MATRIX, Row
from tests.contracts.wording import APP, doctypes

DOCTYPES = {doctype["name"]: doctype for doctype in doctypes()}
_PLAIN = ("read", "create", "write", "delete")
_WITH_READ = {"print", "report"}
ALSO_READ_COST = {
	"Special Option Quotation": frozenset({"Supply Reviewer"}),  # who collects the suppliers' offers
}
_NAMES = {code: name for code, (name, _chinese) in ROLES.items()}


def _wanted(row: Row) -> dict[str, set[str]]:
	rights: dict[str, set[str]] = {}
	for right in _PLAIN:
		for code in getattr(row, right).split():
			rights.setdefault(_NAMES[code], set()).add(right)
	if row.admin:
		rights["System Manager"] = set(row.admin.split())
	return rights


def _given(doctype: dict[str, Any]) -> dict[str, set[str]]:
	return {
		permission["role"]: {right for right, value in permission.items() if right != "role" and value}
		for permission in doctype["permissions"]
	}


@pytest.mark.parametrize("name", MATRIX)
def test_a_doctype_grants_what_the_matrix_says(name: str) -> None:
	given = {role: rights.intersection(_PLAIN) for role, rights in _given(DOCTYPES[name]).items()}
	assert given == _wanted(MATRIX[name])


def test_the_matrix_speaks_of_every_role_but_the_portal_ones() -> None:
	assert {_NAMES[code] for code in ALL.split()} == set(_NAMES.values()) - {
		_NAMES[code] for code in PORTAL_ROLES
	}


def test_the_readers_in_code_are_the_readers_in_the_matrix() -> None:
	assert {_NAMES[code] for code in FLOOR.split()} == FLOOR_READERS
	assert {_NAMES[code] for code in COST.split()} == COST_READERS


def _exporters() -> dict[str, set[str]]:
	"""DocType → roles of the reports over it: Frappe exports a report by the right to export what it is over."""
	found: dict[str, set[str]] = {}
	for path in APP.glob("*/report/*/*.json"):
		report = json.loads(path.read_text(encoding="utf-8"))
		found.setdefault(report["ref_doctype"], set()).update(row["role"] for row in report["roles"])
	return found


@pytest.mark.parametrize("name", [name for name, doctype in DOCTYPES.items() if doctype["permissions"]])
def test_nobody_submits_cancels_or_shares_by_a_doctype_alone(name: str) -> None:
	for role, rights in _given(DOCTYPES[name]).items():
		assert rights <= {*_PLAIN, *_WITH_READ, "export"}, role
		assert "read" in rights or not rights & _WITH_READ, role
		assert role not in {_NAMES[code] for code in PORTAL_ROLES} | {"All", "Guest", "Desk User"}


@pytest.mark.parametrize("name", [name for name, doctype in DOCTYPES.items() if doctype["permissions"]])
def test_who_runs_a_report_exports_it_and_nobody_else_exports(name: str) -> None:
	exporting = {role for role, rights in _given(DOCTYPES[name]).items() if "export" in rights}
	assert exporting == _exporters().get(name, set())
	assert all({"read", "report"} <= _given(DOCTYPES[name])[role] for role in exporting)


@pytest.mark.parametrize("name", [name for name, doctype in DOCTYPES.items() if doctype["permissions"]])
def test_who_creates_also_writes(name: str) -> None:
	"""Frappe's form of a new document is read only to who may not write, and shows no empty field."""
	for role, rights in _given(DOCTYPES[name]).items():
		assert "create" not in rights or "write" in rights, role


@pytest.mark.parametrize("name", [name for name, doctype in DOCTYPES.items() if doctype.get("istable")])
def test_rows_have_no_rights_of_their_own(name: str) -> None:
	assert not DOCTYPES[name]["permissions"]


def _readers(name: str) -> set[str]:
	"""Roles that read a DocType; of a row, those that read any document it can stand in."""
	if not DOCTYPES[name].get("istable"):
		return {role for role, rights in _given(DOCTYPES[name]).items() if "read" in rights}
	parents = [
		d["name"]
		for d in DOCTYPES.values()
		if any(f.get("options") == name and f["fieldtype"] == "Table" for f in d["fields"])
	]
	return {role for parent in parents for role in _readers(parent)}


@pytest.mark.parametrize("name", DOCTYPES)
def test_floor_and_cost_stand_only_where_their_readers_look(name: str) -> None:
	fields = {field["fieldname"] for field in DOCTYPES[name]["fields"]}
	if fields & COST_FIELDS:
		assert _readers(name) <= COST_READERS | ALSO_READ_COST.get(name, frozenset())
	if fields & FLOOR_FIELDS:
		assert _readers(name) <= FLOOR_READERS


def test_every_document_that_keeps_floor_or_cost_is_known_as_confidential() -> None:
	keep = {
		name
		for name, doctype in DOCTYPES.items()
		if not doctype.get("istable")
		and {field["fieldname"] for field in doctype["fields"]} & (FLOOR_FIELDS | COST_FIELDS)
	}
	assert keep <= CONFIDENTIAL, keep - CONFIDENTIAL


@pytest.mark.parametrize(
	"name",
	[
		name
		for name, d in DOCTYPES.items()
		if {f["fieldname"] for f in d["fields"]} & (FLOOR_FIELDS | COST_FIELDS)
	],
)
def test_secrets_leave_no_versions(name: str) -> None:
	assert not DOCTYPES[name].get("track_changes")


def test_no_field_hides_behind_a_permission_level() -> None:
	leaky = [
		(d["name"], f["fieldname"]) for d in DOCTYPES.values() for f in d["fields"] if f.get("permlevel")
	]
	assert not leaky, "a permission level does not keep a secret; give it a DocType of its own"
