"""Ways around contract, order entry and quality, over real HTTP: each is refused and leaves the database as it was.

Beside the attacks stand lawful calls, which succeed, so that a refusal means something.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import frappe
import pytest

from order_review import api
from order_review.constants import (
	BLIND_TRANSLATION,
	DELIVERY_COMMITMENT,
	INTENT_ORDER,
	LIVERY_DESIGN,
	PRODUCTION_CONFIGURATION,
	QUALITY_ASSESSMENT,
	SALES_CONTRACT,
)
from order_review.demo.people import address
from tests.site.contracts_case import MARK, Case, committed_case, rows_of, watched
from tests.site.visiting import Answer, Visitor

ACTORS = ("SP", "MM", "PL", "AU", "OA", "DL")
"""Author, manager, planner, auditor, order administrator, and a dealer, who is a website user."""

WRITERS = {
	SALES_CONTRACT: ("SP", "OA", "AU"),
	PRODUCTION_CONFIGURATION: ("OA", "AU"),
	BLIND_TRANSLATION: ("AU",),
	QUALITY_ASSESSMENT: ("SP", "OA", "AU"),
	LIVERY_DESIGN: ("SP",),
	DELIVERY_COMMITMENT: ("SP", "OA", "PL"),
}
"""Roles that may write a document in some state, for whom Frappe's own permission refuses nothing."""

_NOT_WATCHED = ("_comments", "_liked_by", "_seen", "_assign", "_user_tags")
_ANSWERS_LATER = ("bulk tool", "bulk update", "delete items")
"""Ways of Frappe that answer 200 and name the documents that failed."""

Attack = Callable[[Visitor, Case], Answer]
Target = tuple[str, str]
"""DocType and the case's name of a document."""

TARGETS: tuple[Target, ...] = (
	(SALES_CONTRACT, "judged"),
	(SALES_CONTRACT, "signed"),
	(SALES_CONTRACT, "effective"),
	(PRODUCTION_CONFIGURATION, "auditing"),
	(PRODUCTION_CONFIGURATION, "released"),
	(BLIND_TRANSLATION, "sheet"),
	(QUALITY_ASSESSMENT, "assessment"),
	(LIVERY_DESIGN, "livery"),
	(DELIVERY_COMMITMENT, "commitment"),
)
AIMS = {
	SALES_CONTRACT: "Effective",
	PRODUCTION_CONFIGURATION: "Released",
	BLIND_TRANSLATION: "Handed In",
	QUALITY_ASSESSMENT: "Closed",
	LIVERY_DESIGN: "Confirmed",
	DELIVERY_COMMITMENT: "Confirmed",
}
"""Status an attacker would like."""

SUBMITTED = {"effective": "Completed", "released": "Withdrawn"}
"""Documents that are submitted already, and the status an attacker would like of them."""

ROWS = {
	SALES_CONTRACT: ("lines", "Sales Contract Line", {"unit_price": 1}),
	PRODUCTION_CONFIGURATION: ("lines", "Production Configuration Line", {"assembly_no": "X-1"}),
	BLIND_TRANSLATION: ("lines", "Blind Translation Line", {"slot": "X"}),
	QUALITY_ASSESSMENT: ("defects", "Contract Quality Defect", {"points": 0, "is_waived": 1}),
}
"""Table, its DocType and a change an attacker would like."""


@pytest.fixture(scope="module")
def case(demo_site: str) -> Iterator[Case]:
	with committed_case() as found:
		yield found


@pytest.fixture(scope="module")
def visitors(web_address: str, logins: dict[str, dict[str, str]], case: Case) -> dict[str, Visitor]:
	passwords = {login["user"]: login["password"] for login in logins.values()}
	return {code: Visitor(web_address, address(code), passwords[address(code)]) for code in (*ACTORS, "SM")}


def stored() -> dict[str, Any]:
	"""What the database holds of the contract world now."""
	frappe.db.rollback()
	return {
		doctype: [
			{field: value for field, value in row.items() if field not in _NOT_WATCHED}
			for row in rows.values()
		]
		for doctype, rows in rows_of(watched()).items()
		if doctype != "Version"
	}


def document(doctype: str, name: str) -> dict[str, Any]:
	"""A document as a client holds it."""
	frappe.db.rollback()
	found: dict[str, Any] = json.loads(frappe.as_json(frappe.get_doc(doctype, name).as_dict()))
	return found


