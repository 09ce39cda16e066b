"""Catalogues move between YAML folder and site without loss, and all or nothing."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import frappe
import pytest

from order_review.adapters import catalogue_documents, catalogue_folder
from order_review.demo.places import DATA
from order_review.engine.catalogue import catalogue_hash
from order_review.engine.errors import BadInput
from order_review.exceptions import CatalogueError, CatalogueInUseError
from order_review.services import catalogue_store
from order_review.services.catalogue_transfer import (
	export_archive,
	export_folder,
	import_archive,
	import_data,
	import_folder,
	replace_all,
)
from tests.site.samples import as_user

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture
def data() -> dict[str, Any]:
	return copy.deepcopy(catalogue_folder.read(DATA)[0])


def _record(data: dict[str, Any], part: str, key: str, code: str) -> dict[str, Any]:
	return next(record for record in data[part][key] if record["code"] == code)


def test_the_site_gives_back_the_folder_it_was_given(data: dict[str, Any], tmp_path: Path) -> None:
	digest = export_folder(tmp_path)
	exported, warnings = catalogue_folder.read(tmp_path)
	assert exported == data
	assert digest == catalogue_hash(data) == catalogue_hash(exported)
	assert not warnings


def test_importing_what_is_there_changes_nothing(data: dict[str, Any]) -> None:
	before = catalogue_store.revision()
	result = import_data(data)
	assert (result.created, result.changed, result.removed) == (0, 0, 0)
	assert catalogue_store.revision() == before


def test_a_change_in_the_folder_changes_one_record_and_leaves_a_version(data: dict[str, Any]) -> None:
	_record(data, "options", "options", "ENG-D247")["lead_days"] = 12
	result = import_data(data)
	assert (result.created, result.changed, result.removed) == (0, 1, 0)
	assert catalogue_store.read_data() == data
	assert frappe.get_all(
		"Version", filters={"ref_doctype": "Vehicle Option", "docname": "ENG-D247"}, limit=1
	)


def test_what_has_no_field_comes_back_all_the_same(data: dict[str, Any]) -> None:
	rule = _record(data, "rules", "rules", "R-P01")
	rule |= {"x_since": "2024", "x_tags": ["engine", "gearbox"], "x_page": None}
	data["prices"]["x_issued_by"] = "营销企划部"
	data["prices"]["price_books"][0]["options"][3]["x_remark"] = "旧价"
	model = data["models"]["models"][2]
	model["certification"]["ccc"]["x_unit"] = {"no": 7}
	model["lead_days"] = 0
	del data["families"]["families"][0]["ccc"]
	import_data(data)
	assert catalogue_store.read_data() == data
	assert catalogue_hash(catalogue_store.read_data()) == catalogue_hash(data)


def test_what_would_be_read_over_is_refused_with_every_place(tmp_path: Path) -> None:
	export_folder(tmp_path)
	for file, old, new in (
		("options.yaml", "lead_days: 5", "lead_day: 5"),
		("policies.yaml", "status: released", "status: Released"),
	):
		path = tmp_path / file
		text = path.read_text(encoding="utf-8")
		assert old in text
		path.write_text(text.replace(old, new, 1), encoding="utf-8")
	frappe.local.lang = "zh"
	with pytest.raises(CatalogueError) as caught:
		import_folder(tmp_path)
	said = str(caught.value)
	assert re.search(r"options\.yaml,第 \d+ 行[^<]*不认识的键 .*lead_day.*应为lead_days", said), said
	assert re.search(r"policies\.yaml,第 \d+ 行.*Released", said)


def test_the_standard_is_changed_in_two_saves_and_imported_in_one(data: dict[str, Any]) -> None:
	as_user("km")
	option = frappe.get_doc("Vehicle Option", "ENG-D155")
	option.availability[0].availability = "S"
	option.save()
	assert catalogue_store.current()
	_record(data, "options", "options", "ENG-D155")["avail"] = {"C08": "S"}
	with pytest.raises(BadInput, match="says it is standard"):
		import_data(data)


def test_own_keys_of_a_price_line_lie_where_only_cost_readers_look(data: dict[str, Any]) -> None:
	data["prices"]["price_books"][1]["options"][5]["x_supplier"] = "marker-supplier"
	import_data(data)
	for doctype in (
		"Price Book",
		"Price Book Base",
		"Price Book Option",
		"Price Book Floor",
		"Price Book Option Floor",
	):
		rows = frappe.db.sql(f"select * from `tab{doctype}`")
		assert "marker-supplier" not in str(rows), doctype


@pytest.mark.parametrize(
	("part", "key", "code", "changes", "said"),
	[
		("rules", "rules", "R-P02", {"then": "RET-AT &"}, r"rules\[\d+\]\.then.*column 9|column 9.*then"),
		("rules", "rules", "R-P02", {"then": "RET-XX"}, "RET-XX"),
		("options", "options", "ENG-D247", {"lead_days": "soon"}, "lead_days"),
		("options", "options", "ENG-D247", {"name_zh": "长" * 200}, "140"),
		("models", "models", "XQK6128H", {"standard": ["NIX-1"]}, "NIX-1"),
		("policies", "policies", "POL-26-VOLC", {"valid_from": "yesterday"}, "yesterday"),
	],
)
def test_bad_data_are_refused_with_record_and_reason_and_nothing_is_kept(
	data: dict[str, Any], part: str, key: str, code: str, changes: dict[str, Any], said: str
) -> None:
	_record(data, part, key, code).update(changes)
	_record(data, "options", "options", "ENG-D132")["name_en"] = "must not stay"
	with pytest.raises(BadInput, match=said):
		import_data(data)
	assert frappe.db.get_value("Vehicle Option", "ENG-D132", "name_en") != "must not stay"


def test_a_fault_in_a_file_is_named_by_file_and_line(tmp_path: Path) -> None:
	export_folder(tmp_path)
	rules = tmp_path / "rules.yaml"
	rules.write_text(rules.read_text(encoding="utf-8").replace("RET-AT", "RET-QQ", 1), encoding="utf-8")
	with pytest.raises(CatalogueError, match=r"rules\.yaml, line \d+.*RET-QQ"):
		import_folder(tmp_path)


def test_an_option_that_orders_use_cannot_vanish(data: dict[str, Any]) -> None:
	data["policies"]["policies"] = [p for p in data["policies"]["policies"] if p["code"] != "POL-26-VOLC"]
	with pytest.raises(CatalogueInUseError, match="POL-26-VOLC"):
		import_data(data)
	assert frappe.db.exists("Business Policy", "POL-26-VOLC")


def _stray(doctype: str) -> str:
	"""A record of the catalogue that the folder does not have."""
	key = catalogue_documents.NAME_FIELD.get(doctype) or (
		"model_code" if frappe.get_meta(doctype).has_field("model_code") else "code"
	)
	record = frappe.get_doc({"doctype": doctype, key: "STRAY-1", "name": "STRAY-1"})
	record.db_insert()
	return str(record.name)


@pytest.mark.parametrize(
	("doctype", "user", "table", "row"),
	[
		("Vehicle Option", "Sales Contract", "options", {"vehicle_option": "STRAY-1", "line_no": 1}),
		("Price Book", "Sales Contract", "lines", {"price_book": "STRAY-1", "line_no": 9}),
		("Business Policy", "Sales Contract", "claims", {"kind": "Policy", "entry": "STRAY-1", "line_no": 1}),
		("Vehicle Option", "Production Configuration", "options", {"vehicle_option": "STRAY-1"}),
		("Production Slot", "Production Configuration", "lines", {"slot": "STRAY-1"}),
		("Option Family", "Special Option Request", None, {"family": "STRAY-1"}),
		("Vehicle Model", "Special Option Request", None, {"model": "STRAY-1"}),
		("Vehicle Option", "Technical Issue", None, {"vehicle_option": "STRAY-1"}),
	],
)
def test_what_any_document_uses_cannot_vanish(
	data: dict[str, Any], doctype: str, user: str, table: str | None, row: dict[str, Any]
) -> None:
	_stray(doctype)
	wanted = catalogue_documents.to_documents(data)
	name = frappe.get_all(user, pluck="name", limit=1)
	document = frappe.get_doc(user, name[0]) if name else frappe.get_doc({"doctype": user, "name": "USER-1"})
	if not name:
		document.db_insert()
	if table:
		document.append(table, row).db_insert()
	else:
		field, value = next(iter(row.items()))
		if not document.meta.has_field(field):
			field = next(df.fieldname for df in document.meta.fields if df.options == doctype)
		document.db_set(field, value, update_modified=False)
	with pytest.raises(CatalogueInUseError, match=f"STRAY-1.*{document.name}"):
		replace_all(wanted)
	assert frappe.db.exists(doctype, "STRAY-1")


def test_a_version_another_one_names_cannot_vanish(data: dict[str, Any]) -> None:
	_stray("Business Policy")
	frappe.db.set_value("Business Policy", "POL-26-VOLC", "supersedes", "STRAY-1")
	with pytest.raises(CatalogueInUseError, match="POL-26-VOLC"):
		replace_all(catalogue_documents.to_documents(data))


def test_a_record_that_was_only_checked_can_go(data: dict[str, Any]) -> None:
	name = _stray("Configuration Rule")
	frappe.get_doc(
		{"doctype": "Catalogue Check", "name": "CHK-STRAY", "configuration_rule": name}
	).db_insert()
	assert replace_all(catalogue_documents.to_documents(data)).removed == 1


def test_a_record_nobody_uses_can_go(data: dict[str, Any]) -> None:
	data["policies"]["policies"] = [p for p in data["policies"]["policies"] if p["code"] != "POL-26-DEMO"]
	result = import_data(data)
	assert result.removed == 1
	assert not frappe.db.exists("Business Policy", "POL-26-DEMO")
	assert not frappe.db.exists("Business Policy Model", {"parent": "POL-26-DEMO"})
	assert catalogue_store.read_data() == data


def test_a_change_in_the_desk_is_seen_by_the_next_review() -> None:
	before = catalogue_store.current()
	option = frappe.get_doc("Vehicle Option", "ENG-D247")
	option.lead_days = 33
	option.save()
	after = catalogue_store.current()
	assert after.hash != before.hash
	assert after.options["ENG-D247"].lead_days == 33
	frappe.db.rollback()
	assert catalogue_store.current() is before


def test_the_desk_refuses_a_rule_that_does_not_parse() -> None:
	rule = frappe.get_doc("Configuration Rule", "R-P02")
	rule.requirement = "RET-AT &"
	with pytest.raises(CatalogueError, match="R-P02"):
		rule.save()


def test_the_desk_refuses_a_rule_about_an_unknown_option() -> None:
	rule = frappe.get_doc("Configuration Rule", "R-P02")
	rule.condition = "TRN-NONE9"
	with pytest.raises(CatalogueError, match="TRN-NONE9"):
		rule.save()


def test_an_archive_with_some_files_changes_those_only(data: dict[str, Any]) -> None:
	content = io.BytesIO()
	with (
		zipfile.ZipFile(io.BytesIO(export_archive(["rules"]))) as given,
		zipfile.ZipFile(content, "w") as archive,
	):
		text = given.read("rules.yaml").decode().replace("2026-11", "2027-01", 1)
		archive.writestr("rules.yaml", text)
	import_archive(content.getvalue(), ["rules"])
	data["rules"]["version"] = "2027-01"
	assert catalogue_store.read_data() == data


def test_an_archive_may_not_bring_files_the_user_does_not_keep() -> None:
	with pytest.raises(frappe.PermissionError, match=r"prices\.yaml"):
		import_archive(export_archive(["prices", "rules"]), ["rules"])


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + bytes(18)])
def test_something_else_than_a_catalogue_archive_is_refused(content: bytes) -> None:
	with pytest.raises(CatalogueError):
		import_archive(content)
