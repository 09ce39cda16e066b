"""A special option on its way from the wish to the price notice: who does what, and who learns what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, now_datetime, today

from order_review.api import special_options as api
from order_review.api import steps
from order_review.demo import special_options as demo
from order_review.demo.orders import sample_orders
from order_review.demo.people import address
from order_review.engine.findings import DEPARTMENT_OF
from order_review.exceptions import (
	FieldLockedError,
	ForeignRowError,
	OrderReviewError,
	ReasonMissingError,
	SelfApprovalError,
	SpecialOptionError,
	StatusChangeError,
)
from order_review.services import guard, price_notice, reminders, special_option_reuse, special_options
from order_review.setup import workflows
from tests.site.reviewing import hand_over

REQUEST = "Special Option Request"
QUOTATION = "Special Option Quotation"
DEVELOPMENT = "Special Option Development Cost"
SHEET = "Special Option Cost"
FLOOR = "Special Option Floor"

SOLAR = "SPC-2026-0044"
UNIT_COST, DEV_COST, FLOOR_PRICE = 9417.0, 26388.0, 13713.0
"""Figures nobody meets by chance: they mark the secrets."""
_SECRET = re.compile(r"(?<![\w.])(9,?417|26,?388|13,?713|11,?616)(?!\w)|隐名供应商")


def secrets_in(text: str) -> set[str]:
	"""The marked figures in a text, written without commas, and the supplier; not what happens to stand in a hash."""
	return {found.group().replace(",", "") for found in _SECRET.finditer(text)}


@pytest.fixture(autouse=True)
def demo_data(demo_site: str) -> str:
	return demo_site


@pytest.fixture
def also(demo_data: str) -> Iterator[Callable[[str, str], None]]:
	"""Gives a sample user one more role until the end of the test."""
	users = []

	def give(code: str, role: str) -> None:
		users.append(address(code))
		user = frappe.get_doc("User", address(code))
		user.append("roles", {"role": role})
		user.save()

	yield give
	frappe.db.rollback()
	for user in users:
		frappe.clear_cache(user=user)


@contextmanager
def acting(code: str) -> Iterator[None]:
	"""As the sample user with a role."""
	before = frappe.session.user
	frappe.set_user(address(code))
	try:
		yield
	finally:
		frappe.set_user(before)


def step(name: str, action: str, code: str, reason: str = "") -> Any:
	with acting(code), guard.because(reason):
		return apply_workflow(frappe.get_doc(REQUEST, name), action)


def change(doctype: str, name: str, code: str, **values: Any) -> Any:
	with acting(code):
		document = frappe.get_doc(doctype, name)
		document.update(values)
		return document.save()


def supplier(name: str = "隐名供应商有限公司") -> str:
	if not frappe.db.exists("Supplier", name):
		group = frappe.db.get_value("Supplier Group", {"is_group": 0})
		frappe.get_doc({"doctype": "Supplier", "supplier_name": name, "supplier_group": group}).insert()
	return name


def quote(name: str, unit_cost: float = UNIT_COST, *, chosen: bool = True, **values: Any) -> Any:
	seller = supplier()
	with acting("SU"):
		row = {
			"unit_cost": unit_cost,
			"moq": 1,
			"lead_days": 20,
			"valid_to": "2027-02-28",
			"is_chosen": int(chosen),
		}
		return frappe.get_doc(
			{"doctype": QUOTATION, "request_no": name, "supplier": seller, **row, **values}
		).insert()


def to_technical(name: str = SOLAR) -> None:
	step(name, "Send to Technical", "OA")


def to_costing(name: str = SOLAR) -> None:
	to_technical(name)
	change(
		REQUEST, name, "TR", feasible="Yes", ccc_effect="None", grade_effect="None", technical_lead_days=12
	)
	with acting("TR"):
		api.state_development_cost(name, DEV_COST)
	step(name, "Finish Technical Check", "TR")


def to_pricing(name: str = SOLAR) -> None:
	to_costing(name)
	quote(name)
	step(name, "Finish Costing", "SU")


def to_finance(name: str = SOLAR) -> None:
	to_pricing(name)
	change(SHEET, name, "MP", markup_pct=32, floor_price=FLOOR_PRICE, valid_to="2027-01-31")
	change(REQUEST, name, "MP", notice_conditions="含布线和控制器,质保两年。")
	step(name, "Send to Finance", "MP")


def to_priced(name: str = SOLAR) -> None:
	to_finance(name)
	step(name, "Release Price", "FR")


def wish(**values: Any) -> Any:
	"""A salesperson's request."""
	usual = {
		"option_name": "乘客区USB双口充电座",
		"model": "XQK6128H",
		"qty": 10,
		"description": "每排座椅下方加装USB双口充电座一个,带防水盖和过流保护,驾驶员可集中断电。",
		"company": frappe.db.get_value("Company", {}),
		"market_department": frappe.db.get_value("Department", {"department_code": "MARKET-S"}),
	}
	with acting("SP"):
		return frappe.get_doc({"doctype": REQUEST, **usual, **values}).insert()


def order(external_id: str) -> Any:
	return frappe.get_doc("Intent Order", {"external_id": external_id})


def use_again(number: str, external_id: str = "IO-03", **values: Any) -> Any:
	"""Another order for an electric bus that takes a special option asked for earlier."""
	again = frappe.copy_doc(order(external_id))
	again.external_id = None
	again.set("specials", [{"request_no": number, "name_zh": "x", **values}])
	return again.insert(ignore_permissions=True)