def resource(doctype: str, name: str = "") -> str:
	return f"/api/resource/{doctype}" + (f"/{name}" if name else "")


def copied(doctype: str, name: str, **values: Any) -> dict[str, Any]:
	copy = document(doctype, name)
	for field in ("name", "creation", "modified", "owner", "modified_by"):
		copy.pop(field)
	return {**copy, **values}


def put(doctype: str, which: str, **values: Any) -> Attack:
	return lambda by, case: by.put(resource(doctype, getattr(case, which)), values)


def call(function: str, doctype: str, which: str, make: Callable[[str], dict[str, Any]]) -> Attack:
	return lambda by, case: by.call(function, **make(getattr(case, which)))


def row_of(doctype: str, name: str) -> str:
	found = frappe.db.get_value(
		ROWS[doctype][1], {"parent": name, "parenttype": doctype}, "name", order_by="idx"
	)
	return str(found)


# --- the same attacks on every document ---------------------------------------------------------------------


def attacks_on(doctype: str, which: str) -> Iterator[tuple[str, Attack]]:
	"""Submitting, ending and renaming one document by Frappe's own ways."""
	aim = SUBMITTED.get(which, AIMS[doctype])

	def whole(name: str, **values: Any) -> str:
		return json.dumps({**document(doctype, name), **values})

	def by_call(name: str, function: str, make: Callable[[str], dict[str, Any]]) -> tuple[str, Attack]:
		return name, call(function, doctype, which, make)

	yield "PUT status", put(doctype, which, status=aim)
	yield "PUT status and docstatus", put(doctype, which, status=aim, docstatus=1)
	yield "PUT docstatus 2", put(doctype, which, docstatus=2)
	yield by_call("client.submit", "frappe.client.submit", lambda name: {"doc": whole(name, status=aim)})
	yield by_call("client.cancel", "frappe.client.cancel", lambda name: {"doctype": doctype, "name": name})
	yield by_call(
		"set_value",
		"frappe.client.set_value",
		lambda name: {"doctype": doctype, "name": name, "fieldname": {"status": aim, "docstatus": 1}},
	)
	yield by_call(
		"savedocs",
		"frappe.desk.form.save.savedocs",
		lambda name: {
			"doc": whole(name, status=aim, docstatus=1, flags={"ignore_permissions": 1}),
			"action": "Submit",
		},
	)
	if which not in SUBMITTED:
		yield by_call(
			"run_doc_method", "run_doc_method", lambda name: {"dt": doctype, "dn": name, "method": "submit"}
		)
		yield (
			"method by REST v2",
			lambda by, case: by.send(
				"POST", f"/api/v2/document/{doctype}/{getattr(case, which)}/method/submit"
			),
		)
	yield by_call(
		"run_doc_method db_set",
		"run_doc_method",
		lambda name: {"docs": whole(name), "method": "db_set", "args": {"fieldname": "status", "value": aim}},
	)
	yield by_call(
		"bulk update",
		"frappe.client.bulk_update",
		lambda name: {"docs": json.dumps([{"doctype": doctype, "docname": name, "status": aim}])},
	)
	yield by_call(
		"bulk tool",
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		lambda name: {"doctype": doctype, "docnames": json.dumps([name]), "action": "submit"},
	)
	yield (
		"insert finished",
		lambda by, case: by.send(
			"POST", resource(doctype), copied(doctype, getattr(case, which), status=aim, docstatus=1)
		),
	)
	yield (
		"amend",
		lambda by, case: by.send(
			"POST",
			resource(doctype),
			copied(doctype, getattr(case, which), amended_from=getattr(case, which), docstatus=1),
		),
	)
	yield "DELETE", lambda by, case: by.send("DELETE", resource(doctype, getattr(case, which)))
	yield by_call("client.delete", "frappe.client.delete", lambda name: {"doctype": doctype, "name": name})
	yield by_call(
		"delete items",
		"frappe.desk.reportview.delete_items",
		lambda name: {"doctype": doctype, "items": json.dumps([name])},
	)
	yield by_call(
		"rename",
		"frappe.model.rename_doc.update_document_title",
		lambda name: {"doctype": doctype, "docname": name, "name": "X-0000-1", "title": "other"},
	)
	yield by_call(
		"share",
		"frappe.share.add",
		lambda name: {"doctype": doctype, "name": name, "user": address("KM"), "read": 1, "write": 1},
	)
	yield (
		"link to a bulk approval",
		lambda by, case: by.get(
			"/api/method/frappe.model.workflow.bulk_workflow_approval",
			doctype=doctype,
			docnames=json.dumps([getattr(case, which)]),
			action="Confirm",
		),
	)
	if doctype in ROWS:
		yield from attacks_on_rows(doctype, which)


