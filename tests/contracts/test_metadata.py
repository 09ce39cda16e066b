"""DocTypes, hooks and patches as files: what they name exists, and uninstall finds all of it."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from order_review.constants import CUSTOM_FIELDS, MODULES
from tests.contracts.wording import APP, doctypes

DOCTYPES = {doctype["name"]: doctype for doctype in doctypes()}
_FRAPPE_OWN = {
	"BOM",
	"DocType",
	"Company",
	"Currency",
	"Country",
	"Customer",
	"Department",
	"Holiday List",
	"Incoterm",
	"Item",
	"Role",
	"Sales Order",
	"Sales Partner",
	"Sales Person",
	"Supplier",
	"ToDo",
	"Item Group",
	"Price List",
	"Sales Taxes and Charges Template",
	"UOM",
	"Warehouse",
	"User",
}


def _hooks() -> dict[str, Any]:
	names: dict[str, Any] = {}
	exec((APP / "hooks.py").read_text(encoding="utf-8"), names)  # plain data without imports
	return {name: value for name, value in names.items() if not name.startswith("_")}


def _paths(value: Any) -> list[str]:
	if isinstance(value, str):
		return [value] if value.startswith("order_review.") and not value.endswith((".js", ".css")) else []
	items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
	return [path for item in items for path in _paths(item)]


def _defines(path: str) -> bool:
	module, _, name = path.rpartition(".")
	file = APP.parent / Path(*module.split("."))
	for candidate in (file.with_suffix(".py"), file / "__init__.py"):
		if candidate.exists():
			tree = ast.parse(candidate.read_text(encoding="utf-8"))
			return any(getattr(node, "name", None) == name for node in tree.body) or any(
				alias.asname == name or alias.name == name
				for node in tree.body
				if isinstance(node, ast.ImportFrom)
				for alias in node.names
			)
	return False


@pytest.mark.parametrize("path", sorted({path for value in _hooks().values() for path in _paths(value)}))
def test_a_hook_names_a_function_that_exists(path: str) -> None:
	assert _defines(path)


def test_hooks_are_plain_data() -> None:
	tree = ast.parse((APP / "hooks.py").read_text(encoding="utf-8"))
	assert all(isinstance(node, ast.Assign | ast.Expr | ast.AnnAssign) for node in tree.body)


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_doctype_belongs_to_a_module_and_lies_in_its_folder(name: str) -> None:
	doctype = DOCTYPES[name]
	assert doctype["module"] in MODULES
	scrubbed = name.lower().replace(" ", "_")
	folder = APP / doctype["module"].lower().replace(" ", "_") / "doctype" / scrubbed
	assert (folder / f"{scrubbed}.json").exists()
	assert (folder / "__init__.py").exists()
	classes = {
		node.name
		for node in ast.parse((folder / f"{scrubbed}.py").read_text(encoding="utf-8")).body
		if isinstance(node, ast.ClassDef)
	}
	assert name.replace(" ", "") in classes


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_doctype_is_sound(name: str) -> None:
	doctype = DOCTYPES[name]
	names = [field["fieldname"] for field in doctype["fields"]]
	assert names == doctype["field_order"]
	assert len(names) == len(set(names))
	for field in doctype["fields"]:
		if field["fieldtype"] in ("Link", "Table"):
			assert field["options"] in DOCTYPES or field["options"] in _FRAPPE_OWN, field["fieldname"]
		if field["fieldtype"] == "Table":
			assert DOCTYPES[field["options"]].get("istable")
	if doctype.get("title_field"):
		assert doctype["title_field"] in names
	for field in filter(None, map(str.strip, (doctype.get("search_fields") or "").split(","))):
		assert field in names


ROWS = [name for name, doctype in DOCTYPES.items() if doctype.get("istable")]


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_guarded(name: str) -> None:
	scrubbed = name.lower().replace(" ", "_").replace("-", "_")
	(file,) = APP.glob(f"*/doctype/{scrubbed}/{scrubbed}.py")
	text = file.read_text(encoding="utf-8")
	assert any(f"({guarded})" in text for guarded in ("OrderRow", "PriceRow", "DealerRow"))


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_listed_as_their_documents_are(name: str) -> None:
	conditions = _hooks()["permission_query_conditions"]
	parents = [
		parent
		for parent, doctype in DOCTYPES.items()
		if any(field.get("options") == name and field["fieldtype"] == "Table" for field in doctype["fields"])
	]
	assert name in conditions or not any(parent in conditions for parent in parents)


def test_custom_fields_name_every_key_install_needs() -> None:
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			assert {"fieldname", "fieldtype", "label", "insert_after"} <= field.keys(), doctype


def test_the_package_itself_never_imports_frappe() -> None:
	assert "frappe" not in (APP / "__init__.py").read_text(encoding="utf-8")
	assert importlib.util.find_spec("order_review") is not None


def test_workspace_and_cards_name_doctypes_that_exist() -> None:
	for path in (*APP.glob("*/workspace/*/*.json"), *APP.glob("*/number_card/*/*.json")):
		record = json.loads(path.read_text(encoding="utf-8"))
		assert record["module"] in MODULES
		named = [
			entry["link_to"]
			for entry in (*record.get("links", ()), *record.get("shortcuts", ()))
			if (entry.get("link_type") or entry["type"]) == "DocType" and entry.get("link_to")
		]
		assert set(named) <= set(DOCTYPES) | _FRAPPE_OWN | {None}, path.name


def _linked_from_erpnext() -> list[str]:
	fields = [field for every in CUSTOM_FIELDS.values() for field in every]
	return sorted({field["options"] for field in fields if field["fieldtype"] == "Link"} & DOCTYPES.keys())


@pytest.mark.parametrize("name", _linked_from_erpnext())
def test_a_link_from_erpnext_leads_its_test_records_no_further(name: str) -> None:
	"""Frappe makes test records of everything a DocType links to, in an order ERPNext's own tests rely on."""
	fields = DOCTYPES[name]["fields"]
	rows = [
		row
		for field in fields
		if field["fieldtype"] == "Table"
		for row in DOCTYPES[field["options"]]["fields"]
	]
	targets = {field["options"] for field in (*fields, *rows) if field["fieldtype"] == "Link"} - {name}
	scrubbed = name.lower().replace(" ", "_")
	[path] = APP.glob(f"*/doctype/{scrubbed}/test_{scrubbed}.py")
	found: dict[str, Any] = {}
	exec(path.read_text(encoding="utf-8"), found)  # plain data without imports
	assert set(found["test_ignore"]) == targets