class TestTheWay:
	def test_the_solar_roof_of_io_10_is_priced_through_all_steps(self) -> None:
		before = order("IO-10")
		assert [(row.code, row.ref) for row in before.findings] == [("SPECIAL_NO_PRICE", SOLAR)]
		to_priced()
		request = frappe.get_doc(REQUEST, SOLAR)
		assert (request.status, request.list_price, str(request.valid_to)) == (
			"Priced",
			15300.0,
			"2027-01-31",
		)
		assert request.lead_days == 32, "twelve days of drawing, twenty of purchase"
		taken = [(row.from_status or "", row.to_status, row.actor.split("@")[0]) for row in request.events]
		assert taken == [
			("", "Requested", "oa"),
			("Requested", "Technical", "oa"),
			("Technical", "Costing", "tr"),
			("Costing", "Pricing", "su"),
			("Pricing", "Finance Check", "mp"),
			("Finance Check", "Priced", "fr"),
		]
		assert all(len(row.content_hash) == 64 for row in request.events)
		assert request.events[-1].content_hash == guard.content_hash(request)

	def test_the_order_takes_the_price_by_itself_and_its_finding_is_gone(self) -> None:
		editor = order("IO-10").modified_by
		to_priced()
		after = order("IO-10")
		assert after.findings == []
		assert after.modified_by == editor, "who released a price has no hand in the order"
		row = next(row for row in after.specials if row.request_no == SOLAR)
		assert (row.is_priced, row.unit_price, row.lead_days, row.request) == (1, 15300.0, 32, SOLAR)
		assert after.specials_list == 5200 + 15300

	def test_cost_and_list_price_follow_the_formula(self) -> None:
		to_finance()
		sheet = frappe.get_doc(SHEET, SOLAR)
		assert sheet.cost == UNIT_COST + DEV_COST / 12
		assert sheet.list_price == 15300
		assert frappe.db.get_value(FLOOR, SOLAR, "floor_price") == FLOOR_PRICE

	def test_the_price_appears_in_the_request_only_when_finance_has_released_it(self) -> None:
		to_finance()
		request = frappe.get_doc(REQUEST, SOLAR)
		assert (request.list_price, request.valid_to) == (0, None)
		assert next(row for row in order("IO-10").specials if row.request_no == SOLAR).is_priced == 0

	@pytest.mark.parametrize("sample", [entry["id"] for entry in sample_orders()])
	def test_the_sample_orders_keep_their_expected_values(self, sample: str) -> None:
		expected = next(entry["expected"] for entry in sample_orders() if entry["id"] == sample)
		document = order(sample)
		document.save()
		found = {(row.code, row.ref) for row in document.findings}
		secret = {"BELOW_FLOOR"} | ({"PRICE_ABOVE_REVIEW"} if document.order_type == "Internal" else set())
		wanted = {
			(entry["code"], entry.get("ref")) for entry in expected["findings"] if entry["code"] not in secret
		}
		assert {code for code, _ref in found} == {code for code, _ref in wanted} <= set(DEPARTMENT_OF)
		if document.order_type != "Internal" and expected.get("review_price"):
			assert document.review_price == expected["review_price"]
			assert document.specials_list == (expected.get("specials_list") or 0)

	def test_returned_steps_go_back_with_their_reason_and_come_forward_again(self) -> None:
		to_finance()
		step(SOLAR, "Return", "FR", "加价率过高,请按公交客户重新定价")
		change(SHEET, SOLAR, "MP", markup_pct=28, floor_price=13000)
		step(SOLAR, "Send to Finance", "MP")
		request = step(SOLAR, "Release Price", "FR")
		assert request.list_price == 14900
		assert [row.reason for row in request.events if row.reason] == ["加价率过高,请按公交客户重新定价"]

	def test_refused_is_the_end_and_the_order_still_has_no_price(self) -> None:
		to_technical()
		request = step(SOLAR, "Refuse", "TR", "顶部空调占位,无安装空间")
		assert (request.status, request.due_at) == ("Refused", None)
		assert [row.code for row in order("IO-10").findings] == ["SPECIAL_NO_PRICE"]
		with pytest.raises(frappe.ValidationError):
			step(SOLAR, "Send to Technical", "OA")


class TestWhatAStepRequires:
	def test_a_wish_in_a_few_words_is_refused(self) -> None:
		with pytest.raises(SpecialOptionError, match="at least 20"):
			wish(description="加装USB充电座")

	def test_a_wish_for_another_model_than_its_order_is_refused(self) -> None:
		with pytest.raises(SpecialOptionError, match="XQK6808H"):
			change(REQUEST, SOLAR, "OA", model="XQK6808H")

	def test_the_technical_check_is_complete_before_costs_are_asked_for(self) -> None:
		to_technical()
		with pytest.raises(SpecialOptionError, match="not complete"):
			step(SOLAR, "Finish Technical Check", "TR")
		change(REQUEST, SOLAR, "TR", feasible="Yes, with conditions", ccc_effect="None", grade_effect="None")
		with pytest.raises(SpecialOptionError, match="state the conditions"):
			step(SOLAR, "Finish Technical Check", "TR")
		change(REQUEST, SOLAR, "TR", technical_conditions="不得遮挡天窗。")
		with pytest.raises(SpecialOptionError, match="development cost"):
			step(SOLAR, "Finish Technical Check", "TR")
		change(REQUEST, SOLAR, "TR", feasible="No")
		with pytest.raises(SpecialOptionError, match="not feasible"):
			step(SOLAR, "Finish Technical Check", "TR")

	def test_costing_ends_with_a_chosen_quotation(self) -> None:
		to_costing()
		quote(SOLAR, chosen=False)
		with pytest.raises(SpecialOptionError, match="No quotation is chosen"):
			step(SOLAR, "Finish Costing", "SU")

	def test_of_several_suppliers_one_is_chosen_at_a_time(self) -> None:
		to_costing()
		first, second = quote(SOLAR, 9800), quote(SOLAR)
		assert frappe.db.get_value(QUOTATION, first.name, "is_chosen") == 0
		assert frappe.db.get_value(QUOTATION, second.name, "is_chosen") == 1

	@pytest.mark.parametrize(
		("values", "message"),
		[
			({"unit_cost": 0}, "above 0"),
			({"moq": 50}, "delivers 50 or more, 12"),
			({"valid_to": "2026-11-19"}, "had ended"),
			({"is_withdrawn": 1}, "withdrawn"),
		],
	)
	def test_a_quotation_that_is_no_use_is_refused(self, values: dict[str, Any], message: str) -> None:
		to_costing()
		with pytest.raises(SpecialOptionError, match=message):
			quote(SOLAR, **values)

	@pytest.mark.parametrize(
		("values", "message"),
		[
			({"valid_to": "2027-03-01"}, "quotation only to"),
			({"floor_price": 11000}, "between cost and list"),
			({"floor_price": 15301}, "between cost and list"),
			({"markup_pct": -1}, "expected"),
			({"valid_to": "2026-11-01"}, "before the request"),
		],
	)
	def test_a_price_that_does_not_fit_is_refused(self, values: dict[str, Any], message: str) -> None:
		to_pricing()
		usual = {"markup_pct": 32, "floor_price": FLOOR_PRICE, "valid_to": "2027-01-31"}
		with pytest.raises(SpecialOptionError, match=message):
			change(SHEET, SOLAR, "MP", **usual | values)

	def test_an_incomplete_price_does_not_reach_finance(self) -> None:
		to_pricing()
		change(SHEET, SOLAR, "MP", markup_pct=32)
		with pytest.raises(SpecialOptionError, match="not complete"):
			step(SOLAR, "Send to Finance", "MP")

	def test_a_quotation_changed_behind_the_price_stops_the_release(self) -> None:
		to_finance()
		frappe.db.set_value(QUOTATION, {"request_no": SOLAR}, "unit_cost", 12000)
		with pytest.raises(SpecialOptionError, match="has changed"):
			step(SOLAR, "Release Price", "FR")

	def test_return_and_refusal_need_a_reason(self) -> None:
		to_technical()
		for action in ("Return", "Refuse"):
			with pytest.raises(ReasonMissingError):
				step(SOLAR, action, "TR")


