"""A day's work at the Desk is not stopped: by an empty number, a form that is read only, a home that is not one's own."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.apps import get_default_path
from frappe.boot import get_bootinfo
from frappe.desk.desktop import get_workspace_sidebar_items

from order_review.api import production_configuration
from order_review.api import special_options as special_options_api
from order_review.constants import MODULES, ORDER_COST, PORTAL_ROLES, PRICE_REVIEW, ROLES
from order_review.demo import reading
from order_review.services import catalogue_transfer, price_approval
from order_review.services.known_numbers import storable
from order_review.services.price_check import PriceCheck
from order_review.services.quiet import quiet
from order_review.services.workplace import desk
from order_review.services.workplace.whose import holders
from order_review.services.workplace.work import Worklist
from tests.site import producing
from tests.site.reviewing import acting, give, ready, tasks, to_opinions, to_received
from tests.site.samples import as_user, copy_of, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

REQUEST = "Special Option Request"
WISH = {
	"option_name": "乘客区折叠桌",
	"description": "每排座椅靠背后加装折叠桌一张,承重不低于5千克,带杯架,颜色与座椅一致。",
}


# --- a number that is not known -----------------------------------------------------------------------------


def test_a_draft_without_a_negotiated_price_is_saved_again_and_again() -> None:
	as_user("sp")
	order = copy_of("IO-01", negotiated_unit=0).insert()
	for title in ("once", "twice"):
		order.title = title
		order.save()
	assert frappe.db.get_value(ORDER_COST, order.name, ["margin", "margin_pct"]) == (0, 0)
	as_user("fr")
	(row,) = [
		row for row in PriceCheck({"order": order.name}).read(500, 0) if row["intent_order"] == order.name
	]
	assert (row["negotiated"], row["margin"], row["margin_pct"], row["deviation_pct"]) == (None,) * 4


@pytest.mark.parametrize("field", ["qty", "deposit_pct", "fx_rate", "negotiated_unit"])
def test_an_emptied_number_of_an_order_is_told_or_stored_as_nought(field: str) -> None:
	as_user("sp")
	order = copy_of("IO-01").insert()
	order.set(field, None)
	try:
		order.save()
	except frappe.ValidationError:  # the order says what is wrong with it
		return
	order.reload()
	order.save()
	assert frappe.db.exists(PRICE_REVIEW, order.name)


def test_what_is_written_past_a_document_has_no_number_that_is_nothing() -> None:
	values = {"cost": 1.5, "margin": None, "margin_pct": None, "price_book": None}
	assert storable(ORDER_COST, values) == {"cost": 1.5, "margin": 0, "margin_pct": 0, "price_book": None}


def test_many_records_at_once_may_lack_a_number_some_of_them_have() -> None:
	rows = [
		{"name": f"TEST-{number}", "code": f"TEST-{number}", "lead_days": days, "docstatus": 0, "idx": 0}
		for number, days in enumerate((5, None))
	]
	catalogue_transfer._bulk("Vehicle Option", rows)
	assert frappe.db.get_value("Vehicle Option", "TEST-1", "lead_days") == 0


# --- asking for a special option ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["SP", "IC", "OA"])
def test_who_makes_a_new_document_has_a_form_to_write_in(code: str) -> None:
	with acting(code):
		for doctype in (REQUEST, "Intent Order", "Exception Report"):
			if frappe.has_permission(doctype, "create"):
				assert frappe.has_permission(doctype, "write"), doctype


def test_a_request_made_from_an_order_stands_in_it_with_its_number() -> None:
	as_user("sp")
	order = copy_of("IO-01").insert()
	request = frappe.get_doc({"doctype": REQUEST, **WISH, **_of(order)}).insert()
	order.reload()
	row = order.specials[-1]
	assert (row.request_no, row.name_zh, row.is_priced) == (request.name, WISH["option_name"], 0)
	assert ("SPECIAL_NO_PRICE", request.name) in [(found.code, found.ref) for found in order.findings]
	request.description += "另需备件。"
	request.save()  # the wish is still the salesperson's to word
	order.reload()
	assert len([row for row in order.specials if row.request_no == request.name]) == 1


def test_a_request_of_who_does_not_write_the_order_is_told_to_its_salesperson() -> None:
	as_user("sp")
	order = copy_of("IO-01").insert()
	as_user("oa")
	request = frappe.get_doc({"doctype": REQUEST, **WISH, **_of(order)}).insert()
	order.reload()
	assert request.name not in [row.request_no for row in order.specials]
	told = {"for_user": "sp@review.localhost", "document_name": order.name}
	subject = frappe.db.get_value("Notification Log", told, "subject")
	assert request.name in subject


def test_the_salesperson_of_another_department_writes_no_request() -> None:
	as_user("oa")
	other = frappe.get_doc("Intent Order", {"market_department": ["!=", order_of("IO-01").market_department]})
	request = frappe.get_doc({"doctype": REQUEST, **WISH, **_of(other)}).insert()
	as_user("sp")
	request = frappe.get_doc(REQUEST, request.name)
	assert not request.has_permission("write")


def _of(order: Any) -> dict[str, Any]:
	names = ("company", "model", "qty", "market_department", "sales_person", "dealer")
	return {"intent_order": order.name, **{name: order.get(name) for name in names}}


def test_no_notice_of_a_price_is_printed_before_there_is_one() -> None:
	as_user("oa")
	number = frappe.db.get_value(REQUEST, {"status": "Requested"})
	with pytest.raises(frappe.ValidationError, match="no released price"):
		special_options_api.price_notice_pdf(number)


# --- what waits for whom ------------------------------------------------------------------------------------


def _mine(code: str, **filters: Any) -> list[dict[str, Any]]:
	with acting(code):
		return Worklist({"view": "mine", **filters}).rows(length=500)


def test_a_price_asked_for_early_waits_in_its_approvers_work_alone() -> None:
	name = to_received("IO-01")
	assert name not in [row["name"] for row in _mine("MM")]
	with acting("OA"):
		price_approval.request(name)
	(row,) = [row for row in _mine("MM") if row["name"] == name]
	assert (row["stage"], row["doctype"]) == ("Price Approval", "Intent Order")
	for code in ("SM", "VP", "PC"):
		assert name not in [row["name"] for row in _mine(code)]
	with acting("OA"):
		everything = [row["name"] for row in Worklist({"view": "all"}).rows(length=500)]
	assert everything.count(name) == 1
	with acting("MM"):
		price_approval.decide(name, "Approved", "Repeat customer")
	assert name not in [row["name"] for row in _mine("MM")]


def test_a_price_is_asked_for_once() -> None:
	name = to_received("IO-01")
	with acting("OA"):
		price_approval.request(name)
		with pytest.raises(frappe.ValidationError, match="asked for already"):
			price_approval.request(name)


def test_an_open_condition_waits_for_whom_it_names() -> None:
	name = to_opinions("IO-02")
	condition = {
		"condition_text": "样车确认",
		"condition_responsible": "su@review.localhost",
		"condition_due": frappe.utils.add_days(frappe.utils.today(), 5),
		"condition_before": "Release",
	}
	for department in tasks(name):
		given = condition if department == "TECH" else {}
		give(name, department, "Agree With Condition" if given else "Agree", **given)
	(row,) = [row for row in _mine("SU") if row["doctype"] == "Review Condition" and row["document"] == name]
	assert row["is_overdue"] is False
	assert not [
		row for row in _mine("PL") if row["doctype"] == "Review Condition" and row["document"] == name
	]
	assert holders(frappe.get_doc("Review Condition", row["name"])) == ["su@review.localhost"]


def test_nothing_is_called_clear_while_its_price_waits_for_approval() -> None:
	name = ready("IO-01")
	order = frappe.get_doc("Intent Order", name)
	assert not price_approval.lacks_approval(
		order, "sp@review.localhost"
	)  # trying prices would find the floor
	assert price_approval.lacks_approval(order, "oa@review.localhost")
	order = frappe.get_doc("Intent Order", to_received("IO-01"))
	assert price_approval.lacks_approval(order, "sp@review.localhost")
	with acting("MM"):
		price_approval.decide(order.name, "Approved", "Repeat customer")
	assert not price_approval.lacks_approval(order, "sp@review.localhost")


# --- the first page -----------------------------------------------------------------------------------------

HOMES = {
	"SP": "My Orders",
	"MM": "My Orders",
	"IC": "My Orders",
	"OA": "Workplace",
	"CA": "Contract Office",
	"AU": "Contract Office",
	"LS": "Fulfilment",
	"OS": "Supervision",
	"SM": "Supervision",
	"FR": "Finance Review",
	"VP": "Price Decisions",
	"PC": "Price Decisions",
	"KM": "Order Review",
	**dict.fromkeys(("TR", "PL", "SU", "MP", "MG", "QA", "CS", "PM"), "Department Review"),
}


def _home() -> str | None:
	"""Where the Desk of the user opens."""
	frappe.local.user_obj = None
	boot = frappe._dict(
		user=frappe._dict(frappe.get_user().load_user()),
		allowed_workspaces=get_workspace_sidebar_items()["pages"],
	)
	desk.extend_bootinfo(boot)
	return (boot.user.get("default_workspace") or {}).get("name")


@pytest.mark.parametrize("code", [code for code in ROLES if code not in PORTAL_ROLES])
def test_each_role_begins_with_its_own_workspace(code: str) -> None:
	as_user(code.lower())
	assert _home() == HOMES[code]


def _new_user(*roles: str, **values: Any) -> str:
	user = {
		"doctype": "User",
		"email": "someone@example.com",
		"first_name": "Someone",
		"send_welcome_email": 0,
		"roles": [{"role": role} for role in roles],
	}
	return str(frappe.get_doc({**user, **values}).insert(ignore_permissions=True).name)


def test_a_new_user_with_a_role_begins_there_and_one_who_chose_another_page_with_that() -> None:
	frappe.set_user(_new_user("Order Administrator"))
	assert _home() == "Workplace"
	frappe.db.set_value("User", frappe.session.user, "default_workspace", "Fulfilment")
	assert _home() == "Fulfilment"


@pytest.mark.parametrize("code", sorted(set(ROLES) - {code for code in PORTAL_ROLES}))
def test_login_leads_to_the_desk_and_not_to_a_page_of_the_host(code: str) -> None:
	as_user(code)
	assert get_default_path() == "/app"


def test_login_of_others_leads_where_it_led_before() -> None:
	frappe.set_user(_new_user("Sales User", "Accounts User"))
	assert get_default_path() == "/app/home"


@pytest.mark.parametrize(
	("code", "pages"),
	[
		("SP", {"Selling"}),
		("FR", {"Selling", "Accounting"}),
		("PL", {"Selling", "Manufacturing", "Stock"}),
	],
)
def test_the_sidebar_shows_what_a_sample_user_works_with(code: str, pages: set[str]) -> None:
	as_user(code)
	shown = get_workspace_sidebar_items()["pages"]
	assert {
		page["title"] for page in shown if page["module"] not in MODULES and not page["parent_page"]
	} == pages
	assert any(page["module"] in MODULES for page in shown)


def test_for_users_without_our_roles_and_the_administrator_nothing_changes() -> None:
	frappe.set_user("Administrator")
	assert _home() is None
	frappe.set_user(_new_user("Sales User", "Accounts User"))
	assert _home() is None


def test_the_boot_of_a_session_carries_the_first_page() -> None:
	as_user("pc")
	boot = get_bootinfo()
	for hook in frappe.get_hooks("extend_bootinfo"):
		frappe.get_attr(hook)(bootinfo=boot)
	assert boot.user.default_workspace["title"] == "Price Decisions"


# --- what a release brings ----------------------------------------------------------------------------------


def test_a_release_shows_nothing_of_erpnexts_and_its_documents_open_for_who_made_it() -> None:
	name = producing.confirmed(producing.audited(producing.handed_to_audit(producing.begun("IO-01"))))
	frappe.clear_messages()
	with acting("OA"):
		made = production_configuration.release(name)
		assert frappe.get_message_log() == []
	released = producing.pcf(name)
	for code in reading.READERS:
		with acting(code):
			for doctype, field in (("Sales Order", "sales_order"), ("BOM", "bom"), ("Item", "item")):
				document = frappe.get_doc(doctype, released.get(field))
				assert document.has_permission("read"), (code, doctype)
				assert not document.has_permission("write"), (code, doctype)
	assert made["sales_order"] == released.sales_order
	with acting("TR"):
		assert not frappe.has_permission("Sales Order", "read")


def test_of_a_failed_step_the_reason_is_still_said() -> None:
	frappe.clear_messages()

	def fail() -> None:
		frappe.msgprint("Valuation rate not found", alert=True)
		frappe.throw("The price list is missing.")

	with pytest.raises(frappe.ValidationError), quiet():
		fail()
	assert [message["message"] for message in frappe.get_message_log()] == ["The price list is missing."]


def test_erpnexts_own_readers_keep_their_rights() -> None:
	frappe.set_user(_new_user("Sales User"))
	assert frappe.has_permission("Sales Order", "create")
	assert frappe.has_permission("Item", "read")
	assert not frappe.has_permission("BOM", "read")