def attacks_on_rows(doctype: str, which: str) -> Iterator[tuple[str, Attack]]:
	"""The rows of one document, past it."""
	table, child, values = ROWS[doctype]
	head = {"parenttype": doctype, "parentfield": table}
	yield (
		"row by REST",
		lambda by, case: by.put(resource(child, row_of(doctype, getattr(case, which))), values),
	)
	yield (
		"row by set_value",
		lambda by, case: by.call(
			"frappe.client.set_value",
			doctype=child,
			name=row_of(doctype, getattr(case, which)),
			fieldname=values,
		),
	)
	yield (
		"row inserted",
		lambda by, case: by.send("POST", resource(child), {**head, "parent": getattr(case, which), **values}),
	)
	yield (
		"event inserted",
		lambda by, case: by.send(
			"POST",
			resource("Document Event"),
			{**head, "parentfield": "events", "parent": getattr(case, which), "to_status": AIMS[doctype]},
		),
	)
	yield (
		"row deleted",
		lambda by, case: by.send("DELETE", resource(child, row_of(doctype, getattr(case, which)))),
	)


# --- attacks on what only one of them has -------------------------------------------------------------------


def lines_at(case: Case, which: str, price: float) -> list[dict[str, Any]]:
	rows = document(SALES_CONTRACT, getattr(case, which))["lines"]
	return [{**row, "unit_price": price} for row in rows]


def signed_file(case: Case) -> str:
	url = frappe.db.get_value(SALES_CONTRACT, case.signed, "signed_file")
	return str(frappe.db.get_value("File", {"file_url": url, "attached_to_name": case.signed}, "name"))


OWN: dict[str, Attack] = {
	**{
		f"price changed while {which}": (
			lambda by, case, which=which: by.put(
				resource(SALES_CONTRACT, getattr(case, which)), {"lines": lines_at(case, which, 1)}
			)
		)
		for which in ("judged", "signing", "signed", "effective")
	},
	**{
		f"terms changed while {which}": put(SALES_CONTRACT, which, service_terms="other", deposit_pct=1)
		for which in ("signing", "signed", "effective")
	},
	"checksum forged after the seal": put(SALES_CONTRACT, "signed", signed_checksum="0" * 16, signed_pages=1),
	"signed copy exchanged after the seal": put(SALES_CONTRACT, "signed", signed_file="/private/files/x.pdf"),
	"file of the sealed copy deleted": lambda by, case: by.send(
		"DELETE", resource("File", signed_file(case))
	),
	"file of the sealed copy taken off": lambda by, case: by.call(
		"frappe.desk.form.utils.remove_attach", dt=SALES_CONTRACT, dn=case.signed, fid=signed_file(case)
	),
	"file of the sealed copy made public": lambda by, case: by.put(
		resource("File", signed_file(case)), {"is_private": 0}
	),
	"file of the sealed copy hung elsewhere": lambda by, case: by.put(
		resource("File", signed_file(case)), {"attached_to_name": case.draft}
	),
	"released configuration edited": put(PRODUCTION_CONFIGURATION, "released", lines=[], qty=1),
	"translation audited by release": lambda by, case: by.call(
		"order_review.api.production_configuration.release", name=case.auditing
	),
	"own contract for another department": lambda by, case: by.send(
		"POST",
		resource(SALES_CONTRACT),
		copied(SALES_CONTRACT, case.foreign, status="Draft", docstatus=0),
	),
	"deposit without money": lambda by, case: by.call(
		"order_review.api.contracts.confirm_deposit", name=case.signing
	),
	"price decided by who may not": lambda by, case: by.call(
		"order_review.api.contracts.decide_price", name=case.foreign, decision="Approved", reason="ja"
	),
}

LAWFUL_ROWS = {(QUALITY_ASSESSMENT, "row by set_value"): ("SP",)}
"""Ways that are lawful for assessors, who waive rows of a draft; who else tries."""