class TestTheGuard:
	"""SECURITY A38 to A48, on the paths a request can take."""

	def paths(self, name: str, status: str) -> dict[str, Callable[[], Any]]:
		from frappe.client import bulk_update, save, set_value
		from frappe.desk.form.save import savedocs

		def plain() -> Any:
			document = frappe.get_doc(REQUEST, name)
			document.status = status
			return document.save()

		def of_client(**values: Any) -> dict[str, Any]:
			return frappe.get_doc(REQUEST, name).as_dict() | {"status": status} | values

		return {
			"PUT": plain,
			"set_value": lambda: set_value(REQUEST, name, "status", status),
			"set_value dict": lambda: set_value(REQUEST, name, {"status": status, "docstatus": 1}),
			"save": lambda: save(frappe.as_json(of_client())),
			"savedocs": lambda: savedocs(frappe.as_json(of_client()), "Save"),
			"savedocs submit": lambda: savedocs(frappe.as_json(of_client()), "Submit"),
			"flags in the body": lambda: save(
				frappe.as_json(
					of_client(flags={"ignore_validate": 1}, order_review_system_saves=[[REQUEST, name]])
				)
			),
			"bulk_update": lambda: self.bulk(bulk_update, name, status),
		}

	def bulk(self, bulk_update: Callable[[str], Any], name: str, status: str) -> None:
		answer = bulk_update(json.dumps([{"doctype": REQUEST, "docname": name, "status": status}]))
		if answer["failed_docs"]:
			raise StatusChangeError

	@pytest.mark.parametrize(
		"path",
		[
			"PUT",
			"set_value",
			"set_value dict",
			"save",
			"savedocs",
			"savedocs submit",
			"flags in the body",
			"bulk_update",
		],
	)
	def test_nobody_else_moves_a_request_by_any_path(self, path: str) -> None:
		to_technical()
		for code in ("SP", "MM", "QA", "KM", "PL", "DL", "MP", "SU"):
			frappe.db.savepoint("untouched")
			with acting(code), pytest.raises((frappe.PermissionError, frappe.ValidationError)):
				self.paths(SOLAR, "Costing")[path]()
			frappe.db.rollback(save_point="untouched")
			assert frappe.db.get_value(REQUEST, SOLAR, ["status", "docstatus"]) == ("Technical", 0), code

	@pytest.mark.parametrize("path", ["PUT", "set_value", "save", "savedocs", "bulk_update"])
	def test_the_right_one_moves_it_by_every_path(self, path: str) -> None:
		to_finance()
		with acting("FR"):
			self.paths(SOLAR, "Priced")[path]()
		assert frappe.db.get_value(REQUEST, SOLAR, ["status", "list_price"]) == ("Priced", 15300.0)

	def test_a_step_cannot_be_jumped(self) -> None:
		for code in ("OA", "MP", "FR", "VP", "PC"):
			with pytest.raises(StatusChangeError):
				change(REQUEST, SOLAR, code, status="Priced")

	def test_a_request_does_not_begin_in_the_middle(self) -> None:
		with pytest.raises(StatusChangeError):
			wish(status="Priced", list_price=1)

	def test_nothing_else_changes_together_with_a_step(self) -> None:
		to_technical()
		change(REQUEST, SOLAR, "TR", feasible="Yes", ccc_effect="None", grade_effect="None")
		with acting("TR"):
			api.state_development_cost(SOLAR, 0)
			document = frappe.get_doc(REQUEST, SOLAR)
			document.update({"status": "Costing", "drawing_no": "DXC-1"})
			with pytest.raises(StatusChangeError, match="nothing else"):
				document.save()

	def test_who_made_the_price_does_not_release_it(self, also: Callable[[str, str], None]) -> None:
		also("MP", "Finance Reviewer")
		to_finance()
		with pytest.raises(SelfApprovalError):
			step(SOLAR, "Release Price", "MP")
		assert step(SOLAR, "Release Price", "FR").status == "Priced"

	def test_who_made_the_price_does_not_release_it_for_an_absent_colleague_either(self) -> None:
		to_finance()
		hand_over("FR", "MP")
		with acting("MP"), pytest.raises(SelfApprovalError):
			steps.take(REQUEST, SOLAR, "Release Price", str(frappe.db.get_value(REQUEST, SOLAR, "modified")))
		assert frappe.db.get_value(REQUEST, SOLAR, "status") == "Finance Check"

	def test_who_asked_for_it_does_not_release_it(self, also: Callable[[str, str], None]) -> None:
		also("SP", "Finance Reviewer")
		name = wish().name
		to_finance(name)
		with pytest.raises((SelfApprovalError, frappe.ValidationError)):
			step(name, "Release Price", "SP")
		assert frappe.db.get_value(REQUEST, name, "status") == "Finance Check"

	def test_a_condition_holds_for_what_is_stored_and_for_what_comes(self) -> None:
		workflow = frappe.get_doc("Workflow", REQUEST)
		row = next(row for row in workflow.transitions if row.action == "Send to Technical")
		row.condition = "doc.qty >= 20"
		workflow.save()
		with acting("OA"):
			document = frappe.get_doc(REQUEST, SOLAR)
			document.update({"qty": 20, "status": "Technical"})
			with pytest.raises(StatusChangeError):
				document.save()

	@pytest.mark.parametrize(
		("code", "values"),
		[
			("OA", {"feasible": "Yes"}),
			("OA", {"qty": 1}),
			("SU", {"feasible": "No"}),
			("MP", {"notice_conditions": "免费"}),
			("FR", {"technical_conditions": "x"}),
			("TR", {"option_name": "别的"}),
			("TR", {"notice_conditions": "免费"}),
		],
	)
	def test_a_department_writes_the_fields_of_its_own_step_only(
		self, code: str, values: dict[str, Any]
	) -> None:
		to_technical()
		with pytest.raises(FieldLockedError):
			change(REQUEST, SOLAR, code, **values)

	def test_figures_a_client_sends_are_ignored(self) -> None:
		document = wish(
			list_price=1,
			valid_to="2030-01-01",
			lead_days=0,
			reuse_count=9,
			feasible="Yes",
			notice_conditions="x",
		)
		stored = frappe.get_doc(REQUEST, document.name)
		assert (stored.list_price, stored.valid_to, stored.reuse_count) == (0, None, 0)
		assert (stored.feasible or "", stored.notice_conditions or "") == ("", "")

	def test_the_history_is_not_the_clients_to_write(self) -> None:
		to_technical()
		with acting("TR"):
			document = frappe.get_doc(REQUEST, SOLAR)
			document.events[0].actor = "somebody@example.com"
			document.remove(document.events[1])
			document.append("events", {"to_status": "Priced", "actor": "fr@review.localhost"})
			document.drawing_no = "DXC-2"
			document.save()
		events = frappe.get_doc(REQUEST, SOLAR).events
		assert [row.actor for row in events] == [address("OA"), address("OA")]
		with pytest.raises((ForeignRowError, frappe.PermissionError)):
			change("Document Event", events[0].name, "TR", reason="x")

	def test_a_row_of_another_request_cannot_be_taken_over(self) -> None:
		to_technical()
		foreign = frappe.get_doc(REQUEST, "SPC-2026-0031").events[0].as_dict()
		with acting("TR"):
			document = frappe.get_doc(REQUEST, SOLAR)
			document.append("events", foreign)
			document.events[-1].name = foreign.name
			with pytest.raises(ForeignRowError):
				document.save()

	def test_submitting_cancelling_renaming_and_deleting_are_nobodys(self) -> None:
		for code in ("SP", "OA", "OS", "TR", "SU", "MP", "FR", "VP", "PC"):
			with acting(code):
				for ptype in ("submit", "cancel", "delete", "amend", "import", "share", "export"):
					assert not frappe.has_permission(REQUEST, ptype), (code, ptype)
				with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
					frappe.rename_doc(REQUEST, SOLAR, "SPC-X")

	def test_an_old_screen_takes_no_step(self) -> None:
		to_technical()
		seen = str(frappe.get_doc(REQUEST, SOLAR).modified)
		change(REQUEST, SOLAR, "TR", drawing_no="DXC-3")
		with acting("TR"), pytest.raises(frappe.TimestampMismatchError):
			steps.take(REQUEST, SOLAR, "Refuse", seen, "x")
		with acting("TR"):
			now = str(frappe.get_doc(REQUEST, SOLAR).modified)
			assert steps.take(REQUEST, SOLAR, "Refuse", now, "没有空间") == "Refused"
		assert frappe.get_doc(REQUEST, SOLAR).events[-1].reason == "没有空间"

	def test_a_workflow_an_administrator_changed_is_kept(self) -> None:
		workflow = frappe.get_doc("Workflow", REQUEST)
		workflow.transitions[0].action = "Refuse"
		workflow.save()
		workflows.sync_workflows()
		assert frappe.get_doc("Workflow", REQUEST).transitions[0].action == "Refuse"

	def test_without_a_workflow_nothing_moves(self) -> None:
		frappe.db.set_value("Workflow", REQUEST, "is_active", 0)
		frappe.clear_cache(doctype=REQUEST)
		frappe.cache.hdel("workflow", REQUEST)
		try:
			with pytest.raises(StatusChangeError):
				change(REQUEST, SOLAR, "OA", status="Technical")
		finally:
			frappe.db.rollback()
			frappe.cache.hdel("workflow", REQUEST)


