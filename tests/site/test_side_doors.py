"""Functions that ask for no right, words in another's name, and requests that make no sense: over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest

from order_review.services import doors
from order_review.services.plain_text import harmless
from tests.site.visiting import Visitor

ORDER, CONTRACT = "Intent Order", "Sales Contract"
REFUSED = {403, 404, 417}

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
def order(demo_site: str) -> Iterator[str]:
	"""An order everybody reads and planning does not write; what is said about it is taken away again."""
	name = str(frappe.db.get_value(ORDER, {"market_department": ["like", "南方%"], "status": "Draft"}))
	known = set(frappe.get_all("Comment", {"reference_name": name}, pluck="name"))
	yield name
	frappe.set_user("Administrator")
	frappe.db.rollback()
	frappe.db.delete("Comment", {"reference_name": name, "name": ["not in", [*known, ""]]})
	frappe.db.commit()


def _state(name: str) -> tuple[Any, ...]:
	frappe.db.rollback()
	comments = frappe.get_all("Comment", {"reference_name": name}, ["name", "content"], order_by="name")
	return (comments, frappe.db.get_value(ORDER, name, ["_liked_by", "_comments", "modified"]))


# --- words and likes ----------------------------------------------------------------------------------------


def test_nobody_writes_a_step_or_in_anothers_name(visitors: Login, order: str) -> None:
	planner = visitors("Planning Reviewer")
	before = _state(order)
	words = {"comment_type": "Workflow", "text": "Approved"}
	named = {"dt": ORDER, "dn": order, "method": "add_comment"}
	resource = f"/api/resource/{ORDER}/{order}"
	said = {"reference_doctype": ORDER, "reference_name": order, "content": "forged"}
	for status, text in (
		planner.call("run_doc_method", **named, args=json.dumps(words)),
		planner.call("run_doc_method", **named, args=json.dumps({"text": "hello"})),
		planner.call(
			"run_doc_method", **named, args=json.dumps({"comment_email": "vp@review.localhost", "text": "x"})
		),
		planner.call("runserverobj", **named, args=json.dumps(words)),
		planner.send("POST", resource, {"run_method": "add_comment", **words}),
		planner.send("POST", f"/api/v2/document/{ORDER}/{order}/method/add_comment", words),
		planner.call("frappe.client.insert", doc={"doctype": "Comment", **said, "comment_type": "Workflow"}),
		planner.call(
			"frappe.desk.form.utils.add_comment",
			**said,
			comment_email="vp@review.localhost",
			comment_by="营销副总",
		),
	):
		assert status in REFUSED, text
	assert _state(order) == before


def test_who_reads_an_order_says_something_in_their_own_name(visitors: Login, order: str) -> None:
	planner = visitors("Planning Reviewer")
	said = {"reference_doctype": ORDER, "reference_name": order, "content": "seen by planning"}
	status, text = planner.call(
		"frappe.desk.form.utils.add_comment", **said, comment_email=planner.user, comment_by="营销副总"
	)
	assert status == 200, text
	frappe.db.rollback()
	made = frappe.get_last_doc(
		"Comment", {"reference_name": order, "content": ["like", "%seen by planning%"]}
	)
	assert (made.owner, made.comment_email) == (planner.user, planner.user)
	assert made.comment_by == frappe.db.get_value("User", planner.user, "full_name")


def test_nobody_likes_or_unlocks_what_they_may_not_write(visitors: Login, order: str) -> None:
	planner = visitors("Planning Reviewer")
	before = _state(order)
	liking = {"doctype": ORDER, "name": order, "add": "Yes"}
	assert planner.call("frappe.desk.like.toggle_like", **liking)[0] == 403
	assert planner.send("POST", "/api/v2/method/frappe.desk.like.toggle_like", liking)[0] == 403
	unlocking = {"doctype": ORDER, "name": order}
	assert planner.call("frappe.model.document.unlock_document", **unlocking)[0] == 403
	assert planner.call("frappe.model.document.unlock_document", args=json.dumps(unlocking))[0] == 403
	assert _state(order) == before
	salesperson = visitors("Salesperson")
	assert salesperson.call("frappe.desk.like.toggle_like", **liking)[0] == 200
	assert salesperson.call("frappe.desk.like.toggle_like", **{**liking, "add": "No"})[0] == 200
	assert salesperson.call("frappe.model.document.unlock_document", **unlocking)[0] == 200


# --- balances and reports -----------------------------------------------------------------------------------


def test_every_checked_function_is_one_there_is() -> None:
	for name in doors.CHECKS:
		function = frappe.get_attr(name)
		assert f"{function.__module__}.{function.__name__}" == name
		assert function in frappe.whitelisted


@pytest.mark.parametrize("role", ["Salesperson", "Planning Reviewer", "Quality Reviewer"])
def test_balances_are_for_those_who_keep_the_accounts(role: str, visitors: Login) -> None:
	visitor = visitors(role)
	account = frappe.get_all("Account", {"is_group": 0, "account_type": "Receivable"}, pluck="name")[0]
	for function in (
		"erpnext.accounts.utils.get_balance_on",
		"erpnext.accounts.doctype.payment_entry.payment_entry.get_balance_on",
		"erpnext.accounts.doctype.journal_entry.journal_entry.get_balance_on",
	):
		assert visitor.call(function, account=account)[0] == 403, function
		assert visitor.get(f"/api/v2/method/{function}", account=account)[0] == 403, function
		assert visitor.get("/", cmd=function, account=account)[0] == 403, function
	taken = {"company": "x", "account": account, "date": "2026-01-01"}
	details = "erpnext.accounts.doctype.payment_entry.payment_entry.get_account_details"
	assert visitor.call(details, **taken)[0] == 403
	assert visitor.send("POST", "/api/v2/method/Payment Entry/get_account_details", taken)[0] == 403


def test_a_report_is_not_prepared_for_those_who_may_not_run_it(visitors: Login) -> None:
	planner = visitors("Planning Reviewer")
	make = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"
	for report in ("General Ledger", "Special Option Costs"):
		assert planner.call(make, report_name=report, filters="{}")[0] == 403
	frappe.db.rollback()
	assert not frappe.get_all("Prepared Report", {"owner": planner.user})


# --- tags in texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("typed", "kept"),
	[
		("<img src=http://x.example/a.png>", "< img src=http://x.example/a.png>"),
		("<IMG src=x>", "< IMG src=x>"),
		("a<style>p{}</style>b", "a< style>p{}< /style>b"),
		('<div style="background:url(http://x)">x</div>', '< div style="background:url(http://x)">x</div>'),
		('<p class="a" onclick="x()">', '< p class="a" onclick="x()">'),
		("<link rel=stylesheet href=//x>", "< link rel=stylesheet href=//x>"),
		("<svg/onload=alert(1)>", "< svg/onload=alert(1)>"),
		("weight <18000 kg and a<b", "weight <18000 kg and a<b"),
		("<b>important</b>", "<b>important</b>"),
	],
)
def test_what_loads_or_styles_something_is_shown_as_it_was_typed(typed: str, kept: str) -> None:
	assert harmless(typed) == kept


def test_a_standard_print_loads_nothing_a_salesperson_typed(visitors: Login, order: str) -> None:
	salesperson = visitors("Salesperson")
	field = next(
		df.fieldname
		for df in frappe.get_meta(ORDER).fields
		if df.fieldtype in ("Small Text", "Text") and not (df.read_only or df.hidden or df.print_hide)
	)
	typed = "<img src='http://tracker.example/a.png'><style>body{display:none}</style><link href='http://tracker.example'>"
	before = frappe.db.get_value(ORDER, order, field)
	status, text = salesperson.put(f"/api/resource/{ORDER}/{order}", {field: typed})
	assert status == 200, text
	try:
		page = salesperson.get("/printview", doctype=ORDER, name=order, format="Standard")[1]
		frappe.db.rollback()
		assert frappe.db.get_value(ORDER, order, field).startswith("< img src='http://tracker.example")
		for tag in ("<img src='http", '<img src="http', "<style>body{display", "<link href='http"):
			assert tag not in page
	finally:
		assert salesperson.put(f"/api/resource/{ORDER}/{order}", {field: before})[0] == 200


# --- requests that make no sense ----------------------------------------------------------------------------

LIST = f"/api/resource/{ORDER}"
HUGE = "1e308"


@pytest.mark.parametrize("body", [b"{bad", b"[1, 2]", b'"x"', b"null", b"\xff\xfe{}", b"[" * 5000])
def test_a_body_that_is_no_json_is_told_so(body: bytes, visitors: Login) -> None:
	visitor = visitors("Order Administrator")
	_is_plain(visitor.send_raw("POST", LIST.replace(" ", "%20"), body, "application/json"))


@pytest.mark.parametrize(
	"query",
	[
		{"filters": "{bad"},
		{"fields": "[bad"},
		{"filters": "5"},
		{"fields": "5"},
		{"limit_page_length": HUGE},
		{"limit_page_length": "1" + "0" * 30},
		{"limit_page_length": "-1"},
		{"limit_page_length": "inf"},
		{"limit_start": HUGE},
		{"limit_start": "-1"},
	],
	ids=str,
)
def test_a_page_that_is_none_is_told_so(query: dict[str, str], visitors: Login) -> None:
	visitor = visitors("Order Administrator")
	_is_plain(visitor.get(LIST, **query))
	_is_plain(visitor.call("frappe.client.get_list", doctype=ORDER, **query))
	newer = {
		name.replace("limit_start", "start").replace("_page_length", ""): said for name, said in query.items()
	}
	_is_plain(visitor.get(f"/api/v2/document/{ORDER}", **newer))


def test_pages_of_lists_are_turned_as_before(visitors: Login) -> None:
	visitor = visitors("Order Administrator")
	for query in (
		{"limit_page_length": 2},
		{"limit_start": "1", "limit_page_length": "0"},
		{"filters": '{"status": "Draft"}'},
	):
		assert visitor.get(LIST, **query)[0] == 200, query


@pytest.mark.parametrize(
	("field", "value"),
	[
		("requested_delivery", "9999-12-31"),
		("requested_delivery", "0000-00-00"),
		("requested_delivery", "20-13-2026"),
		("requested_delivery", HUGE),
		("requested_delivery", ["2026-01-01"]),
		("quotation_date", "9999-12-31"),
		("qty", 1e308),
		("qty", "NaN"),
		("qty", {"a": 1}),
		("fx_rate", 1e308),
		("fx_rate", "inf"),
		("deposit_pct", -1e308),
		("negotiated_unit", 1e308),
		("service_terms", "x" * 3_000_000),
	],
	ids=lambda value: str(value)[:12],
)
def test_values_out_of_all_reason_are_told_so(field: str, value: Any, visitors: Login, order: str) -> None:
	before = frappe.db.get_value(ORDER, order, [field, "modified"])
	_is_plain(visitors("Salesperson").put(f"{LIST}/{order}", {field: value}))
	frappe.db.rollback()
	assert frappe.db.get_value(ORDER, order, [field, "modified"]) == before


def _is_plain(answer: tuple[int, str]) -> None:
	status, text = answer
	assert 400 <= status < 500, text[:300]
	assert "Traceback" not in text
	assert "SELECT" not in text