def tried_by(doctype: str, name: str) -> tuple[str, ...]:
	"""Roles that try a way on a document."""
	return LAWFUL_ROWS.get((doctype, name), ACTORS if name in EVERYBODY_TRIES else WRITERS[doctype])


EVERYBODY_TRIES = ("PUT status", "PUT status and docstatus", "bulk update", "row by REST")

ATTACKS: dict[str, tuple[Attack, tuple[str, ...]]] = {
	**{
		f"{doctype} {which}: {name}": (act, tried_by(doctype, name))
		for doctype, which in TARGETS
		for name, act in attacks_on(doctype, which)
	},
	**{name: (act, ACTORS) for name, act in OWN.items()},
}

IGNORED: dict[str, Attack] = {
	"what the server knows of a contract": put(
		SALES_CONTRACT,
		"judged",
		opinions_joined=1,
		deposit_confirmed=1,
		deposit_received=1e9,
		price_approval="Approved",
		total=1,
		review_round=9,
		owner_oa=address("SP"),
	),
	"deposit of a signed contract": put(
		SALES_CONTRACT, "signed", deposit_confirmed=1, deposit_received=1e9, content_hash="0"
	),
	"the seal log": put(SALES_CONTRACT, "signed", seals=[], prints=[]),
	"steps of a contract in force": put(SALES_CONTRACT, "effective", events=[], change_pending=1),
	"ticks of an audit": lambda by, case: by.put(
		resource(PRODUCTION_CONFIGURATION, case.auditing),
		{
			"checks": [
				{**row, "is_ticked": 1} for row in document(PRODUCTION_CONFIGURATION, case.auditing)["checks"]
			],
			"opinions_joined": 1,
			"blind_state": "Handed In",
			"translator": address("PL"),
		},
	),
	"the blind check": put(
		PRODUCTION_CONFIGURATION,
		"drawn",
		blind_state="Handed In",
		blind_hit_rate=100,
		translator=address("AU"),
	),
	"the score of an assessment": put(
		QUALITY_ASSESSMENT, "assessment", score=100, grade="A", sales_user=address("PL"), returns=0
	),
}
"""What the server computes: a client may send it, it is not taken, or the whole call is refused."""


@pytest.mark.parametrize("name", ATTACKS)
def test_no_way_around_changes_anything(case: Case, visitors: dict[str, Visitor], name: str) -> None:
	before = stored()
	act, actors = ATTACKS[name]
	for code in actors:
		status, text = act(visitors[code], case)
		assert status < 500, (code, status, text[:400])
		if not name.endswith(_ANSWERS_LATER):
			assert status >= 400, (code, status, text[:400])
	assert stored() == before


@pytest.mark.parametrize("name", IGNORED)
def test_what_the_server_computes_is_not_taken_from_a_client(
	case: Case, visitors: dict[str, Visitor], name: str
) -> None:
	before = without_stamps(stored())
	for code in ACTORS:
		status, text = IGNORED[name](visitors[code], case)
		assert status < 500, (code, status, text[:400])
	assert without_stamps(stored()) == before


def without_stamps(found: dict[str, Any]) -> dict[str, Any]:
	"""The same without the time and the user of the last save."""
	return {
		doctype: [
			{field: value for field, value in row.items() if field not in ("modified", "modified_by")}
			for row in rows
		]
		for doctype, rows in found.items()
	}


def test_the_translator_ticks_nothing_and_hands_nothing_in(case: Case, visitors: dict[str, Visitor]) -> None:
	before = stored()
	module = "order_review.api.production_configuration"
	keys = [row["row_key"] for row in document(PRODUCTION_CONFIGURATION, case.auditing)["checks"]]
	for code in ("OA", "SP", "MM", "PL", "DL"):
		by = visitors[code]
		for status, text in (
			by.call(f"{module}.tick", name=case.auditing, keys=keys, ticked=1),
			by.call(f"{module}.remark", name=case.auditing, key=keys[0], text="x"),
			by.call(f"{module}.hand_in", name=case.sheet),
			by.call("order_review.api.contracts.log_seal", name=case.signed, seal_no="X", copies=1),
		):
			assert 400 <= status < 500, (code, status, text[:300])
	assert stored() == before


# --- what is not to be read ---------------------------------------------------------------------------------