class TestCosts:
	"""What it costs, and the floor, reach their readers and nobody else (SECURITY A25 to A36)."""

	def priced_wish(self) -> str:
		"""A request the salesperson may read, with its costs."""
		name = wish(option_name="遥控中控锁", qty=12).name
		to_priced(name)
		return name

	def readings(self, doctype: str, name: str) -> dict[str, Callable[[], Any]]:
		from frappe import client
		from frappe.desk import query_report, reportview, search
		from frappe.desk.form import linked_with, load
		from frappe.utils.print_format import download_pdf
		from frappe.www.printview import get_html_and_style

		def view(function: Callable[..., Any], **args: Any) -> Any:
			frappe.local.form_dict = frappe._dict(args)
			return function()

		def form(function: Callable[..., Any], *args: Any) -> Any:
			function(*args)
			return [frappe.response.get("docs"), frappe.response.get("docinfo")]

		return {
			"get": lambda: client.get(doctype, name),
			"get by filter": lambda: client.get(doctype, filters={"request_no": name}),
			"get_value": lambda: client.get_value(doctype, "*", {"name": name}),
			"list": lambda: client.get_list(doctype, fields=["*"], limit_page_length=100),
			"report view": lambda: view(reportview.get, doctype=doctype, fields='["*"]'),
			"export": lambda: view(
				reportview.export_query, doctype=doctype, fields='["*"]', file_format_type="CSV", title="x"
			),
			"search link": lambda: search.search_link(doctype, "", reference_doctype=REQUEST),
			"form": lambda: form(load.getdoc, doctype, name),
			"linked": lambda: linked_with.get(REQUEST, name),
			"print": lambda: get_html_and_style(frappe.get_doc(doctype, name).as_json()),
			"pdf": lambda: download_pdf(doctype, name),
			"report": lambda: query_report.run("Special Option Costs", filters={}),
			"report script": lambda: query_report.get_script("Special Option Costs"),
			"comments": lambda: form(load.get_docinfo, None, doctype, name),
		}

	@pytest.mark.parametrize("doctype", [QUOTATION, SHEET, DEVELOPMENT, FLOOR])
	def test_no_way_of_reading_shows_a_cost_to_others(self, doctype: str) -> None:
		name = self.priced_wish()
		document = frappe.db.get_value(doctype, {"request_no": name})
		for code, known in {
			**dict.fromkeys(("SP", "DL", "PL", "QA"), ""),
			"OA": "13713",
			"TR": "26388",
		}.items():
			for path in self.readings(doctype, document):
				answer = self.read(doctype, document, path, code)
				assert not secrets_in(answer) - {known}, (code, path)

	def read(self, doctype: str, name: str, path: str, code: str) -> str:
		"""Everything a user gets to see who reads by one path, refusals included."""
		with acting(code):
			try:
				answer = frappe.as_json([self.readings(doctype, name)[path](), frappe.response])
			except (frappe.PermissionError, frappe.ValidationError, frappe.DoesNotExistError) as refusal:
				answer = frappe.as_json([str(refusal), frappe.message_log])
			except (
				OSError
			):  # a reader's own copy of a sheet we give no layout to; the tool for it need not be there
				answer = ""
			finally:
				frappe.local.response = frappe._dict(docs=[])
				frappe.local.form_dict = frappe._dict()
				frappe.clear_messages()
		return answer

	def test_the_readings_above_do_read(self) -> None:
		name = self.priced_wish()
		answers = {path: self.read(SHEET, name, path, "FR") for path in self.readings(SHEET, name)}
		reading = {path for path, answer in answers.items() if secrets_in(answer)}
		assert {
			"get",
			"get by filter",
			"get_value",
			"list",
			"report view",
			"form",
			"print",
			"report",
		} <= reading

	@pytest.mark.parametrize("code", ["FR", "MP", "VP", "PC"])
	def test_those_who_may_know_costs_read_them(self, code: str) -> None:
		name = self.priced_wish()
		with acting(code):
			assert frappe.client.get(SHEET, name)["unit_cost"] == UNIT_COST
			assert (
				frappe.client.get_list(QUOTATION, filters={"request_no": name}, fields=["unit_cost"])[
					0
				].unit_cost
				== UNIT_COST
			)
			assert api.costing(name)["sheet"].cost == UNIT_COST + DEV_COST / 12

	def test_supply_reads_its_quotations_and_no_price_sheet(self) -> None:
		name = self.priced_wish()
		with acting("SU"):
			assert api.costing(name)["quotations"][0].unit_cost == UNIT_COST
			assert (api.costing(name)["sheet"], api.costing(name)["floor"]) == (None, None)

	@pytest.mark.parametrize("code", ["SP", "OA", "QA"])
	def test_who_reads_the_request_reads_no_cost_in_it(self, code: str) -> None:
		from frappe.desk.form.load import getdoc
		from frappe.www.printview import get_html_and_style

		name = self.priced_wish()
		with acting(code):
			getdoc(REQUEST, name)
			answers = [frappe.response.get("docs"), frappe.response.get("docinfo"), api.costing(name)]
			answers += [
				get_html_and_style(frappe.get_doc(REQUEST, name).as_json(), print_format=fmt)
				for fmt in (None, "Special Option Price Notice")
			]
			text = frappe.as_json(answers)
		known = {"13713"} if code == "OA" else set()  # the order administrator may know floors
		assert "15300" in text
		assert not secrets_in(text) - known

	def test_the_history_of_changes_holds_no_cost(self) -> None:
		name = self.priced_wish()
		for doctype in (REQUEST, SHEET, QUOTATION, DEVELOPMENT, FLOOR):
			versions = frappe.get_all("Version", filters={"ref_doctype": doctype}, pluck="data")
			assert not secrets_in(" ".join(versions))
		assert not any(
			frappe.get_meta(doctype).track_changes for doctype in (SHEET, QUOTATION, DEVELOPMENT, FLOOR)
		)
		said = frappe.get_all("Comment", filters={"reference_name": name}, pluck="content")
		assert not secrets_in(" ".join(text or "" for text in said))

	@pytest.mark.parametrize("code", ["SP", "PL", "OA", "QA", "SU", "TR"])
	def test_the_cost_report_is_for_cost_readers(self, code: str) -> None:
		from order_review.option_pricing.report.special_option_costs.special_option_costs import execute

		with acting(code), pytest.raises(frappe.PermissionError):
			execute({})

	@pytest.mark.parametrize("fieldname", ["unit_cost", "cost", "dev_cost", "floor_price", "markup_pct"])
	def test_a_cost_is_not_found_by_filtering_for_it(self, fieldname: str) -> None:
		with acting("SP"), pytest.raises(frappe.db.OperationalError, match="Unknown column"):
			frappe.get_list(REQUEST, filters={fieldname: [">", 0]})
		with acting("SP"), pytest.raises(frappe.PermissionError):
			frappe.get_list(SHEET, filters={fieldname: [">", 0]})

	def test_costs_are_entered_by_their_department_in_its_step_only(self) -> None:
		with pytest.raises(SpecialOptionError, match="Costing"):
			quote(SOLAR)
		to_pricing()
		name = frappe.db.get_value(QUOTATION, {"request_no": SOLAR})
		with pytest.raises(SpecialOptionError, match="Costing"):
			change(QUOTATION, name, "SU", unit_cost=1)
		with pytest.raises(frappe.PermissionError):
			change(QUOTATION, name, "MP", unit_cost=1)
		with acting("TR"), pytest.raises(SpecialOptionError):
			api.state_development_cost(SOLAR, 1)
		with acting("SP"), pytest.raises(frappe.PermissionError):
			api.state_development_cost(SOLAR, 1)

	def test_the_price_sheet_takes_costs_from_supply_and_technical_alone(self) -> None:
		to_pricing()
		sheet = change(SHEET, SOLAR, "MP", unit_cost=1, dev_cost=1, cost=1, list_price=1, markup_pct=32)
		assert (sheet.unit_cost, sheet.dev_cost, sheet.list_price) == (UNIT_COST, DEV_COST, 15300)
		with pytest.raises(FieldLockedError):
			change(SHEET, SOLAR, "FR", markup_pct=1)
		step(SOLAR, "Return", "MP", "报价待核实")
		with pytest.raises(FieldLockedError):
			change(SHEET, SOLAR, "MP", markup_pct=1)

	def test_real_cost_afterwards_is_compared_with_the_estimate(self) -> None:
		from order_review.option_pricing.report.special_option_costs.special_option_costs import execute

		to_finance()
		with pytest.raises(FieldLockedError):
			change(SHEET, SOLAR, "FR", actual_unit_cost=10000, actual_source="PI-1")
		step(SOLAR, "Release Price", "FR")
		with pytest.raises(SpecialOptionError, match="where the real cost comes from"):
			change(SHEET, SOLAR, "FR", actual_unit_cost=10000)
		sheet = change(
			SHEET,
			SOLAR,
			"FR",
			actual_unit_cost=10000,
			actual_dev_cost=30000,
			actual_qty=12,
			actual_source="PI-1",
		)
		assert sheet.actual_cost == 12500
		assert sheet.variance_pct == pytest.approx(7.61)
		with acting("VP"):
			_columns, rows, _note, _chart, summary = execute({"with_real_cost": 1})
		assert [(row["request_no"], row["actual_cost"]) for row in rows] == [(SOLAR, 12500)]
		assert summary[-1]["value"] == pytest.approx((12500 - 11616) * 12)

	def test_the_report_adds_every_estimate_and_leaves_blank_what_is_not_known(self) -> None:
		from order_review.option_pricing.report.special_option_costs.special_option_costs import execute

		with acting("VP"):
			_columns, rows, _note, _chart, summary = execute({})
		by_label = {card["label"]: card["value"] for card in summary}
		assert by_label["Estimated Cost of All Vehicles"] == sum(
			(row["cost"] or 0) * row["vehicles"] for row in rows
		)
		assert by_label["Estimated Cost of All Vehicles"] > 0
		assert by_label["Estimated Cost of These Vehicles"] == by_label["Real Cost of These Vehicles"] == 0
		unknown = [row for row in rows if not row["actual_cost"]]
		assert unknown
		for row in unknown:
			assert [row[name] for name in ("actual_cost", "variance_pct", "actual_margin_pct")] == [None] * 3


