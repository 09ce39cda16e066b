"""Ways around the review of an intent order, over real HTTP: each is refused and leaves the database as it was.

The attacks are those of the security goals on workflow and locking; beside them stand the same calls in their lawful
form, which succeed, so that a refusal means something.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.constants import INTENT_ORDER, REVIEW_CONDITION, REVIEW_TASK
from order_review.demo.people import address
from tests.site.committed import committed_orders
from tests.site.reviewing import AGREED, all_agree, give, step, tasks
from tests.site.visiting import Answer, Visitor

OPTION, EVENT = "Intent Order Option", "Document Event"
ACTORS = ("SP", "MM", "OA", "SM", "PL")
"""Author, manager of the department, order administrator, manager of sales operations, a department that only reads."""

WATCHED = (
	INTENT_ORDER,
	OPTION,
	EVENT,
	REVIEW_TASK,
	REVIEW_CONDITION,
	"Intent Order Price Review",
	"DocShare",
)
_NOT_WATCHED = ("_comments", "_liked_by", "_seen", "_assign", "_user_tags")


@dataclass(frozen=True)
class Case:
	"""Committed documents to attack: orders in three states, a task and a condition that are open."""

	draft: str
	judged: str
	valid: str
	task: str
	condition: str


Attack = Callable[[Visitor, Case], Answer]


@pytest.fixture(scope="module")
def case(demo_site: str) -> Iterator[Case]:
	condition = {
		"condition_text": "客户书面确认",
		"condition_responsible": "认证科",
		"condition_due": add_days(today(), 30),
		"condition_before": "Release",
	}
	with (
		committed_orders("Draft") as (draft,),
		committed_orders("Under Opinions", copies=2) as (judged, valid),
	):
		all_agree(valid, "SERVICE")
		give(valid, "SERVICE", "Agree With Condition", **condition)
		step(valid, "Make Valid", "OA")
		frappe.db.commit()
		record = frappe.db.get_value(REVIEW_CONDITION, {"reference_name": valid}, "name")
		yield Case(draft, judged, valid, tasks(judged)["TECH"], record)


@pytest.fixture(scope="module")
def visitors(web_address: str, logins: dict[str, dict[str, str]], case: Case) -> dict[str, Visitor]:
	passwords = {login["user"]: login["password"] for login in logins.values()}
	codes = (*ACTORS, "TR")
	return {code: Visitor(web_address, address(code), passwords[address(code)]) for code in codes}


def stored() -> dict[str, Any]:
	"""What the database holds of the attacked documents now."""
	frappe.db.rollback()
	found = {}
	for doctype in WATCHED:
		rows = frappe.db.sql(f"select * from `tab{doctype}` order by name", as_dict=True)
		found[doctype] = [
			{name: value for name, value in row.items() if name not in _NOT_WATCHED} for row in rows
		]
	return found


def document(doctype: str, name: str) -> dict[str, Any]:
	"""A document as a client holds it."""
	frappe.db.rollback()
	found: dict[str, Any] = json.loads(frappe.as_json(frappe.get_doc(doctype, name).as_dict()))
	return found


def resource(doctype: str, name: str = "") -> str:
	return f"/api/resource/{doctype}" + (f"/{name}" if name else "")


def attack(path: str, which: str = "judged", **values: Any) -> tuple[str, Attack]:
	"""PUT of values to one of the orders."""
	return path, lambda by, case: by.put(resource(INTENT_ORDER, getattr(case, which)), values)


def whole(case: Case, which: str, **values: Any) -> str:
	return json.dumps({**document(INTENT_ORDER, getattr(case, which)), **values})


def first_option(case: Case, which: str = "judged") -> str:
	found: str = frappe.db.get_value(OPTION, {"parent": getattr(case, which)}, "name", order_by="idx")
	return found


def new_order(case: Case, **values: Any) -> dict[str, Any]:
	copy = document(INTENT_ORDER, case.judged)
	for name in ("name", "creation", "modified", "owner", "modified_by"):
		copy.pop(name)
	return {**copy, **values}


def import_with_submit(by: Visitor, case: Case) -> Answer:
	values = {
		"reference_doctype": INTENT_ORDER,
		"import_type": "Update Existing Records",
		"submit_after_import": 1,
		"import_file": "/private/files/orders.csv",
	}
	return by.send("POST", resource("Data Import"), values)


SUBMITS: tuple[tuple[str, Attack], ...] = (
	("client.submit", lambda by, case: by.call("frappe.client.submit", doc=whole(case, "judged"))),
	attack("PUT docstatus", docstatus=1),
	attack("PUT status", status="Valid"),
	attack("PUT status and docstatus", status="Valid", docstatus=1),
	attack("PUT amount and state", negotiated_unit=1, status="Valid", docstatus=1),
	attack("PUT the system's own step", status="Consolidating"),
	attack("submit a draft", "draft", status="Valid", docstatus=1),
	(
		"set_value of a dictionary",
		lambda by, case: by.call(
			"frappe.client.set_value", doctype=INTENT_ORDER, name=case.judged, fieldname={"docstatus": 1}
		),
	),
	(
		"set_value of the status",
		lambda by, case: by.call(
			"frappe.client.set_value",
			doctype=INTENT_ORDER,
			name=case.judged,
			fieldname="status",
			value="Valid",
		),
	),
	(
		"savedocs Submit",
		lambda by, case: by.call(
			"frappe.desk.form.save.savedocs", doc=whole(case, "judged"), action="Submit"
		),
	),
	(
		"savedocs with flags",
		lambda by, case: by.call(
			"frappe.desk.form.save.savedocs",
			doc=whole(case, "judged", status="Valid", docstatus=1, flags={"ignore_permissions": 1}),
			action="Save",
		),
	),
	(
		"run_method by REST",
		lambda by, case: by.send("POST", resource(INTENT_ORDER, case.judged), {"run_method": "submit"}),
	),
	(
		"method by REST v2",
		lambda by, case: by.send("POST", f"/api/v2/document/{INTENT_ORDER}/{case.judged}/method/submit"),
	),
	(
		"run_doc_method",
		lambda by, case: by.call("run_doc_method", dt=INTENT_ORDER, dn=case.judged, method="submit"),
	),
	(
		"run_doc_method db_set",
		lambda by, case: by.call(
			"run_doc_method",
			docs=whole(case, "judged"),
			method="db_set",
			args={"fieldname": "status", "value": "Valid"},
		),
	),
	(
		"bulk tool",
		lambda by, case: by.call(
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			doctype=INTENT_ORDER,
			docnames=json.dumps([case.judged]),
			action="submit",
		),
	),
	(
		"bulk update",
		lambda by, case: by.call(
			"frappe.client.bulk_update",
			docs=json.dumps(
				[{"doctype": INTENT_ORDER, "docname": case.judged, "status": "Valid", "docstatus": 1}]
			),
		),
	),
	(
		"insert submitted",
		lambda by, case: by.send("POST", resource(INTENT_ORDER), new_order(case, docstatus=1)),
	),
	(
		"insert Valid",
		lambda by, case: by.call(
			"frappe.client.insert", doc=json.dumps(new_order(case, status="Valid", docstatus=1))
		),
	),
	(
		"insert many",
		lambda by, case: by.call(
			"frappe.client.insert_many", docs=json.dumps([new_order(case, status="Valid", docstatus=1)])
		),
	),
	("import with submit", import_with_submit),
	(
		"apply_workflow before the opinions",
		lambda by, case: by.call(
			"frappe.model.workflow.apply_workflow",
			doc=whole(case, "judged", status="Consolidating"),
			action="Make Valid",
		),
	),
	(
		"link to a bulk approval",
		lambda by, case: by.get(
			"/api/method/frappe.model.workflow.bulk_workflow_approval",
			doctype=INTENT_ORDER,
			docnames=json.dumps([case.judged]),
			action="Make Valid",
		),
	),
	(
		"own step of another role",
		lambda by, case: by.call(
			"order_review.api.steps.take",
			doctype=INTENT_ORDER,
			name=case.judged,
			action="Make Valid",
			modified=document(INTENT_ORDER, case.judged)["modified"],
		),
	),
)

EDITS: tuple[tuple[str, Attack], ...] = (
	attack("PUT under review", negotiated_unit=1),
	attack("PUT owner", owner=address("PL"), creation="2020-01-01"),
	attack("PUT after validity", "valid", negotiated_unit=1),
	(
		"row by REST",
		lambda by, case: by.put(resource(OPTION, first_option(case)), {"vehicle_option": "ENG-D247"}),
	),
	(
		"row of a valid order by REST",
		lambda by, case: by.put(resource(OPTION, first_option(case, "valid")), {"claimed_price": 1}),
	),
	(
		"row inserted",
		lambda by, case: by.send(
			"POST",
			resource(OPTION),
			{
				"parent": case.valid,
				"parenttype": INTENT_ORDER,
				"parentfield": "configuration",
				"family": "ENG",
			},
		),
	),
	(
		"event inserted",
		lambda by, case: by.send(
			"POST",
			resource(EVENT),
			{
				"parent": case.judged,
				"parenttype": INTENT_ORDER,
				"parentfield": "events",
				"to_status": "Valid",
			},
		),
	),
	("row deleted", lambda by, case: by.send("DELETE", resource(OPTION, first_option(case)))),
	(
		"row by bulk update",
		lambda by, case: by.call(
			"frappe.client.bulk_update",
			docs=json.dumps([{"doctype": OPTION, "docname": first_option(case), "claimed_price": 1}]),
		),
	),
	(
		"row by set_value",
		lambda by, case: by.call(
			"frappe.client.set_value",
			doctype=OPTION,
			name=first_option(case),
			fieldname="claimed_price",
			value=1,
		),
	),
	(
		"row taken out of another order",
		lambda by, case: by.put(
			resource(INTENT_ORDER, case.draft), {"configuration": [{"name": first_option(case)}]}
		),
	),
	(
		"bulk tool",
		lambda by, case: by.call(
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			doctype=INTENT_ORDER,
			docnames=json.dumps([case.judged]),
			action="update",
			data=json.dumps({"negotiated_unit": 1}),
		),
	),
)

IGNORED: tuple[tuple[str, Attack], ...] = (
	attack("computed fields", review_price=1, total=1, verdict="clear", price_approval="Not Needed"),
	attack("its own steps", events=[]),
	attack("another round", review_round=9, rounds=[]),
	attack("findings", findings=[]),
	attack("validity", "valid", valid_until="2030-01-01"),
	attack("conditions", "valid", conditions=[]),
)
"""What the server computes: a client may send it, it is not taken."""

ENDS: tuple[tuple[str, Attack], ...] = (
	(
		"client.cancel",
		lambda by, case: by.call("frappe.client.cancel", doctype=INTENT_ORDER, name=case.valid),
	),
	attack("PUT docstatus 2", "valid", docstatus=2),
	attack("PUT docstatus 0", "valid", docstatus=0),
	(
		"cancel of the form",
		lambda by, case: by.call("frappe.desk.form.save.cancel", doctype=INTENT_ORDER, name=case.valid),
	),
	(
		"bulk tool",
		lambda by, case: by.call(
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			doctype=INTENT_ORDER,
			docnames=json.dumps([case.valid]),
			action="cancel",
		),
	),
	("DELETE", lambda by, case: by.send("DELETE", resource(INTENT_ORDER, case.judged))),
	(
		"client.delete",
		lambda by, case: by.call("frappe.client.delete", doctype=INTENT_ORDER, name=case.judged),
	),
	(
		"delete items",
		lambda by, case: by.call(
			"frappe.desk.reportview.delete_items", doctype=INTENT_ORDER, items=json.dumps([case.judged])
		),
	),
	(
		"rename",
		lambda by, case: by.call(
			"frappe.model.rename_doc.update_document_title",
			doctype=INTENT_ORDER,
			docname=case.judged,
			name="IO-0000-00001",
		),
	),
	(
		"merge",
		lambda by, case: by.call(
			"frappe.model.rename_doc.update_document_title",
			doctype=INTENT_ORDER,
			docname=case.judged,
			name=case.valid,
			merge=1,
		),
	),
	(
		"client rename",
		lambda by, case: by.call(
			"frappe.client.rename_doc",
			doctype=INTENT_ORDER,
			old_name=case.judged,
			new_name=case.valid,
			merge=True,
		),
	),
	(
		"amend",
		lambda by, case: by.send(
			"POST", resource(INTENT_ORDER), new_order(case, amended_from=case.valid, docstatus=1)
		),
	),
)

OPINIONS: tuple[tuple[str, Attack], ...] = (
	("PUT opinion", lambda by, case: by.put(resource(REVIEW_TASK, case.task), {"opinion": "Agree"})),
	("PUT status", lambda by, case: by.put(resource(REVIEW_TASK, case.task), {"status": "Answered"})),
	("PUT docstatus", lambda by, case: by.put(resource(REVIEW_TASK, case.task), {"docstatus": 1})),
	(
		"set_value",
		lambda by, case: by.call(
			"frappe.client.set_value",
			doctype=REVIEW_TASK,
			name=case.task,
			fieldname={"status": "Cancelled", "is_required": 0},
		),
	),
	(
		"savedocs",
		lambda by, case: by.call(
			"frappe.desk.form.save.savedocs",
			doc=json.dumps({**document(REVIEW_TASK, case.task), "status": "Answered", "opinion": "Agree"}),
			action="Save",
		),
	),
	(
		"insert answered",
		lambda by, case: by.send(
			"POST",
			resource(REVIEW_TASK),
			{**document(REVIEW_TASK, case.task), "name": None, "status": "Answered", "opinion": "Agree"},
		),
	),
	("DELETE", lambda by, case: by.send("DELETE", resource(REVIEW_TASK, case.task))),
	(
		"another department's opinion",
		lambda by, case: by.call(
			"order_review.api.review_tasks.answer",
			name=case.task,
			answer={**AGREED["TECH"], "opinion": "Agree"},
		),
	),
	(
		"another department's opinion on many",
		lambda by, case: by.call(
			"order_review.api.review_tasks.answer_identical",
			name=case.task,
			others=[],
			answer={**AGREED["TECH"], "opinion": "Agree"},
		),
	),
	(
		"overrule what is no objection",
		lambda by, case: by.call("order_review.api.review_tasks.overrule", name=case.task, reason="赶时间"),
	),
	(
		"assign",
		lambda by, case: by.call("order_review.api.review_tasks.assign", name=case.task, user=address("TR")),
	),
	("PUT condition", lambda by, case: by.put(resource(REVIEW_CONDITION, case.condition), {"status": "Met"})),
	(
		"set_value of a condition",
		lambda by, case: by.call(
			"frappe.client.set_value",
			doctype=REVIEW_CONDITION,
			name=case.condition,
			fieldname={"status": "Waived", "due_before": "Delivery"},
		),
	),
	("DELETE condition", lambda by, case: by.send("DELETE", resource(REVIEW_CONDITION, case.condition))),
	(
		"insert condition",
		lambda by, case: by.send(
			"POST",
			resource(REVIEW_CONDITION),
			{**document(REVIEW_CONDITION, case.condition), "name": None, "status": "Met"},
		),
	),
	(
		"met without evidence",
		lambda by, case: by.call("order_review.api.conditions.meet", name=case.condition, evidence=" "),
	),
	(
		"waived without a reason",
		lambda by, case: by.call("order_review.api.conditions.waive", name=case.condition, reason=""),
	),
)

SHARES: tuple[tuple[str, Attack], ...] = tuple(
	(
		f"share {doctype}",
		lambda by, case, doctype=doctype, field=field: by.call(
			"frappe.share.add",
			doctype=doctype,
			name=getattr(case, field),
			user=address("KM"),
			read=1,
			write=1,
			submit=1,
			share=1,
		),
	)
	for doctype, field in ((INTENT_ORDER, "judged"), (REVIEW_TASK, "task"), (REVIEW_CONDITION, "condition"))
)

RULES: tuple[tuple[str, Attack], ...] = tuple(
	(
		f"write a {doctype}",
		lambda by, case, doctype=doctype, values=values: by.send("POST", resource(doctype), values),
	)
	for doctype, values in (
		("Workflow", {"workflow_name": "Mine", "document_type": INTENT_ORDER, "is_active": 1}),
		("Server Script", {"name": "x", "script_type": "API", "api_method": "x", "script": "1"}),
		("Client Script", {"name": "x", "dt": INTENT_ORDER, "script": "1"}),
		("Print Format", {"name": "x", "doc_type": INTENT_ORDER, "html": "{{ 1 }}"}),
		("Custom Field", {"dt": INTENT_ORDER, "fieldname": "x", "fieldtype": "Data", "label": "x"}),
		(
			"Property Setter",
			{
				"doc_type": INTENT_ORDER,
				"doctype_or_field": "DocField",
				"field_name": "status",
				"property": "allow_on_submit",
				"value": "1",
			},
		),
		("Custom DocPerm", {"parent": INTENT_ORDER, "role": "Salesperson", "submit": 1}),
	)
)

ATTACKS = {
	f"{group}: {name}": act
	for group, attacks in (
		("submit", SUBMITS),
		("edit", EDITS),
		("end", ENDS),
		("opinion", OPINIONS),
		("share", SHARES),
		("rules", RULES),
	)
	for name, act in attacks
}

_ANSWERS_LATER = ("bulk tool", "bulk update", "row by bulk update", "delete items")
"""Ways of Frappe that answer 200 and name the documents that failed."""


@pytest.mark.parametrize("name", ATTACKS)
def test_no_way_around_the_review_changes_anything(
	case: Case, visitors: dict[str, Visitor], name: str
) -> None:
	before = stored()
	for code in ACTORS:
		status, text = ATTACKS[name](visitors[code], case)
		assert stored() == before, (code, status, text[:300])
		assert status < 500, (code, status, text[:300])
		if not name.endswith(_ANSWERS_LATER):
			assert status >= 400, (code, status, text[:300])


@pytest.mark.parametrize(("name", "act"), IGNORED, ids=[name for name, _act in IGNORED])
def test_what_the_server_computes_is_not_taken_from_a_client(
	case: Case, visitors: dict[str, Visitor], name: str, act: Attack
) -> None:
	before = without_stamps(stored())
	for code in ACTORS:
		status, text = act(visitors[code], case)
		assert without_stamps(stored()) == before, (code, status, text[:300])
		assert status < 500, (code, status, text[:300])


def without_stamps(found: dict[str, Any]) -> dict[str, Any]:
	"""The same without the time and the user of the last save."""
	stamps = {"modified", "modified_by"}
	return {
		doctype: [{field: value for field, value in row.items() if field not in stamps} for row in rows]
		for doctype, rows in found.items()
	}


def test_a_data_import_with_submit_leaves_orders_as_they_are(case: Case) -> None:
	from frappe.core.doctype.data_import.importer import Importer

	before = stored()
	settings = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": INTENT_ORDER,
			"import_type": "Update Existing Records",
			"submit_after_import": 1,
			"name": "bypass",
		}
	)
	importer = Importer.__new__(Importer)
	importer.data_import, importer.doctype = settings, INTENT_ORDER
	for code in ("Administrator", address("SP"), address("OA")):
		frappe.set_user(code)
		for values in ({"status": "Valid"}, {"docstatus": 1}, {"negotiated_unit": 1}):
			with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
				importer.update_record(frappe._dict(name=case.judged, **values))
		with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			importer.insert_record(frappe._dict(new_order(case, docstatus=0, doctype=INTENT_ORDER)))
		frappe.db.rollback()
	assert stored() == before


def test_who_was_given_a_share_sees_and_changes_no_more_than_before(
	case: Case, visitors: dict[str, Visitor]
) -> None:
	share = {
		"doctype": "DocShare",
		"user": address("PL"),
		"share_doctype": INTENT_ORDER,
		"share_name": case.judged,
		**{"read": 1, "write": 1, "submit": 1, "share": 1},
	}
	frappe.get_doc(share).insert(ignore_permissions=True)
	frappe.db.commit()
	try:
		before = stored()
		for name in ("submit: PUT docstatus", "edit: PUT under review", "submit: client.submit"):
			status, text = ATTACKS[name](visitors["PL"], case)
			assert (status >= 400, stored() == before) == (True, True), (name, status, text[:300])
	finally:
		frappe.db.delete("DocShare", {"share_name": case.judged})
		frappe.db.commit()


def test_the_same_calls_in_their_lawful_form_succeed(case: Case, visitors: dict[str, Visitor]) -> None:
	by = visitors
	status, text = by["SP"].put(resource(INTENT_ORDER, case.draft), {"negotiated_unit": 1285000})
	assert status == 200, text
	take = {"doctype": INTENT_ORDER, "name": case.draft}
	for code, action, after in (("SP", "Submit for Review", "Submitted"), ("OA", "Receive", "Received")):
		modified = document(INTENT_ORDER, case.draft)["modified"]
		status, text = by[code].call("order_review.api.steps.take", **take, action=action, modified=modified)
		assert (status, document(INTENT_ORDER, case.draft)["status"]) == (200, after), text
	answer = {**AGREED["TECH"], "opinion": "Agree"}
	status, text = by["TR"].call("order_review.api.review_tasks.answer", name=case.task, answer=answer)
	assert (status, document(REVIEW_TASK, case.task)["opinion"]) == (200, "Agree"), text
	status, text = by["OA"].call("order_review.api.conditions.meet", name=case.condition, evidence="确认函")
	assert (status, document(REVIEW_CONDITION, case.condition)["status"]) == (200, "Met"), text
	assert document(INTENT_ORDER, case.draft)["negotiated_unit"] == 1285000