def ways_to_read(doctype: str, name: str) -> Iterator[tuple[str, Callable[[Visitor], Answer]]]:
	"""Every way the Desk and REST read a document, its rows and what is told of it."""
	yield "REST", lambda by: by.get(resource(doctype, name))
	yield "REST v2", lambda by: by.get(f"/api/v2/document/{doctype}/{name}")
	yield "list", lambda by: by.get(resource(doctype), fields='["*"]', limit_page_length=0)
	yield "form", lambda by: by.get("/api/method/frappe.desk.form.load.getdoc", doctype=doctype, name=name)
	yield (
		"docinfo",
		lambda by: by.get("/api/method/frappe.desk.form.load.get_docinfo", doctype=doctype, name=name),
	)
	yield "print", lambda by: by.get("/printview", doctype=doctype, name=name)
	yield (
		"HTML",
		lambda by: by.get("/api/method/frappe.www.printview.get_html_and_style", doc=doctype, name=name),
	)
	yield (
		"report view",
		lambda by: by.call("frappe.desk.reportview.get", doctype=doctype, fields='["*"]', page_length=500),
	)
	yield (
		"export",
		lambda by: by.call(
			"frappe.desk.reportview.export_query",
			doctype=doctype,
			fields=json.dumps([f"`tab{doctype}`.`{field}`" for field in ("name", "title")]),
			file_format_type="CSV",
			title="x",
		),
	)
	yield (
		"search",
		lambda by: by.call("frappe.desk.search.search_link", doctype=doctype, txt=name, page_length=50),
	)
	yield "global search", lambda by: by.call("frappe.utils.global_search.search", text=name, limit=50)
	yield (
		"value",
		lambda by: by.get(
			"/api/method/frappe.client.get_value",
			doctype=doctype,
			fieldname='["*"]',
			filters=json.dumps(name),
		),
	)
	for df in frappe.get_meta(doctype).get_table_fields():
		yield (
			f"rows {df.options}",
			lambda by, df=df: by.get(
				"/api/method/frappe.client.get_list",
				doctype=df.options,
				parent=doctype,
				fields='["*"]',
				filters=json.dumps({"parent": name}),
				limit_page_length=0,
			),
		)
	for trace, field in (
		("Version", "docname"),
		("Comment", "reference_name"),
		("Review Task", "reference_name"),
		("Notification Log", "document_name"),
		("Outbox Message", "reference_name"),
		("Technical Issue", "reference_name"),
	):
		yield (
			trace,
			lambda by, trace=trace, field=field: by.get(
				resource(trace), fields='["*"]', filters=json.dumps({field: name}), limit_page_length=0
			),
		)


def test_the_drawn_auditor_reads_nothing_of_the_first_translation(
	case: Case, visitors: dict[str, Visitor]
) -> None:
	version = document(PRODUCTION_CONFIGURATION, case.drawn)
	numbers = {row["assembly_no"] for row in version["lines"]}
	by = visitors["AU"]
	module = "/api/method/order_review.api"
	ways = {
		**dict(ways_to_read(PRODUCTION_CONFIGURATION, case.drawn)),
		**{f"sheet {way}": read for way, read in ways_to_read(BLIND_TRANSLATION, case.sheet)},
		"matrix": lambda by: by.get(f"{module}.production_configuration.matrix", name=case.drawn),
		"sheet PDF": lambda by: by.get(f"{module}.production_configuration.sheet_pdf", name=case.drawn),
		"trace report": lambda by: by.call(
			"frappe.desk.query_report.run",
			report_name="Trace Matrix",
			filters={"production_configuration": case.drawn},
		),
		"overview": lambda by: by.get(
			f"{module}.review_tasks.overview", name=case.drawn, doctype=PRODUCTION_CONFIGURATION
		),
		"fields": lambda by: by.get(
			f"{module}.technical_issues.time_split", doctype=PRODUCTION_CONFIGURATION, name=case.drawn
		),
		"contract": lambda by: by.get(
			"/api/method/frappe.desk.form.load.getdoc", doctype=SALES_CONTRACT, name=case.effective
		),
		"linked": lambda by: by.call(
			"frappe.desk.form.linked_with.get", doctype=SALES_CONTRACT, docname=case.effective
		),
		"work": lambda by: by.get(f"{module}.workplace.get_work"),
	}
	allowed = visitors["OA"].get(resource(PRODUCTION_CONFIGURATION, case.drawn))[1]
	assert any(number in allowed for number in numbers), "the translator reads them"
	# What another configuration shows by itself tells nothing of this one.
	elsewhere = frappe.get_all(
		"Production Configuration Line", {"parent": ["!=", case.drawn]}, pluck="assembly_no"
	)
	for way, read in ways.items():
		status, text = read(by)
		assert status < 500, (way, status, text[:300])
		told = {number for number in numbers - set(elsewhere) if number in text}
		assert not told, (way, told)
		lists_all = ("list", "report view", "export")
		if way not in lists_all and not way.startswith("sheet "):
			assert not {number for number in numbers if number in text}, way