class TestOtherSalespeople:
	def test_a_salesperson_sees_own_requests_and_those_of_the_department(self) -> None:
		mine = wish().name
		with acting("SP"):
			names = frappe.get_list(REQUEST, pluck="name")
			assert mine in names
			assert SOLAR not in names
			assert not frappe.has_permission(REQUEST, "read", doc=SOLAR)
			steps_of = frappe.get_list(
				"Document Event", fields=["parent"], parent_doctype=REQUEST, pluck="parent"
			)
			assert {name for name in steps_of if name.startswith("SPC")} == {mine}

	def test_nor_can_a_request_be_made_for_another_department_or_a_foreign_order(self) -> None:
		north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
		with pytest.raises(frappe.PermissionError):
			wish(market_department=north)
		with pytest.raises(frappe.PermissionError):
			wish(intent_order=order("IO-10").name, model="XQK6129GBEV")

	@pytest.mark.parametrize("code", ["DL", "PL", "MG", "CS", "LS", "IC"])
	def test_who_has_nothing_to_do_with_special_options_sees_none(self, code: str) -> None:
		with acting(code):
			assert not frappe.has_permission(REQUEST, "read")
			with pytest.raises(frappe.PermissionError):
				api.similar("自行车架")


class TestOrders:
	def test_what_a_client_says_of_a_price_is_ignored(self) -> None:
		document = order("IO-06")
		document.specials[0].update(
			{"unit_price": 1, "valid_to": "2030-01-01", "lead_days": 0, "name_zh": "x"}
		)
		document.save()
		row = order("IO-06").specials[0]
		assert (row.unit_price, str(row.valid_to), row.lead_days) == (8600, "2026-12-31", 15)
		assert row.name_zh == "车尾可拆卸自行车架"

	def test_a_number_nobody_asked_for_has_no_price(self) -> None:
		document = order("IO-06")
		document.append(
			"specials",
			{
				"request_no": "SPC-2026-9999",
				"name_zh": "?",
				"is_priced": 1,
				"unit_price": 1,
				"valid_to": "2030-01-01",
			},
		)
		document.save()
		assert ("SPECIAL_NO_PRICE", "SPC-2026-9999") in {(row.code, row.ref) for row in document.findings}

	def test_a_request_for_another_model_does_not_fit(self) -> None:
		document = order("IO-06")
		document.append("specials", {"request_no": "SPC-2026-0039", "name_zh": "?"})
		with pytest.raises(SpecialOptionError, match="row 2"):
			document.save()

	def test_an_order_after_the_end_of_the_price_is_told_so(self) -> None:
		document = order("IO-06")
		document.update({"order_date": "2027-01-04", "quotation_date": None})
		document.save()
		assert "SPECIAL_PRICE_EXPIRED" in {row.code for row in document.findings}

	def test_the_third_reuse_proposes_an_option_of_the_catalogue(self) -> None:
		number = "SPC-2026-0039"
		assert special_option_reuse.reuse_count(number) == 1, "IO-10 uses it"
		use_again(number, "IO-10")
		assert not frappe.db.exists("ToDo", {"reference_name": number})
		use_again(number, "IO-10")
		request = frappe.get_doc(REQUEST, number)
		assert request.reuse_count == 3
		assert str(request.catalogue_proposed_on) == today()
		assert frappe.get_all(
			"ToDo", filters={"reference_name": number, "status": "Open"}, pluck="allocated_to"
		) == [address("KM")]
		use_again(number, "IO-10")
		assert frappe.db.count("ToDo", {"reference_name": number}) == 1

	def test_an_order_that_goes_is_no_reuse_any_more(self) -> None:
		again = use_again("SPC-2026-0039", "IO-10")
		assert frappe.db.get_value(REQUEST, "SPC-2026-0039", "reuse_count") == 2
		again.delete(ignore_permissions=True)
		assert frappe.db.get_value(REQUEST, "SPC-2026-0039", "reuse_count") == 1

	def test_what_is_in_the_catalogue_now_is_marked(self) -> None:
		number = "SPC-2026-0039"
		for _again in range(2):
			use_again(number, "IO-10")
		offered = frappe.db.get_value(
			"Vehicle Option Availability", {"vehicle_model": "XQK6129GBEV"}, "parent"
		)
		with acting("SP"), pytest.raises(frappe.PermissionError):
			api.catalogue(number, offered)
		elsewhere = frappe.get_all(
			"Vehicle Option Availability", filters={"vehicle_model": "XQK6129GBEV"}, pluck="parent"
		)
		foreign = frappe.db.get_value("Vehicle Option", {"name": ["not in", elsewhere]})
		with acting("KM"), pytest.raises(SpecialOptionError, match="not offered"):
			api.catalogue(number, foreign)
		with acting("KM"):
			api.catalogue(number, offered)
		request = frappe.get_doc(REQUEST, number)
		assert (request.status, request.catalogued_option) == ("Catalogued", offered)
		assert (request.events[-1].is_system, request.events[-1].actor) == (1, address("KM"))
		assert frappe.db.count("ToDo", {"reference_name": number, "status": "Open"}) == 0
		assert order("IO-10").specials[1].unit_price == 5200, "orders that have it keep its price"


