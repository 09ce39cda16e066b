"""Files are no way round the documents they hang on: tried over real HTTP, with and without roles of ours."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.utils import get_files_path

from tests.site.visiting import Visitor
from tests.site.visiting_files import upload, uploaded

SECRET = "only for readers of the document 7f3a"
ORDER, CONTRACT, SUPPLIER = "Intent Order", "Sales Contract", "Supplier"
NOBODY = "nobody@example.com"
PASSWORD = "Review-2026-doors"
RESOURCE = "/api/resource/File"
REFUSED = {400, 403, 404, 413, 417}


@pytest.fixture(scope="module")
def kept(demo_site: str) -> Iterator[dict[str, dict[str, Any]]]:
	"""Private files of a guarded document, of one of ERPNext's, and of none; and a desk user without any role."""
	frappe.set_user("Administrator")
	_forget()
	order = frappe.db.get_value(ORDER, {"market_department": ["like", "北方%"], "status": "Draft"})
	supplier = frappe.get_doc(
		{"doctype": SUPPLIER, "supplier_name": "Doors Supplier", "supplier_group": "All Supplier Groups"}
	).insert()
	places = {
		"guarded": (ORDER, order),
		"host": (SUPPLIER, supplier.name),
		"loose": (None, None),
	}
	made = {}
	for kind, (doctype, name) in places.items():
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"doors_{kind}.txt",
				"attached_to_doctype": doctype,
				"attached_to_name": name,
				"is_private": 1,
				"content": f"{SECRET} {kind}",
			}
		).insert()
		made[kind] = file.as_dict()
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": NOBODY,
			"first_name": "Nobody",
			"send_welcome_email": 0,
			"user_type": "System User",
			"new_password": PASSWORD,
			"roles": [{"role": "Inbox User"}],
		}
	)
	user.insert()
	frappe.db.commit()
	yield made
	frappe.set_user("Administrator")
	frappe.db.rollback()
	_forget()


