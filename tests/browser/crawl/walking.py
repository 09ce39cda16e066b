"""One user who goes through the pages of the Desk: each is opened, waited for and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import frappe
from playwright.sync_api import TimeoutError as TooLong

from order_review.constants import MODULES
from tests.browser.crawl.places import being, doctypes, reports
from tests.browser.journeys.people import Person

OPEN = {
	"workspace": "name => document.querySelector('.page-container:not([style*=none]) .codex-editor .ce-block')"
	" && frappe.get_route()[1] === name",
	"list": "name => window.cur_list && cur_list.doctype === name && frappe.get_route()[0] === 'List'",
	"report": "name => frappe.query_report && frappe.query_report.report_name === name",
	"form": "name => window.cur_frm && cur_frm.doc && cur_frm.doctype === name && frappe.get_route()[0] === 'Form'",
}
"""What must stand on the screen when a page of a kind is open."""

SET_ONE_FILTER = """() => {
	const able = (filter) => !filter.df.hidden && !filter.df.reqd && ["Select", "Date", "Check"].includes(filter.df.fieldtype);
	const filter = (frappe.query_report.filters || []).find(able);
	if (!filter) return false;
	const options = (filter.df.options || "").toString().split(",").length && Array.isArray(filter.df.options)
		? filter.df.options : (filter.df.options || "").toString().split("\\n");
	const chosen = options.map((option) => option.value ?? option).find(Boolean);
	filter.set_value({ Select: chosen, Date: frappe.datetime.get_today(), Check: 1 }[filter.df.fieldtype]);
	return true;
}"""
"""Sets the first optional filter of the open report that can be set without knowing the data."""

FETCH = """async (address) => {
	const answer = await fetch(address);
	return [answer.status, (await answer.text()).slice(0, 200)];
}"""
"""Status and beginning of an answer, as the page itself is given it."""

REFUSED = """() => [...document.querySelectorAll('.modal.show .msgprint-dialog, .modal.show .msgprint, .page-card:not([style*=none])')]
	.filter((box) => box.checkVisibility()).map((box) => box.innerText.slice(0, 300))"""
"""Boxes that tell the user he may not, or that something went wrong."""


@dataclass(frozen=True)
class Place:
	"""A page of the Desk or a file from it.

	Attributes:
		kind: workspace, list, report, new, form or print.
		name: the workspace's, report's or DocType's name.
		document: the document opened or printed.
		print_format: the sheet.
	"""

	kind: str
	name: str
	document: str = ""
	print_format: str = ""

	@property
	def told(self) -> str:
		"""As a failure names it."""
		return " ".join(part for part in (self.kind, self.name, self.document, self.print_format) if part)


def places_of(user: str) -> dict[Place, int]:
	"""All pages a user can open, each with how much he may do there (3 creates, 2 writes, 1 reads)."""
	with being(user):
		found = {Place("workspace", name): 1 for name in _workspaces()}
		found |= {
			Place("report", name): 1 for name in reports() if frappe.get_doc("Report", name).is_permitted()
		}
		for doctype in doctypes():
			if frappe.has_permission(doctype, "read"):
				found |= _of_doctype(doctype)
	return found


def _workspaces() -> list[str]:
	from frappe.desk.desktop import get_workspace_sidebar_items

	return [page["name"] for page in get_workspace_sidebar_items()["pages"] if page["module"] in MODULES]


def _of_doctype(doctype: str) -> dict[Place, int]:
	creates = _enters_by_hand(doctype) and frappe.has_permission(doctype, "create")
	strength = 3 if creates else 2 if frappe.has_permission(doctype, "write") else 1
	found = {Place("list", doctype): strength}
	if creates:
		found[Place("new", doctype)] = strength
	for document in frappe.get_list(doctype, pluck="name", limit=1, order_by="modified desc"):
		found[Place("form", doctype, document)] = strength
		for sheet in frappe.get_all("Print Format", {"doc_type": doctype, "disabled": 0}, pluck="name"):
			found[Place("print", doctype, document, sheet)] = strength
	return found


def _enters_by_hand(doctype: str) -> bool:
	return not frappe.get_meta(doctype).in_create


class Walker:
	"""A signed-in person who opens one place after the other and keeps what was wrong there."""

	def __init__(self, person: Person) -> None:
		self.person, self.page = person, person.page
		self.faults: list[str] = []

	def walk(self, places: list[Place]) -> None:
		"""Open each place; a fault does not end the walk."""
		for place in places:
			try:
				getattr(self, f"_{place.kind}")(place)
			except (TooLong, AssertionError) as fault:
				self.faults.append(f"{place.told}: did not open ({str(fault).splitlines()[0]})")
			self._collect(place)

	def _collect(self, place: Place) -> None:
		faults, self.person.watch.faults = list(dict.fromkeys(self.person.watch.faults)), []
		boxes = self.page.evaluate(REFUSED)
		self.faults += [f"{place.told}: {fault}" for fault in (*faults, *boxes)]
		if boxes:
			self.page.reload()
			self.person.settles()

	def _goes(self, kind: str, name: str, *route: str) -> None:
		self.page.evaluate("route => { frappe.set_route(route); }", list(route))
		self.page.wait_for_function(OPEN[kind], arg=name, timeout=20_000)
		self.person.settles()

	def _workspace(self, place: Place) -> None:
		self._goes("workspace", place.name, "Workspaces", place.name)

	def _list(self, place: Place) -> None:
		self._goes("list", place.name, "List", place.name, "List")

	def _report(self, place: Place) -> None:
		self._goes("report", place.name, "query-report", place.name)
		if self.page.evaluate(SET_ONE_FILTER):
			self.person.settles()

	def _new(self, place: Place) -> None:
		self.page.evaluate("doctype => { frappe.new_doc(doctype); }", place.name)
		self.page.wait_for_function(
			"doctype => (window.cur_frm && cur_frm.doctype === doctype && cur_frm.is_new())"
			" || $('.modal.show').length",
			arg=place.name,
			timeout=20_000,
		)
		self.person.settles()
		self.page.evaluate(
			"() => { window.cur_dialog && cur_dialog.hide(); if (cur_frm) cur_frm.doc.__unsaved = 0; }"
		)

	def _form(self, place: Place) -> None:
		self._goes("form", place.name, "Form", place.name, place.document)
		tabs = self.page.locator(".form-tabs:visible .nav-link:visible")
		for number in range(1, tabs.count()):
			tabs.nth(number).click()
			self.person.settles()

	def _print(self, place: Place) -> None:
		asked = {
			"doctype": place.name,
			"name": place.document,
			"format": place.print_format,
			"_lang": self.person.lang,
		}
		status, text = self.page.evaluate(
			FETCH, f"/api/method/frappe.utils.print_format.download_pdf?{urlencode(asked)}"
		)
		if status != 200 or not text.startswith("%PDF"):
			self.faults.append(f"{place.told}: HTTP {status}, {text}")