class TestSimilarRequests:
	def test_a_similar_wish_is_found_while_typing(self) -> None:
		with acting("OA"):
			found = api.similar("自行车架 可拆")
			assert found[0]["name"] == "SPC-2026-0031"
			assert api.similar("solar panel", model="XQK6129GBEV")[0]["name"] == SOLAR
			assert api.similar("光伏板")[0]["name"] == SOLAR
			assert api.similar("饮水机") == []
			assert api.similar("车") == []

	def test_the_same_model_comes_first(self) -> None:
		name = wish(option_name="车尾可拆卸自行车架", model="XQK6128H").name
		with acting("OA"):
			assert [row["name"] for row in api.similar("车尾自行车架", model="XQK6128H")][:2] == [
				name,
				"SPC-2026-0031",
			]

	def test_it_tells_no_cost_and_nothing_of_other_departments(self) -> None:
		mine = wish(option_name="车尾可拆卸自行车架").name
		to_priced(mine)
		with acting("SP"):
			found = api.similar("自行车架")
		assert [row["name"] for row in found] == [mine]
		assert not secrets_in(frappe.as_json(found))
		assert "description" not in found[0]


class TestDeadlines:
	def test_each_step_has_its_working_hours(self) -> None:
		to_technical()
		request = frappe.get_doc(REQUEST, SOLAR)
		assert request.due_at > request.step_since
		assert request.due_at.time().isoformat() <= "17:30:00"

	def test_a_step_that_takes_too_long_is_flagged_and_the_next_begins_anew(self) -> None:
		to_technical()
		since, due = now_datetime() - timedelta(days=14), now_datetime() - timedelta(days=3)
		frappe.db.set_value(REQUEST, SOLAR, {"step_since": since, "due_at": due})
		reminders.run()
		reminders.run()
		assert frappe.db.get_value(REQUEST, SOLAR, "is_overdue") == 1
		late = frappe.get_all(
			"Notification Log",
			filters={"document_name": SOLAR, "subject": ["like", "%overdue%"]},
			pluck="for_user",
		)
		assert sorted(late) == [address("OS"), address("TR")], "once, to who acts and to the supervisor"
		request = step(SOLAR, "Refuse", "TR", "没有空间")
		assert (request.is_overdue, request.due_at) == (0, None)

	def test_a_price_that_has_ended_expires_by_itself(self) -> None:
		to_priced()
		assert special_options.expire_requests() == 0
		frappe.db.set_value(REQUEST, SOLAR, "valid_to", add_days(getdate(today()), -1))
		special_options.expire_requests()
		request = frappe.get_doc(REQUEST, SOLAR)
		assert request.status == "Expired"
		assert (request.events[-1].is_system, request.events[-1].reason) == (1, "The price has ended.")

	def test_an_expired_price_is_made_anew_from_a_new_quotation(self) -> None:
		self.test_a_price_that_has_ended_expires_by_itself()
		step(SOLAR, "Renew", "OA")
		quote(SOLAR, 9000, valid_to="2027-06-30")
		step(SOLAR, "Finish Costing", "SU")
		change(SHEET, SOLAR, "MP", valid_to="2027-05-31", floor_price=13000)
		step(SOLAR, "Send to Finance", "MP")
		request = step(SOLAR, "Release Price", "FR")
		assert (request.list_price, str(request.valid_to)) == (14800, "2027-05-31")


