"""Rows of our documents change with their document alone, by whatever address; and nobody widens what was handed to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, today

from order_review.constants import DELEGATION, MODULES
from tests.site.visiting import Visitor

REFUSED = {403, 404, 417}
MARK = "7f3a by the side door"
_TEXTS = ("Data", "Small Text", "Text", "Long Text")
_NUMBERS = ("Int", "Float", "Currency", "Percent", "Check")

Login = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def visitors(web_address: str, logins: dict[str, dict[str, str]]) -> Login:
	signed_in: dict[str, Visitor] = {}

	def visitor(role: str) -> Visitor:
		if role not in signed_in:
			signed_in[role] = Visitor(web_address, logins[role]["user"], logins[role]["password"])
		return signed_in[role]

	return visitor


@pytest.fixture(scope="module")
def handed(demo_site: str, logins: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
	"""Two delegations: of one role to the planner, and another one of somebody else."""
	frappe.set_user("Administrator")
	days = {
		"reason": "Leave",
		"all_roles": 0,
		"from_date": today(),
		"to_date": add_days(today(), 9),
		"is_active": 1,
	}
	made = []
	for absent, delegate, role in (
		("Order Administrator", "Planning Reviewer", "Order Administrator"),
		("Supply Reviewer", "Quality Reviewer", "Supply Reviewer"),
	):
		people = {"user": logins[absent]["user"], "delegate": logins[delegate]["user"]}
		made.append(
			frappe.get_doc({"doctype": DELEGATION, **people, **days, "roles": [{"role": role}]}).insert().name
		)
	frappe.db.commit()
	yield made[0], made[1]
	frappe.set_user("Administrator")
	frappe.db.rollback()
	for name in made:
		frappe.delete_doc(DELEGATION, name, force=True)
	frappe.db.commit()


def _tables() -> list[str]:
	return frappe.get_all("DocType", {"module": ["in", MODULES], "istable": 1}, pluck="name", order_by="name")


def _parents(doctype: str) -> list[Any]:
	return frappe.get_all(
		"DocField",
		{"fieldtype": ["like", "Table%"], "options": doctype},
		["parent", "fieldname"],
		order_by="parent",
	)


def _changed_field(doctype: str) -> tuple[str, Any]:
	"""A field of a row and a value it does not have."""
	fields = [df for df in frappe.get_meta(doctype).fields if not df.hidden]
	for df in fields:
		if df.fieldtype in _TEXTS:
			return df.fieldname, MARK
	numbers = [df.fieldname for df in fields if df.fieldtype in _NUMBERS]
	return (numbers[0], 999_999) if numbers else ("idx", 999_999)


@pytest.mark.parametrize("role", ["Order Supervisor", "Catalogue Manager"])
def test_no_row_is_written_by_itself(role: str, visitors: Login, handed: tuple[str, str]) -> None:
	visitor = visitors(role)
	for doctype in _tables():
		row = frappe.get_all(doctype, ["name", "parent", "parenttype", "parentfield"], limit=1)
		field, value = _changed_field(doctype)
		for where in _parents(doctype)[:1]:
			parent = row[0] if row else frappe._dict(parent=where.parent, parenttype=where.parent)
			new = {
				"doctype": doctype,
				"parent": parent.parent,
				"parenttype": where.parent,
				"parentfield": where.fieldname,
				field: value,
			}
			assert visitor.send("POST", f"/api/resource/{doctype}", new)[0] in REFUSED, doctype
		if row:
			name = row[0].name
			assert visitor.put(f"/api/resource/{doctype}/{name}", {field: value})[0] in REFUSED, doctype
			changed = json.dumps([{"doctype": doctype, "docname": name, field: value}])
			visitor.call("frappe.client.bulk_update", docs=changed)
			assert visitor.send("DELETE", f"/api/resource/{doctype}/{name}")[0] in REFUSED, doctype
			frappe.db.rollback()
			assert frappe.db.exists(doctype, name), doctype
		frappe.db.rollback()
		assert not frappe.db.exists(doctype, {field: value}), doctype


def test_a_row_by_itself_is_refused_to_administrators_as_well(demo_site: str) -> None:
	from order_review.exceptions import ForeignRowError

	for doctype in _tables():
		where = _parents(doctype)[0]
		row = frappe.get_doc(
			{"doctype": doctype, "parent": "x", "parenttype": where.parent, "parentfield": where.fieldname}
		)
		with pytest.raises(ForeignRowError, match="change with their"):
			row.run_method("before_insert")


def test_rows_are_not_taken_out_of_another_document(visitors: Login, handed: tuple[str, str]) -> None:
	planner_delegation, other = handed
	theirs = frappe.get_all("Delegation Role", {"parent": other}, pluck="name")[0]
	oa = visitors("Order Administrator")
	mine = frappe.get_all("Delegation Role", {"parent": planner_delegation}, ["name", "role"])
	rows = [*mine, {"name": theirs, "role": "Order Administrator"}]
	status, text = oa.put(f"/api/resource/{DELEGATION}/{planner_delegation}", {"roles": rows})
	assert status == 417, text
	frappe.db.rollback()
	assert frappe.db.get_value("Delegation Role", theirs, "parent") == other


def test_a_delegate_does_not_widen_what_was_handed_over(
	visitors: Login, handed: tuple[str, str], logins: dict[str, dict[str, str]]
) -> None:
	name, planner = handed[0], visitors("Planning Reviewer")
	row = frappe.get_all("Delegation Role", {"parent": name}, pluck="name")[0]
	before = frappe.get_doc(DELEGATION, name).as_dict(no_default_fields=True)
	wider: list[dict[str, Any]] = [
		{"all_roles": 1},
		{"to_date": add_days(today(), 200)},
		{"from_date": add_days(today(), -200)},
		{"roles": [{"role": "Order Administrator"}, {"role": "Order Supervisor"}]},
		{"user": planner.user},
		{"user": logins["Order Supervisor"]["user"]},
		{"delegate": logins["Finance Reviewer"]["user"]},
		{"user": planner.user, "delegate": logins["Order Administrator"]["user"], "all_roles": 1},
	]
	for values in wider:
		assert planner.put(f"/api/resource/{DELEGATION}/{name}", values)[0] in REFUSED, values
		assert (
			planner.call("frappe.client.set_value", doctype=DELEGATION, name=name, fieldname=values)[0]
			in REFUSED
		)
	role = {"doctype": "Delegation Role", "parent": name, "parenttype": DELEGATION, "parentfield": "roles"}
	for call in (
		lambda: planner.call("frappe.client.insert", doc={**role, "role": "Order Supervisor"}),
		lambda: planner.call(
			"frappe.client.set_value",
			doctype="Delegation Role",
			name=row,
			fieldname="role",
			value="Finance Reviewer",
		),
		lambda: planner.call("frappe.client.delete", doctype="Delegation Role", name=row),
		lambda: planner.send("POST", "/api/resource/Delegation Role", {**role, "role": "Order Supervisor"}),
		lambda: planner.put(f"/api/resource/Delegation Role/{row}", {"role": "Order Supervisor"}),
	):
		assert call()[0] in REFUSED
	frappe.db.rollback()
	assert frappe.get_doc(DELEGATION, name).as_dict(no_default_fields=True) == before


def test_a_registrar_who_is_the_delegate_changes_nothing_and_passes_nothing_on(
	visitors: Login, logins: dict[str, dict[str, str]], demo_site: str
) -> None:
	supervisor = visitors("Order Supervisor")
	frappe.set_user("Administrator")
	made = frappe.get_doc(
		{
			"doctype": DELEGATION,
			"reason": "Leave",
			"all_roles": 0,
			"user": logins["Contract Administrator"]["user"],
			"delegate": supervisor.user,
			"from_date": today(),
			"to_date": add_days(today(), 3),
			"roles": [{"role": "Contract Administrator"}],
			"is_active": 1,
		}
	).insert()
	frappe.db.commit()
	try:
		for values in ({"all_roles": 1}, {"delegate": logins["Quality Reviewer"]["user"], "all_roles": 1}):
			assert supervisor.put(f"/api/resource/{DELEGATION}/{made.name}", values)[0] == 403
	finally:
		frappe.delete_doc(DELEGATION, made.name, force=True)
		frappe.db.commit()


def test_who_is_absent_changes_their_own_delegation(visitors: Login, handed: tuple[str, str]) -> None:
	oa = visitors("Order Administrator")
	status, text = oa.put(f"/api/resource/{DELEGATION}/{handed[0]}", {"to_date": add_days(today(), 12)})
	assert status == 200, text
	assert oa.put(f"/api/resource/{DELEGATION}/{handed[0]}", {"to_date": add_days(today(), 9)})[0] == 200