def _forget() -> None:
	"""Take away what this module made, and what an attack that went through left."""
	ours = [["owner", "=", NOBODY], ["file_name", "like", "doors_%"]]
	for name in frappe.get_all("File", or_filters=ours, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	frappe.delete_doc_if_exists(SUPPLIER, "Doors Supplier", force=True)
	frappe.delete_doc_if_exists("User", NOBODY, force=True)
	frappe.db.commit()


@pytest.fixture(scope="module")
def visitors(kept: Any, web_address: str, logins: dict[str, dict[str, str]]) -> Callable[[str], Visitor]:
	"""Somebody by role name, signed in once; "Nobody" has no role of ours."""
	signed_in: dict[str, Visitor] = {}

	def visitor(role: str) -> Visitor:
		if role not in signed_in:
			login = {"user": NOBODY, "password": PASSWORD} if role == "Nobody" else logins[role]
			signed_in[role] = Visitor(web_address, login["user"], login["password"])
		return signed_in[role]

	return visitor


@pytest.fixture(params=["Nobody", "Salesperson", "Planning Reviewer"])
def attacker(request: pytest.FixtureRequest, visitors: Callable[[str], Visitor]) -> Visitor:
	return visitors(request.param)


@pytest.fixture
def anybody(visitors: Callable[[str], Visitor]) -> Visitor:
	"""Somebody for whom it makes no difference which roles they have."""
	return visitors("Nobody")


@pytest.fixture
def stands(kept: dict[str, dict[str, Any]]) -> Iterator[None]:
	"""After the test the kept files are what they were, on the disk and in the database."""
	yield
	frappe.db.rollback()
	for kind, file in kept.items():
		now = frappe.get_doc("File", file["name"])
		fields = (
			"file_url",
			"content_hash",
			"is_private",
			"attached_to_doctype",
			"attached_to_name",
			"owner",
		)
		assert {name: now.get(name) for name in fields} == {name: file[name] for name in fields}
		assert Path(get_files_path("doors_" + kind + ".txt", is_private=1)).read_text() == f"{SECRET} {kind}"


def readings(file: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
	yield file["file_url"], {}
	yield file["file_url"], {"fid": file["name"]}
	yield file["file_url"].upper().replace("/PRIVATE/FILES/", "/private/files/"), {}
	yield "/api/method/download_file", {"file_url": file["file_url"]}
	yield "/api/method/frappe.core.doctype.file.file.download_file", {"file_url": file["file_url"]}
	yield "/api/method/frappe.utils.file_manager.download_file", {"file_url": file["file_url"]}


# --- (a) reading by registering an address ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["host", "loose"])
def test_nobody_reads_a_file_of_a_document_that_is_not_theirs(
	kind: str, attacker: Visitor, kept: dict[str, dict[str, Any]]
) -> None:
	for path, query in readings(kept[kind]):
		status, text = attacker.get(path, **query)
		assert status in REFUSED, path
		assert SECRET not in text, path


def _registrations(file: dict[str, Any]) -> Iterator[tuple[str, Callable[[Visitor], tuple[int, str]]]]:
	url = file["file_url"]
	record = {"doctype": "File", "file_name": "mine.txt", "file_url": url}
	yield "insert", lambda visitor: visitor.send("POST", RESOURCE, record)
	yield "insert v2", lambda visitor: visitor.send("POST", "/api/v2/document/File", record)
	yield "client.insert", lambda visitor: visitor.call("frappe.client.insert", doc=record)
	yield "client.save", lambda visitor: visitor.call("frappe.client.save", doc={**record, "__islocal": 1})
	yield (
		"savedocs",
		lambda visitor: visitor.call(
			"frappe.desk.form.save.savedocs",
			doc=json.dumps({**record, "__islocal": 1, "name": "new-file-1"}),
			action="Save",
		),
	)
	yield (
		"encoded",
		lambda visitor: visitor.send("POST", RESOURCE, {**record, "file_url": url.replace("/", "%2F")}),
	)
	twice = url.replace("e", "%2565")
	yield "encoded twice", lambda visitor: visitor.send("POST", RESOURCE, {**record, "file_url": twice})
	yield "said to be public", lambda visitor: visitor.send("POST", RESOURCE, {**record, "is_private": 0})
	yield (
		"folder",
		lambda visitor: visitor.send("POST", RESOURCE, {**record, "is_folder": 1, "file_name": "Mine"}),
	)
	yield (
		"with its hash",
		lambda visitor: visitor.send("POST", RESOURCE, {**record, "content_hash": file["content_hash"]}),
	)
	yield (
		"content of another file",
		lambda visitor: visitor.send("POST", RESOURCE, {**record, "content": "something of mine"}),
	)
	yield (
		"upload_file",
		lambda visitor: visitor.call("upload_file", file_url=url, file_name="mine.txt", is_private=1),
	)
	yield "library", lambda visitor: visitor.call("upload_file", library_file_name=file["name"])
	yield (
		"uploadfile",
		lambda visitor: visitor.call(
			"uploadfile", from_form=1, file_url=url, filename="m.txt", doctype="ToDo"
		),
	)
	yield (
		"client.insert_many",
		lambda visitor: visitor.call("frappe.client.insert_many", docs=json.dumps([record])),
	)
	yield (
		"own picture",
		lambda visitor: visitor.send("PUT", f"/api/resource/User/{visitor.user}", {"user_image": url}),
	)
	yield (
		"mail",
		lambda visitor: visitor.call(
			"frappe.core.doctype.communication.email.make",
			doctype="User",
			name=visitor.user,
			subject="x",
			content="x",
			recipients="x@example.com",
			send_email=0,
			attachments=json.dumps([file["name"]]),
		),
	)
	yield (
		"add_attachments",
		lambda visitor: visitor.call(
			"frappe.utils.file_manager.add_attachments",
			doctype="User",
			name=visitor.user,
			attachments=json.dumps([file["name"]]),
		),
	)


@pytest.mark.parametrize("kind", ["guarded", "host", "loose"])
def test_nobody_makes_a_file_their_own_by_naming_its_address(
	kind: str, attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	if kind == "guarded" and attacker.user.startswith("pl@"):
		return  # planning reads the orders of every department
	file = kept[kind]
	for way, call in _registrations(file):
		call(attacker)
		frappe.db.rollback()
		assert not frappe.get_all("File", {"file_url": file["file_url"], "name": ["!=", file["name"]]}), way
	for path, query in readings(file):
		assert SECRET not in attacker.get(path, **query)[1], path


def test_a_name_in_other_capitals_opens_nobody_elses_file(
	visitors: Callable[[str], Visitor], kept: dict[str, dict[str, Any]], stands: None
) -> None:
	nobody = visitors("Nobody")
	mine = uploaded(nobody, "DOORS_HOST.txt", b"mine", is_private=1)
	assert mine["file_url"] == "/private/files/DOORS_HOST.txt"
	assert nobody.get(mine["file_url"]) == (200, "mine")
	assert SECRET not in nobody.get(kept["host"]["file_url"])[1]
	assert SECRET not in nobody.get("/api/method/download_file", file_url=kept["host"]["file_url"])[1]
	status, _text = nobody.send("POST", RESOURCE, {"file_name": "x", "file_url": kept["host"]["file_url"]})
	assert status == 403


@pytest.mark.parametrize(
	("role", "may"),
	[("Order Administrator", True), ("Planning Reviewer", True), ("Salesperson", False), ("Nobody", False)],
)
def test_a_file_is_read_and_listed_as_its_document_is(
	role: str, may: bool, visitors: Callable[[str], Visitor], kept: dict[str, dict[str, Any]]
) -> None:
	visitor, file = visitors(role), kept["guarded"]
	status, text = visitor.get(file["file_url"])
	assert (status == 200 and SECRET in text) is may
	assert (visitor.get(f"{RESOURCE}/{file['name']}")[0] == 200) is may
	listed = visitor.get(RESOURCE, filters=json.dumps({"file_url": file["file_url"]}), fields='["*"]')[1]
	assert (file["name"] in listed) is may
	found = visitor.get("/api/method/frappe.core.api.file.get_files_by_search_text", text="doors_guarded")[1]
	assert (file["name"] in found) is may
	archive = visitor.get("/api/method/frappe.core.api.file.zip_files", files=json.dumps([file["name"]]))[1]
	assert ("doors_guarded" in archive) is may


def test_who_uploaded_a_file_of_an_order_reads_it_as_long_as_they_read_the_order(
	visitors: Callable[[str], Visitor], kept: dict[str, dict[str, Any]]
) -> None:
	salesperson, file = visitors("Salesperson"), kept["guarded"]
	frappe.db.set_value("File", file["name"], "owner", salesperson.user)
	frappe.db.commit()
	try:
		for path, query in readings(file):
			assert SECRET not in salesperson.get(path, **query)[1], path
		zipped = salesperson.get(
			"/api/method/frappe.core.api.file.zip_files", files=json.dumps([file["name"]])
		)
		assert "doors_guarded" not in zipped[1]
		assert salesperson.send("DELETE", f"{RESOURCE}/{file['name']}")[0] == 403
		assert salesperson.put(f"{RESOURCE}/{file['name']}", {"is_private": 0})[0] == 403
	finally:
		frappe.db.set_value("File", file["name"], "owner", "Administrator")
		frappe.db.commit()


# --- (b) outside the two folders ----------------------------------------------------------------------------


OUTSIDE = (
	"/files/../../site_config.json",
	"/private/files/../../site_config.json",
	"/files/..%2f..%2fsite_config.json",
	"/files/%252e%252e/%252e%252e/site_config.json",
	"/files/..\\..\\site_config.json",
	"/private/backups/x.sql.gz",
	"../../site_config.json",
	"site_config.json",
	"file:///etc/passwd",
	"/etc/passwd",
	"/files/",
	"/files/.",
	"/filesystem",
)


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_address_leads_outside_the_folders_of_files(address: str, anybody: Visitor) -> None:
	before = frappe.db.count("File", {"is_folder": 0})
	for values in ({}, {"is_private": 1}):
		record = {"doctype": "File", "file_name": "mine.json", "file_url": address, **values}
		assert anybody.send("POST", RESOURCE, record)[0] in REFUSED, values
	status, _text = anybody.send("PUT", f"/api/resource/User/{anybody.user}", {"user_image": address})
	assert status in REFUSED or not address.startswith(("/files", "/private"))
	folder = {"doctype": "File", "file_name": f"F{abs(hash(address))}", "is_folder": 1, "file_url": address}
	status, text = anybody.send("POST", RESOURCE, folder)
	assert status == 200, text
	assert not json.loads(text)["data"]["file_url"]
	status, text = anybody.get("/api/method/download_file", file_url=address)
	assert status in REFUSED
	assert "db_password" not in text
	frappe.db.rollback()
	assert frappe.db.count("File", {"is_folder": 0}) == before


# --- (c) publishing, exchanging, deleting -------------------------------------------------------------------

CHANGES: list[dict[str, Any]] = [
	{"is_private": 0},
	{"content_hash": "0" * 32},
	{"file_url": "/files/elsewhere.txt"},
	{"file_name": "renamed.txt"},
	{"thumbnail_url": "/private/files/doors_host.txt"},
	{"attached_to_doctype": None, "attached_to_name": None},
	{"attached_to_doctype": "User", "attached_to_name": NOBODY},
	{"attached_to_field": "notes"},
	{"folder": "Home/Attachments"},
	{"is_folder": 1},
]


@pytest.mark.parametrize("kind", ["guarded", "host", "loose"])
def test_nobody_changes_a_file_of_a_document_they_may_not_write(
	kind: str, attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	name = kept[kind]["name"]
	for change in CHANGES:
		assert attacker.put(f"{RESOURCE}/{name}", change)[0] in REFUSED, change
		assert attacker.put(f"{RESOURCE}/{name}", {**change, "owner": attacker.user})[0] in REFUSED, change
	publish = CHANGES[0]
	assert attacker.put(f"/api/v2/document/File/{name}", publish)[0] in REFUSED
	assert (
		attacker.call("frappe.client.set_value", doctype="File", name=name, fieldname=publish)[0] in REFUSED
	)
	values = [{"doctype": "File", "docname": name, **publish}]
	attacker.call("frappe.client.bulk_update", docs=json.dumps(values))
	attacker.call("frappe.client.save", doc={**kept[kind], **publish, "owner": attacker.user})


@pytest.mark.parametrize("kind", ["guarded", "host", "loose"])
def test_nobody_deletes_exchanges_or_unpacks_a_file_of_a_document_they_may_not_write(
	kind: str, attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	file = kept[kind]
	name = file["name"]
	assert attacker.send("DELETE", f"{RESOURCE}/{name}")[0] in REFUSED
	assert attacker.call("frappe.client.delete", doctype="File", name=name)[0] in REFUSED
	assert attacker.call("frappe.desk.form.utils.remove_attach", fid=name)[0] in REFUSED
	assert attacker.call("frappe.core.api.file.unzip_file", name=name)[0] in REFUSED
	moved = json.dumps([{"name": name}])
	status = attacker.call(
		"frappe.core.api.file.move_file", file_list=moved, new_parent="Home", old_parent="Home"
	)[0]
	assert status in REFUSED
	forged = {**file, "owner": attacker.user, "file_name": "x.jpg", "is_private": 0, "attached_to_name": None}
	assert (
		attacker.call("run_doc_method", docs=json.dumps(forged, default=str), method="optimize_file")[0]
		in REFUSED
	)
	assert attacker.call("run_doc_method", dt="File", dn=name, method="optimize_file")[0] in REFUSED


@pytest.mark.parametrize(
	"change",
	[
		{"content_hash": "0" * 32},
		{"file_url": "/private/files/doors_host.txt"},
		{"thumbnail_url": "/private/files/doors_host.txt"},
		{"is_folder": 1},
		{"is_attachments_folder": 1},
	],
	ids=lambda change: "+".join(change),
)
def test_what_lies_where_is_not_the_owners_to_say(
	change: dict[str, Any], attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	mine = uploaded(attacker, f"own_{attacker.user[:2]}.txt", attacker.user.encode(), is_private=1)
	assert attacker.put(f"{RESOURCE}/{mine['name']}", change)[0] in REFUSED
	assert attacker.send("DELETE", f"{RESOURCE}/{mine['name']}")[0] == 202


def test_a_new_file_does_not_say_where_anything_lies(
	attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	forged = {
		"file_name": "forged.txt",
		"content": "forged by " + attacker.user,
		"content_hash": kept["host"]["content_hash"],
		"thumbnail_url": kept["host"]["file_url"],
		"file_url": kept["host"]["file_url"],
		"is_home_folder": 1,
		"is_private": 1,
	}
	status, text = attacker.send("POST", RESOURCE, forged)
	assert status == 200, text
	made = frappe.get_doc("File", json.loads(text)["data"]["name"])
	assert made.file_url != kept["host"]["file_url"]
	assert made.content_hash != kept["host"]["content_hash"]
	assert not made.thumbnail_url
	assert not made.is_home_folder
	assert attacker.send("DELETE", f"{RESOURCE}/{made.name}")[0] == 202


def test_an_upload_never_falls_on_a_file_that_lies_there(
	attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	for name in ("doors_host.txt", "doors#host.txt", "doors?host.txt", "doors%host.txt", "doors\\\\host.txt"):
		made = uploaded(attacker, name, f"{name} {attacker.user}".encode(), is_private=1)
		assert made["file_url"] != kept["host"]["file_url"]
		assert attacker.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


def test_a_file_of_the_same_content_is_published_as_a_copy(
	attacker: Visitor, kept: dict[str, dict[str, Any]], stands: None
) -> None:
	for kind in ("guarded", "host", "loose"):
		made = uploaded(attacker, "same.txt", f"{SECRET} {kind}".encode(), is_private=1)
		status, text = attacker.put(f"{RESOURCE}/{made['name']}", {"is_private": 0})
		assert status == 200, text
		assert json.loads(text)["data"]["file_url"].startswith("/files/")
		assert attacker.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


def test_files_of_our_documents_are_private(visitors: Callable[[str], Visitor]) -> None:
	salesperson = visitors("Salesperson")
	order = _own_order()
	made = uploaded(salesperson, "livery.txt", b"a livery", doctype=ORDER, docname=order, is_private=0)
	try:
		assert made["is_private"] == 1
		assert made["file_url"].startswith("/private/files/")
		assert salesperson.get(made["file_url"]) == (200, "a livery")
		assert salesperson.put(f"{RESOURCE}/{made['name']}", {"is_private": 0})[0] == 417
		public = uploaded(salesperson, "open.txt", b"open to all", is_private=0)
		where = {"attached_to_doctype": ORDER, "attached_to_name": order}
		status, text = salesperson.put(f"{RESOURCE}/{public['name']}", where)
		assert status == 200, text
		assert json.loads(text)["data"]["file_url"].startswith("/private/files/")
		assert salesperson.get(public["file_url"])[0] >= 400, "nothing lies there any more"
		assert salesperson.send("DELETE", f"{RESOURCE}/{public['name']}")[0] == 202
	finally:
		assert salesperson.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


def _own_order() -> str:
	return str(
		frappe.db.get_value(
			ORDER, {"market_department": ["like", "南方%"], "status": "Draft", "bid_file": ["is", "not set"]}
		)
	)


# --- (d) fields of documents --------------------------------------------------------------------------------


def test_no_text_is_written_into_a_field_by_way_of_a_file(visitors: Callable[[str], Visitor]) -> None:
	salesperson, order = visitors("Salesperson"), _own_order()
	before = frappe.get_doc(ORDER, order).as_dict()
	for field in ("status", "review_summary", "customer", "naming_series", "market_department", "owner"):
		place = {"doctype": ORDER, "docname": order, "fieldname": field}
		made = uploaded(salesperson, f"{field}.txt", field.encode(), **place, is_private=1)
		salesperson.put(f"{RESOURCE}/{made['name']}", {"is_private": 0})
		detached = {"is_private": 0, "attached_to_doctype": None, "attached_to_name": None}
		salesperson.put(f"{RESOURCE}/{made['name']}", detached)
		salesperson.put(f"{RESOURCE}/{made['name']}", {"is_private": 1})
		salesperson.send("DELETE", f"{RESOURCE}/{made['name']}")
	frappe.db.rollback()
	after = frappe.get_doc(ORDER, order).as_dict()
	assert json.dumps(after, default=str) == json.dumps(before, default=str)


def test_a_public_file_writes_nothing_into_a_foreign_document(visitors: Callable[[str], Visitor]) -> None:
	nobody = visitors("Nobody")
	for doctype, name in (
		(ORDER, _own_order()),
		(CONTRACT, frappe.get_all(CONTRACT)[0].name),
		("Print Format", "Sales Contract"),
	):
		place = {"attached_to_doctype": doctype, "attached_to_name": name, "attached_to_field": "html"}
		made = uploaded(nobody, "html.txt", f"text for {doctype}".encode(), is_private=0)
		assert nobody.send("POST", RESOURCE, {"file_name": "a.txt", "content": "x", **place})[0] in REFUSED
		assert nobody.put(f"{RESOURCE}/{made['name']}", place)[0] in REFUSED
		assert nobody.put(f"{RESOURCE}/{made['name']}", {**place, "is_private": 1})[0] in REFUSED
		assert upload(nobody, "b.txt", b"b", doctype=doctype, docname=name)[0] in REFUSED
		status = nobody.call(
			"frappe.client.attach_file", filename="c.txt", filedata="c", doctype=doctype, docname=name
		)[0]
		assert status in REFUSED
		status = nobody.call(
			"frappe.utils.file_manager.add_attachments",
			doctype=doctype,
			name=name,
			attachments=json.dumps([made["name"]]),
		)[0]
		assert status in REFUSED
		assert nobody.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


def test_who_only_reads_a_document_attaches_nothing_to_it(
	visitors: Callable[[str], Visitor], kept: dict[str, dict[str, Any]], stands: None
) -> None:
	planner, file = visitors("Planning Reviewer"), kept["guarded"]
	order = file["attached_to_name"]
	place = {"attached_to_doctype": ORDER, "attached_to_name": order}
	assert planner.send("POST", RESOURCE, {"file_name": "a.txt", "content": "x", **place})[0] == 403
	assert (
		planner.call(
			"frappe.client.attach_file", filename="c.txt", filedata="c", doctype=ORDER, docname=order
		)[0]
		== 403
	)
	copied = {"doctype": ORDER, "name": order, "attachments": json.dumps([file["name"]])}
	assert planner.call("frappe.utils.file_manager.add_attachments", **copied)[0] == 403
	assert planner.send("POST", RESOURCE, {"file_name": "a", "file_url": file["file_url"], **place})[0] == 403


def test_a_file_is_not_planted_on_a_document_to_come(visitors: Callable[[str], Visitor]) -> None:
	salesperson = visitors("Salesperson")
	place = {"attached_to_doctype": ORDER, "attached_to_name": "IO-2099-00001"}
	assert salesperson.send("POST", RESOURCE, {"file_name": "a.txt", "content": "x", **place})[0] == 403
	passing = uploaded(
		salesperson, "p.txt", b"to be", doctype=ORDER, docname="new-intent-order-abcdefgh", is_private=1
	)
	assert salesperson.send("DELETE", f"{RESOURCE}/{passing['name']}")[0] == 202


def test_files_of_another_document_are_not_taken_over_by_a_passing_name(
	visitors: Callable[[str], Visitor], kept: dict[str, dict[str, Any]], stands: None
) -> None:
	oa = visitors("Order Administrator")
	record = {
		"doctype": "Communication Log",
		"__temporary_name": kept["guarded"]["attached_to_name"],
		"attachment": kept["guarded"]["file_url"],
	}
	oa.send("POST", "/api/resource/Communication Log", record)


# --- what a browser runs, what is empty, what is broken ------------------------------------------------------

SCRIPT = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
	"ending", ["html", "htm", "xhtml", "xht", "svg", "SVG", "xml", "xsl", "shtml", "mhtml", "svgz"]
)
def test_what_a_browser_runs_is_not_put_before_everybody(ending: str, anybody: Visitor) -> None:
	assert upload(anybody, f"evil.{ending}", SCRIPT, is_private=0)[0] == 417
	private = uploaded(anybody, f"evil.{ending}", SCRIPT + ending.encode(), is_private=1)
	status, _text = anybody.get(private["file_url"])
	assert status == 200
	assert anybody.headers["content-disposition"].startswith("attachment")
	assert anybody.headers["x-content-type-options"] == "nosniff"
	assert anybody.put(f"{RESOURCE}/{private['name']}", {"is_private": 0})[0] == 417
	assert anybody.put(f"{RESOURCE}/{private['name']}", {"is_private": 0, "file_name": "good.png"})[0] == 417
	assert anybody.send("DELETE", f"{RESOURCE}/{private['name']}")[0] == 202


def test_an_archive_puts_no_page_before_everybody(anybody: Visitor) -> None:
	box = io.BytesIO()
	with zipfile.ZipFile(box, "w") as archive:
		archive.writestr("page.html", SCRIPT)
	made = uploaded(anybody, "box.zip", box.getvalue(), is_private=0)
	assert anybody.call("frappe.core.api.file.unzip_file", name=made["name"])[0] == 417
	assert anybody.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


BROKEN = {
	"empty.txt": b"",
	"broken.pdf": b"%PDF-1.7 broken",
	"empty.pdf": b"",
	"broken.jpg": b"\xff\xd8\xff broken",
	"none.jpg": b"no picture at all",
}


@pytest.mark.parametrize("name", BROKEN)
def test_empty_and_broken_files_are_answered_in_words(name: str, anybody: Visitor) -> None:
	status, text = upload(anybody, name, BROKEN[name], is_private=1)
	assert status == 417, text
	assert "Traceback" not in text
	assert name in text
	frappe.db.rollback()
	assert not frappe.get_all("File", {"file_name": name})


@pytest.mark.parametrize(
	"record",
	[
		{"file_name": "a.txt", "content": "not base64 at all!", "decode": True},
		{"file_name": "gone.txt", "file_url": "/files/gone_for_good.txt"},
		{"file_name": "none.txt"},
		{"file_name": "", "content": "x"},
		{"content": "x"},
	],
)
def test_a_record_without_a_proper_file_is_answered_in_words(
	record: dict[str, Any], anybody: Visitor
) -> None:
	status, text = anybody.send("POST", RESOURCE, record)
	assert status in {200, 417}, text
	assert "Traceback" not in text


def test_a_broken_archive_is_answered_in_words(anybody: Visitor) -> None:
	made = uploaded(anybody, "broken.zip", b"PK no archive", is_private=1)
	status, text = anybody.call("frappe.core.api.file.unzip_file", name=made["name"])
	assert status == 417, text
	assert anybody.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


@pytest.mark.parametrize(
	"name", ["合" * 200 + ".pdf.txt", "a" * 300 + ".txt", "x\u202egnp.txt", "a\tb\u200bc.txt"]
)
def test_long_and_odd_names_are_taken(name: str, anybody: Visitor) -> None:
	made = uploaded(anybody, name, (name + anybody.user).encode(), is_private=1)
	assert made["file_name"].endswith(".txt")
	assert "\u202e" not in made["file_name"]
	assert anybody.get(made["file_url"])[0] == 200
	assert anybody.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


# --- what goes on as before ---------------------------------------------------------------------------------


def test_who_may_write_a_document_attaches_reads_publishes_and_removes(
	visitors: Callable[[str], Visitor],
) -> None:
	oa = visitors("Salesperson")
	status, text = oa.send("POST", "/api/resource/Lead", {"first_name": "Doors", "doctype": "Lead"})
	assert status == 200, text
	lead = json.loads(text)["data"]["name"]
	made = uploaded(oa, "lead.png", _picture(), doctype="Lead", docname=lead, fieldname="image", is_private=1)
	assert oa.put(f"/api/resource/Lead/{lead}", {"image": made["file_url"]})[0] == 200
	status, text = oa.put(f"{RESOURCE}/{made['name']}", {"is_private": 0})
	assert status == 200, text
	shown = json.loads(text)["data"]["file_url"]
	assert shown.startswith("/files/")
	frappe.db.rollback()
	assert frappe.db.get_value("Lead", lead, "image") == shown, "the field follows its file"
	assert oa.get(shown)[0] == 200
	assert oa.send("DELETE", f"/api/resource/Lead/{lead}")[0] in {202, 403}
	assert oa.send("DELETE", f"{RESOURCE}/{made['name']}")[0] in {202, 404}


def test_a_salesperson_attaches_the_bid_file_of_an_order(visitors: Callable[[str], Visitor]) -> None:
	salesperson, order = visitors("Salesperson"), _own_order()
	made = uploaded(
		salesperson, "bid.txt", b"our bid", doctype=ORDER, docname=order, fieldname="bid_file", is_private=1
	)
	status, text = salesperson.put(f"/api/resource/{ORDER}/{order}", {"bid_file": made["file_url"]})
	assert status == 200, text
	assert salesperson.put(f"/api/resource/{ORDER}/{order}", {"bid_file": None})[0] == 200
	assert salesperson.send("DELETE", f"{RESOURCE}/{made['name']}")[0] == 202


def _picture() -> bytes:
	return base64.b64decode(
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
	)
