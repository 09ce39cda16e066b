"""Catalogue in and out of the Desk: each role its own files, progress and outcome told to who asked."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.api import catalogue
from order_review.services import catalogue_store
from tests.site.samples import as_user

pytestmark = pytest.mark.usefixtures("demo_site")

TECHNICAL = ["families", "models", "options", "rules", "translations"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
	"""What the user was told while the import ran."""
	messages: list[dict[str, Any]] = []

	def note(event: str, message: Any = None, **_where: Any) -> None:
		if event == catalogue.EVENT:
			messages.append(message)

	monkeypatch.setattr(frappe, "publish_realtime", note)
	return messages


def _exported() -> dict[str, str]:
	catalogue.export_archive()
	with zipfile.ZipFile(io.BytesIO(frappe.response.filecontent)) as archive:
		return {name: archive.read(name).decode() for name in archive.namelist()}


def _upload(files: dict[str, str]) -> Document:
	content = io.BytesIO()
	with zipfile.ZipFile(content, "w") as archive:
		for name, text in files.items():
			archive.writestr(name, text)
	return frappe.get_doc(
		{"doctype": "File", "file_name": "catalogue.zip", "content": content.getvalue(), "is_private": 1}
	).insert()


@pytest.mark.parametrize(
	("user", "parts"), [("km", TECHNICAL), ("tr", TECHNICAL), ("mp", ["policies", "prices"])]
)
def test_a_keeper_exports_the_files_he_keeps(user: str, parts: list[str]) -> None:
	as_user(user)
	assert sorted(_exported()) == [f"{part}.yaml" for part in parts]


@pytest.mark.parametrize("user", ["sp", "oa", "pl", "dl"])
def test_who_keeps_nothing_exports_nothing(user: str) -> None:
	as_user(user)
	with pytest.raises(frappe.PermissionError):
		catalogue.export_archive()
	with pytest.raises(frappe.PermissionError):
		catalogue.start_import("any")


def test_an_upload_changes_the_catalogue_and_the_uploader_sees_it_happen(told: list[dict[str, Any]]) -> None:
	user = as_user("km")
	files = _exported()
	upload = _upload({"rules.yaml": files["rules.yaml"].replace("2026-11", "2027-01", 1)})
	catalogue.run_import(upload.name, user)
	assert catalogue_store.read_data()["rules"]["version"] == "2027-01"
	assert told[0]["total"] == 1
	assert "1 changed" in told[-1]["finished"]
	assert not frappe.db.exists("File", upload.name)


def test_a_faulty_upload_changes_nothing_and_says_where_the_fault_is(told: list[dict[str, Any]]) -> None:
	user = as_user("km")
	files = _exported()
	broken = files["rules.yaml"].replace("2026-11", "2027-01", 1).replace("RET-AT", "RET-QQ", 1)
	upload = _upload({"rules.yaml": broken})
	catalogue.run_import(upload.name, user)
	assert catalogue_store.read_data()["rules"]["version"] == "2026-11"
	assert "rules.yaml, line" in told[-1]["failed"]
	assert "RET-QQ" in told[-1]["failed"]


def test_a_catalogue_manager_cannot_bring_in_prices(told: list[dict[str, Any]]) -> None:
	as_user("mp")
	prices = _exported()["prices.yaml"]
	user = as_user("km")
	upload = _upload({"prices.yaml": prices.replace("floor: ", "floor: 1", 1)})
	before = catalogue_store.revision()
	catalogue.run_import(upload.name, user)
	assert "prices.yaml" in told[-1]["failed"]
	assert catalogue_store.revision() == before


def test_somebody_elses_upload_is_not_imported() -> None:
	as_user("tr")
	upload = _upload({"rules.yaml": "version: x\nrules: []\n"})
	as_user("km")
	with pytest.raises(frappe.PermissionError):
		catalogue.start_import(upload.name)
