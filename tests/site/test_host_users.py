"""Installed beside others: the host's own website users keep their pages, and learn nothing of ours."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import frappe
import pytest
from frappe.utils.password import update_password

import order_review
from order_review.constants import INTENT_ORDER, MODULES, REVIEW_SETTINGS, SALES_CONTRACT
from tests.site.contracts_case import as_before
from tests.site.visiting import Visitor

PASSWORD = "Host-2026"
CUSTOMER, EMPLOYEE, PLAIN = "customer@host.example", "employee@host.example", "plain@host.example"
OWN_TYPE = "Host Visitor"
"""A custom User Type: it works at the Desk, and is no System User."""

REFUSED = frozenset({403, 404, 405, 417})
MARKS = ("XQK6128H", "825200", "825,200", "底价")

HOST_PAGES = (
	"/me /orders /quotations /invoices /addresses /contact /printview?doctype=ToDo&name={todo}"
).split()


@pytest.fixture(scope="module")
def come(web_address: str, demo_site: str) -> Iterator[Callable[[str], Visitor]]:
	"""Signs a website user of the host in, on a site that is not ours alone."""
	traces = "User,Contact,Contact Email,Has Role,Notification Settings,Portal User,ToDo,Role,Custom DocPerm,Version"
	types = (
		"User Type,User Document Type,User Select Document Type,User Type Module,Block Module,User Permission"
	)
	with as_before(*traces.split(","), *types.split(",")):
		frappe.db.set_single_value(REVIEW_SETTINGS, "close_website", 0)
		_custom_type()
		_website_user(CUSTOMER, "Customer")
		_website_user(PLAIN)
		_website_user(EMPLOYEE, OWN_TYPE)
		frappe.db.set_value("User", EMPLOYEE, "user_type", OWN_TYPE)
		frappe.db.commit()
		visitors: dict[str, Visitor] = {}
		yield lambda who: visitors.setdefault(who, Visitor(web_address, who, PASSWORD))


def _custom_type() -> None:
	frappe.get_doc({"doctype": "Role", "role_name": OWN_TYPE, "desk_access": 1, "is_custom": 1}).insert()
	frappe.get_doc(
		{
			"doctype": "User Type",
			"name": OWN_TYPE,
			"role": OWN_TYPE,
			"user_id_field": "user",
			"apply_user_permission_on": "Contact",
			"user_doctypes": [{"document_type": "ToDo", "read": 1, "write": 1, "create": 1}],
		}
	).insert()


def _website_user(address: str, *roles: str) -> None:
	frappe.get_doc(
		{
			"doctype": "User",
			"email": address,
			"first_name": address,
			"user_type": "Website User",
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
		}
	).insert()
	update_password(address, PASSWORD)


def _of(doctype: str) -> str:
	return str(frappe.db.get_value(doctype, {}, "name", order_by="creation") or "none")


# --- the host's pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", HOST_PAGES)
def test_a_customer_of_the_host_keeps_its_pages(page: str, come: Callable[[str], Visitor]) -> None:
	visitor = come(CUSTOMER)
	if "{todo}" in page:
		todo = frappe.get_doc({"doctype": "ToDo", "description": "Call", "allocated_to": CUSTOMER}).insert()
		frappe.db.commit()
		page = page.format(todo=todo.name)
	status, answer = visitor._send("GET", page)
	assert status == 200, answer[:500]
	assert "not for your account" not in answer


def test_a_custom_user_type_keeps_the_desk(come: Callable[[str], Visitor]) -> None:
	assert come(EMPLOYEE).get("/app")[0] == 200
	assert come(EMPLOYEE).call("frappe.desk.desktop.get_workspace_sidebar_items")[0] == 200


def test_whose_account_stands_for_nobody_is_told_so_at_the_portal(come: Callable[[str], Visitor]) -> None:
	status, page = come(CUSTOMER).get("/dealer")
	assert status == 200
	assert "stands for no dealer yet" in page or "尚未关联经销商" in page
	assert come(CUSTOMER).get(f"/dealer/{_of(INTENT_ORDER)}")[0] == 404


def test_a_dealer_is_bound_all_the_same(web_address: str, logins: dict[str, Any], come: Any) -> None:
	login = logins["Dealer"]
	dealer = Visitor(web_address, login["user"], login["password"])
	assert dealer.get("/dealer")[0] == 200
	for path in ("/orders", "/invoices", "/list", "/api/resource/ToDo", "/app"):
		assert dealer.get(path)[0] == 403, path


def test_nobody_elses_home_page_is_the_portal(demo_site: str) -> None:
	from frappe.website.utils import get_home_page

	for user in ("Administrator", "sp@review.localhost"):
		frappe.set_user(user)
		frappe.cache.hdel("home_page", user)
		assert get_home_page() == "me", user


def test_the_setting_closes_the_site_to_all_but_dealers(come: Callable[[str], Visitor]) -> None:
	frappe.db.set_single_value(REVIEW_SETTINGS, "close_website", 1)
	frappe.db.commit()
	try:
		for who in (CUSTOMER, PLAIN, EMPLOYEE):
			assert come(who).get("/orders")[0] == 403, who
			assert come(who).get("/api/resource/ToDo")[0] == 403, who
			assert come(who).get("/me")[0] == 200, who
	finally:
		frappe.db.set_single_value(REVIEW_SETTINGS, "close_website", 0)
		frappe.db.commit()


# --- our functions and records ------------------------------------------------------------------------------


def functions() -> list[str]:
	"""Every function of ours that can be called from outside."""
	for module in pkgutil.walk_packages(order_review.__path__, "order_review."):
		importlib.import_module(module.name)
	return sorted(
		f"{function.__module__}.{function.__name__}"
		for function in frappe.whitelisted
		if function.__module__.startswith("order_review.") and "." not in function.__qualname__  # no methods
	)


def _arguments(function: str) -> dict[str, Any]:
	"""An argument for each parameter that fits its name, so that a refusal is for the right and not for the form."""
	given: dict[str, Any] = {}
	for name, parameter in inspect.signature(frappe.get_attr(function)).parameters.items():
		if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
			continue
		given[name] = _fitting(name, str(parameter.annotation))
	return given


def _fitting(name: str, kind: str) -> Any:
	if "doctype" in name:
		return INTENT_ORDER
	if "contract" in name:
		return _of(SALES_CONTRACT)
	if name in ("name", "order", "docname", "reference_name", "intent_order", "document"):
		return _of(INTENT_ORDER)
	if any(word in kind for word in ("int", "float", "bool")):
		return 1
	if "dict" in kind or name in ("draft", "order_data", "values", "filters", "facts", "doc"):
		return json.dumps({"doctype": INTENT_ORDER, "name": _of(INTENT_ORDER), "model": "XQK6128H"})
	if "list" in kind or name.endswith("s"):
		return json.dumps([_of(INTENT_ORDER)])
	return "XQK6128H" if "model" in name else "2026-11-16" if "date" in name else "x"


@pytest.mark.parametrize("who", [CUSTOMER, EMPLOYEE])
def test_none_of_our_functions_answers_a_website_user(who: str, come: Callable[[str], Visitor]) -> None:
	visitor, open_to_calls = come(who), functions()
	assert len(open_to_calls) > 100
	answered = {}
	for function in open_to_calls:
		verb = verb_of(function)
		status, answer = visitor.ask(verb, function, _arguments(function))
		if not _tells_nothing(status, answer) or any(mark in answer for mark in MARKS):
			answered[f"{verb} {function}"] = (status, answer[:300])
	assert not answered, "\n".join(f"{call}: {found}" for call, found in answered.items())


def verb_of(function: str) -> str:
	"""A verb the function takes."""
	verbs = frappe.allowed_http_methods_for_whitelisted_func[frappe.get_attr(function)]
	return "POST" if "POST" in verbs else "GET"


MAIN = (INTENT_ORDER, SALES_CONTRACT, "Price Book Floor", "Vehicle Option")
"""Records that are tried by every way there is; others by the ways that differ in how Frappe judges them."""


def _ways(doctype: str, name: str) -> Iterator[str]:
	kind, one, method = quote(doctype), quote(name), "/api/method/frappe"
	yield f"/api/resource/{kind}"
	yield f"/api/resource/{kind}/{one}"
	yield f"{method}.client.get_list?doctype={kind}&parent={quote(INTENT_ORDER)}"
	yield f"{method}.client.get_count?doctype={kind}"
	if doctype in MAIN:
		yield f"/api/v2/document/{kind}"
		yield f"/api/v2/document/{kind}/{one}"
		yield f"{method}.client.get?doctype={kind}&name={one}"
		yield f"{method}.client.get_value?doctype={kind}&fieldname=name&filters=%7B%7D"
		yield f"{method}.desk.search.search_link?doctype={kind}&txt="
		yield f"{method}.desk.reportview.get?doctype={kind}&fields=%5B%22name%22%5D"
		yield f"{method}.desk.reportview.get_count?doctype={kind}&fields=%5B%22name%22%5D"
		yield f"{method}.desk.form.load.getdoc?doctype={kind}&name={one}"
		yield f"{method}.desk.form.load.get_docinfo?doctype={kind}&name={one}"
		yield f"{method}.utils.print_format.download_pdf?doctype={kind}&name={one}"
		yield f"/printview?doctype={kind}&name={one}"
		yield f"/list?doctype={kind}"
		yield f"/{kind}"


EMPTY = (
	{"_error_message": "No permission for Intent Order"},
	{},
	{"message": []},
	{"data": []},
	{"message": 0},
	{"message": {}},
	{"message": None},
)


def _tells_nothing(status: int, answer: str) -> bool:
	if status != 200:
		return status in REFUSED
	try:
		return json.loads(answer) in EMPTY
	except ValueError:
		return False


def test_none_of_our_records_is_read_by_a_website_user(come: Callable[[str], Visitor]) -> None:
	visitor, told = come(CUSTOMER), {}
	doctypes = frappe.get_all("DocType", {"module": ["in", MODULES]}, ["name", "issingle"])
	assert len(doctypes) > 80
	for doctype in doctypes:
		name = doctype.name if doctype.issingle else _of(doctype.name)
		for path in _ways(doctype.name, name):
			status, answer = visitor._send("GET", path)
			if not _tells_nothing(status, answer):
				told[path] = (status, answer[:200])
	assert not told, "\n".join(f"{path}: {found}" for path, found in told.items())