class TestNotice:
	def test_who_waits_for_a_price_is_told_why_there_is_none(self) -> None:
		name = wish().name
		to_technical(name)
		step(name, "Refuse", "TR", "与行李舱冲突")
		told = {"document_name": name, "for_user": address("SP")}
		assert frappe.get_all("Notification Log", filters=told, pluck="email_content") == ["与行李舱冲突"]

	def test_who_asked_and_the_next_to_act_are_told(self) -> None:
		name = wish(qty=12).name
		to_priced(name)
		logs = frappe.get_all(
			"Notification Log",
			filters={"document_name": name},
			fields=["for_user", "subject", "email_content", "owner"],
			order_by="creation",
		)
		told = [row.for_user for row in logs]
		assert told == [address(code) for code in ("OA", "TR", "SU", "MP", "FR", "SP")]
		assert "15,300" in logs[-1].email_content
		assert not secrets_in(" ".join(f"{row.subject} {row.email_content}" for row in logs))

	def test_dealer_and_salesperson_get_a_letter_through_the_queue(self) -> None:
		frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": "Out",
				"email_id": "out@example.com",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"smtp_server": "localhost",
				"awaiting_password": 1,
				"password": "x",
			}
		).insert(ignore_links=True).db_set("awaiting_password", 0)
		dealer = frappe.get_doc(
			{
				"doctype": "Sales Partner",
				"partner_name": "示例经销商",
				"territory": "All Territories",
				"commission_rate": 0,
			}
		).insert()
		frappe.get_doc(
			{
				"doctype": "Contact",
				"first_name": "经销商联系人",
				"email_ids": [{"email_id": "dealer@example.com", "is_primary": 1}],
				"links": [{"link_doctype": "Sales Partner", "link_name": dealer.name}],
			}
		).insert()
		name = wish(qty=12, dealer=dealer.name).name
		frappe.flags.mute_emails = False
		try:
			to_priced(name)
		finally:
			frappe.flags.mute_emails = True
		queued = frappe.get_all(
			"Email Queue", filters={"reference_name": name}, fields=["name", "message", "status"]
		)
		to = {
			row.recipient
			for row in frappe.get_all(
				"Email Queue Recipient",
				filters={"parent": ["in", [q.name for q in queued]]},
				fields=["recipient"],
			)
		}
		assert to == {"dealer@example.com", address("SP")}
		assert {row.status for row in queued} == {"Not Sent"}
		assert not secrets_in(" ".join(row.message for row in queued))

	def test_a_missing_mail_account_does_not_stop_the_price(self) -> None:
		name = wish().name
		frappe.local.outgoing_email_account = {}
		frappe.flags.mute_emails = False
		try:
			to_priced(name)
		finally:
			frappe.flags.mute_emails = True
		assert frappe.db.get_value(REQUEST, name, "status") == "Priced"
		assert "no outgoing e-mail account" in frappe.db.get_value(
			"Comment", {"reference_name": name, "comment_type": "Info"}, "content"
		)

	def test_the_notice_is_printed_in_both_languages_without_cost(self) -> None:
		to_priced()
		request = frappe.get_doc(REQUEST, SOLAR)
		chinese, english = price_notice.html(request, "zh"), price_notice.html(request, "en")
		for page, words in (
			(chinese, ("特殊配置选装价通知单", "车顶光伏板400W")),
			(english, ("Special-Option Price Notice", "Roof solar panel 400 W")),
		):
			assert all(word in page for word in (*words, "15,300", "2027-01-31", SOLAR, "<svg"))
			assert not secrets_in(page)

	def test_the_print_format_gives_a_pdf_by_our_own_layout(self) -> None:
		from pypdf import PdfReader

		to_priced()
		with acting("SM"):
			pdf = frappe.get_print(REQUEST, SOLAR, "Special Option Price Notice", as_pdf=True)
		import io

		reader = PdfReader(io.BytesIO(pdf))
		text = "".join(page.extract_text() for page in reader.pages)
		assert "WeasyPrint" in reader.metadata.producer
		assert "15,300" in text
		assert "Page 1 of 1" in text or "第 1 页" in text

	def test_there_is_no_notice_before_there_is_a_price(self) -> None:
		to_finance()
		with pytest.raises(SpecialOptionError):
			price_notice.html(frappe.get_doc(REQUEST, SOLAR), "zh")

	def test_text_of_a_wish_is_printed_as_it_is_written(self) -> None:
		name = wish(description="<script>alert(1)</script> {{ 7*7 }} 每排座椅下方加装充电座").name
		to_priced(name)
		page = price_notice.html(frappe.get_doc(REQUEST, name), "zh")
		assert "<script>alert" not in page
		assert "{{ 7*7 }}" in page


def test_naming_an_order_one_may_not_read_tells_nothing_of_it() -> None:
	north = frappe.db.get_value("Department", {"department_code": "MARKET-N"})
	foreign = order("IO-03")
	foreign.db_set("market_department", north)
	other_model = frappe.db.get_value("Vehicle Model", {"name": ["!=", foreign.model]})
	with acting("SP"), pytest.raises(frappe.PermissionError) as refused:
		wish(intent_order=foreign.name, model=other_model)
	assert foreign.model not in f"{refused.value}{frappe.get_message_log()}"


def test_the_sample_requests_are_the_ones_the_orders_name() -> None:
	named = {special["request_no"] for entry in sample_orders() for special in entry.get("specials") or ()}
	assert named == {entry["name"] for entry in demo.sample_requests()}
	next_one = wish().name
	assert int(next_one[-4:]) > 44


def test_every_refusal_is_one_of_ours() -> None:
	for refusal in (
		FieldLockedError,
		SelfApprovalError,
		ReasonMissingError,
		SpecialOptionError,
		ForeignRowError,
	):
		assert issubclass(refusal, OrderReviewError)