SECRETS = (
	"825200",
	"825,200",
	"606100",
	"BELOW_FLOOR",
	"DQ-B06",
	"floor_price",
	"approval_level",
	'"L1"',
	'"L2"',
)
"""Floor and cost of the sample model, the finding and the defect that tell of them, and the level of approval."""


@pytest.mark.parametrize("code", ["SP", "MM", "PL", "AU", "DL"])
def test_floor_cost_and_level_are_in_no_answer(case: Case, visitors: dict[str, Visitor], code: str) -> None:
	by, module = visitors[code], "/api/method/order_review.api"
	ways = {
		f"{doctype} {way}": read
		for doctype, name in (
			(SALES_CONTRACT, case.judged),
			(QUALITY_ASSESSMENT, case.assessment),
			("Contract Price Review", case.judged),
			("Confidential Quality Defect", case.assessment),
		)
		for way, read in ways_to_read(doctype, name)
	}
	for function in ("missing", "differences", "rounds"):
		ways[function] = lambda by, function=function: by.get(
			f"{module}.contracts.{function}", name=case.judged
		)
	ways["confidential"] = lambda by: by.get(f"{module}.quality.get_confidential", name=case.assessment)
	ways["defects"] = lambda by: by.get(f"{module}.quality.get_defects")
	ways["own errors"] = lambda by: by.get(
		f"{module}.quality.get_own_errors", doctype=SALES_CONTRACT, name=case.judged
	)
	ways["overview"] = lambda by: by.get(
		f"{module}.review_tasks.overview", name=case.judged, doctype=SALES_CONTRACT
	)
	ways["contract saved"] = lambda by: by.put(resource(SALES_CONTRACT, case.judged), {"title": "x"})
	for report in ("Contract Quality Defects", "Contract Quality Scores", "Contract Quality Appeals"):
		ways[report] = lambda by, report=report: by.call(
			"frappe.desk.query_report.run", report_name=report, filters={"month": "2026-11"}
		)
	for way, read in ways.items():
		status, text = read(by)
		assert status < 500, (way, status, text[:300])
		assert not [secret for secret in SECRETS if secret in text], (way, text[:200])


def test_supervisors_read_what_is_kept_from_sales(case: Case, visitors: dict[str, Visitor]) -> None:
	status, text = visitors["SM"].get(resource("Contract Price Review", case.judged))
	assert (status, "BELOW_FLOOR" in text) == (200, True), text[:300]


@pytest.mark.parametrize("code", ["SP", "MM", "DL"])
def test_nothing_is_read_of_another_department(case: Case, visitors: dict[str, Visitor], code: str) -> None:
	for doctype, name in (
		(SALES_CONTRACT, case.foreign),
		(PRODUCTION_CONFIGURATION, case.foreign_pcf),
		(INTENT_ORDER, case.foreign_order),
	):
		for way, read in ways_to_read(doctype, name):
			status, text = read(visitors[code])
			assert status < 500, (doctype, way, status, text[:300])
			assert MARK not in text, (doctype, way)


# --- our own functions --------------------------------------------------------------------------------------


def functions() -> dict[str, Any]:
	"""Our whitelisted functions by their dotted path."""
	found = {}
	for info in pkgutil.iter_modules(api.__path__):
		module = import_module(f"{api.__name__}.{info.name}")
		for name, value in vars(module).items():
			if (
				inspect.isfunction(value)
				and value.__module__ == module.__name__
				and value in frappe.whitelisted
			):
				found[f"{module.__name__}.{name}"] = value
	return found


def arguments(function: Any, doctype: str, name: str) -> dict[str, Any]:
	"""Values for its arguments that aim at a document."""
	words: dict[str, Any] = {
		"doctype": doctype,
		"contract": name,
		"orders": [name],
		"order": name,
		"pieces": [[doctype, name]],
		"others": [name],
		"quantity": {name: 1},
		"filters": {"task": name, "document": name},
		"values": {"channel": "Phone", "subject": "x", "occurred_at": "2026-11-20 08:00:00"},
		"question": json.dumps({"question": "x", "field": "qty"}),
		"docnames": json.dumps([name]),
		"answer": {"answer": "x", "opinion": "Agree"},
		"configuration": "[]",
		"context": json.dumps({"model": "X"}),
		"user": address("KM"),
		"modified": "2026-11-20 08:00:00",
		"due": "2026-12-20",
		"copies": 1,
		"score": 1,
		"ticked": 1,
		"keys": ["x"],
		"decision": "Approved",
		"start": 0,
		"page_len": 9,
		"length": 9,
		"lang": "zh",
		"txt": "",
		"searchfield": "name",
	}
	asked = inspect.signature(function).parameters
	return {
		key: words.get(key, name)
		for key, parameter in asked.items()
		if key in words or parameter.default is inspect.Parameter.empty
	}


MODULES = sorted({path.rpartition(".")[0] for path in functions()})


@pytest.mark.parametrize("module", MODULES)
def test_no_function_of_ours_works_on_a_foreign_document(
	case: Case, visitors: dict[str, Visitor], module: str
) -> None:
	before = stored()
	for path, function in functions().items():
		if path.rpartition(".")[0] == module:
			for doctype, name in (
				(SALES_CONTRACT, case.foreign),
				(INTENT_ORDER, case.foreign_order),
				(PRODUCTION_CONFIGURATION, case.foreign_pcf),
			):
				status, text = visitors["SP"].call(path, **arguments(function, doctype, name))
				assert status < 500, (path, doctype, status, text[:400])
				assert MARK not in text, (path, doctype, text[:400])
			given = arguments(function, SALES_CONTRACT, case.effective)
			assert visitors["DL"].call(path, **given)[0] == 403, path
			if "GET" not in frappe.allowed_http_methods_for_whitelisted_func[function]:
				assert visitors["OA"].get(f"/api/method/{path}", **as_query(given))[0] in (403, 405), path
	assert stored() == before


def as_query(given: dict[str, Any]) -> dict[str, str]:
	return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}


def test_functions_that_only_read_change_nothing(case: Case, visitors: dict[str, Visitor]) -> None:
	before = stored()
	for path, function in functions().items():
		if "GET" in frappe.allowed_http_methods_for_whitelisted_func[function]:
			for doctype, name in ((SALES_CONTRACT, case.judged), (PRODUCTION_CONFIGURATION, case.auditing)):
				given = arguments(function, doctype, name)
				answer = visitors["OA"].get(
					f"/api/method/{path}",
					**as_query(given),
				)
				assert answer[0] < 500, (path, doctype, answer[1][:400])
	assert stored() == before


# --- the lawful form ----------------------------------------------------------------------------------------


def test_the_same_calls_in_their_lawful_form_succeed(case: Case, visitors: dict[str, Visitor]) -> None:
	by = visitors
	status, text = by["SP"].put(
		resource(SALES_CONTRACT, case.draft), {"lines": lines_at(case, "draft", 990000)}
	)
	assert status == 200, text[:300]
	assert document(SALES_CONTRACT, case.draft)["lines"][0]["unit_price"] == 990000
	take = {"doctype": SALES_CONTRACT, "name": case.draft, "action": "Submit for Review"}
	modified = document(SALES_CONTRACT, case.draft)["modified"]
	status, text = by["SP"].call("order_review.api.steps.take", **take, modified=modified)
	assert (status, document(SALES_CONTRACT, case.draft)["status"]) == (200, "Submitted"), text[:300]
	keys = [document(PRODUCTION_CONFIGURATION, case.auditing)["checks"][0]["row_key"]]
	status, text = by["AU"].call(
		"order_review.api.production_configuration.tick", name=case.auditing, keys=keys, ticked=1
	)
	assert status == 200, text[:300]
	assert document(PRODUCTION_CONFIGURATION, case.auditing)["checks"][0]["is_ticked"] == 1
