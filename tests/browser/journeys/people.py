"""People who work by clicking and typing alone, each in a browser of their own, in the language they chose."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.journeys.watching import Watch
from tools.paths import BUILD

PICTURES = BUILD / "screenshots" / "journeys"
PATIENCE = 60_000
"""Milliseconds anything may take on a busy machine."""

QUIET = """() => {
	const busy = !window.frappe || !frappe.request || frappe.request.ajax_count
		|| document.querySelector("#freeze.show, #freeze:not([style*='none'])")
		|| (window.cur_frm && (cur_frm.__loading || (cur_frm.save_wrapper && cur_frm.saving)));
	if (busy) { window.__quiet_since = 0; return false; }
	window.__quiet_since = window.__quiet_since || performance.now();
	return performance.now() - window.__quiet_since > 400;
}"""
"""Nothing has been going on for as long as a person needs to look."""

Logins = dict[str, dict[str, str]]


class Person:
	"""A user at the Desk who has a mouse, a keyboard and eyes.

	Args:
		page: a page of a browser of this user alone.
		lang: the language the user has chosen.
		story: name under which pictures are kept.
	"""

	def __init__(self, page: Page, lang: str, story: str, codes: frozenset[str]) -> None:
		self.page, self.lang, self.story = page, lang, story
		self.watch = Watch(page, codes)

	# --- eyes ------------------------------------------------------------------------------------------------

	def word(self, text: str, context: str | None = None) -> str:
		"""A text of the product as this user reads it."""
		return str(_(text, lang=self.lang, context=context))

	def settles(self) -> None:
		"""Wait until the page stands still, and look at it."""
		self.page.wait_for_function(QUIET, timeout=PATIENCE)
		self.watch.look()

	def picture(self, name: str) -> None:
		"""Keep a picture of what the user sees."""
		self.settles()
		folder = PICTURES / self.story / self.lang
		folder.mkdir(parents=True, exist_ok=True)
		number = len(list(folder.glob("*.png"))) + 1
		self.page.screenshot(path=folder / f"{number:03}-{name}.png")

	def sees(self, text: str) -> None:
		"""The text stands on the page."""
		expect(self.page.locator("body")).to_contain_text(text)

	def status(self) -> str:
		"""The state the open form shows, as it is stored."""
		return str(self.page.evaluate("cur_frm.doc.status"))

	def name(self) -> str:
		"""Number of the open document."""
		return str(self.page.evaluate("cur_frm.doc.name"))

	# --- ways ------------------------------------------------------------------------------------------------

	def goes(self, address: str) -> None:
		"""Type an address."""
		self.page.goto(address)
		self.settles()

	def begins_at(self, workspace: str) -> None:
		"""What stands there right after login: the page of the user's own work, with what waits."""
		self.page.wait_for_url(f"**/app/{workspace.lower().replace(' ', '-')}")
		self.page.locator(".number-widget-box .number").first.wait_for()
		self.picture("first-page")

	def opens(self, doctype: str, name: str) -> None:
		"""Open a document; what is stored now is read."""
		self.goes(f"/app/{doctype.lower().replace(' ', '-')}/{name}")
		self.page.wait_for_function("name => window.cur_frm && cur_frm.doc.name === name", arg=name)
		self.settles()

	def opens_new(self, doctype: str) -> None:
		"""The list's own button for a new document."""
		self.goes(f"/app/{doctype.lower().replace(' ', '-')}")
		self.page.locator(".page-head:visible .primary-action").click()
		self.page.wait_for_function(
			"doctype => window.cur_frm && cur_frm.doctype === doctype && cur_frm.is_new()", arg=doctype
		)
		self.settles()

	def tab(self, name: str) -> None:
		"""Open a tab of the form by the field it stands for."""
		tab = self.page.locator(
			f".form-tabs:visible [data-fieldname={name}], .form-tabs:visible a[id$={name}-tab]"
		).first
		tab.click()
		expect(tab).to_have_class(re.compile("active"))
		self.settles()

	# --- hands -----------------------------------------------------------------------------------------------

	def _open(self) -> Locator:
		"""The dialog that is open, else the form."""
		dialog = self.page.locator(".modal.show").last
		return dialog if dialog.count() else self.page.locator(".page-container:visible")

	def fills(self, **fields: Any) -> None:
		"""Fill fields of the open dialog or form, one after the other, and leave each."""
		for field, value in fields.items():
			control = self._open().locator(f".frappe-control[data-fieldname={field}]:visible").first
			self.types(control, value)
			self.settles()

	def types(self, control: Locator, value: Any) -> None:
		"""Write a value into a control as its kind asks for it."""
		kind = control.get_attribute("data-fieldtype") or ""
		control.scroll_into_view_if_needed()
		if kind == "Select":
			control.locator("select").select_option(value)
		elif kind == "Check":
			control.locator("input[type=checkbox]:visible").set_checked(bool(value))
		elif kind in ("Link", "Autocomplete", "Dynamic Link"):
			self._picks(control, str(value))
		else:
			self._writes(control, value, kind)

	def _picks(self, control: Locator, value: str) -> None:
		box = control.locator("input:visible").first
		box.click()
		box.fill(value)
		control.locator("[role=listbox] [role=option]:visible", has_text=value).first.click()
		box.press("Tab")  # the list that a late answer opens again closes with the field

	def _writes(self, control: Locator, value: Any, kind: str) -> None:
		box = control.locator("input:visible, textarea:visible").first
		box.click()
		box.fill(self.day(value) if kind == "Date" else str(value))
		box.press("Tab")

	def day(self, iso: str) -> str:
		"""A day as this user writes it."""
		return str(self.page.evaluate("day => frappe.datetime.str_to_user(day)", iso))

	def cell(self, table: str, row: int, field: str, value: Any) -> None:
		"""Write into a cell of a table of the form."""
		grid = self._open().locator(f".frappe-control[data-fieldname={table}]")
		cell = grid.locator(f".grid-body .grid-row[data-idx='{row}'] [data-fieldname={field}]").first
		cell.click()
		box = cell.locator("input:visible, select:visible, textarea:visible").first
		box.wait_for()
		if box.evaluate("element => element.tagName") == "SELECT":
			box.select_option(value)
		else:
			box.fill(str(value))
		box.press("Tab")
		self.settles()

	def adds_row(self, table: str) -> None:
		"""Press Add Row below a table."""
		self._open().locator(f".frappe-control[data-fieldname={table}] .grid-add-row").click()
		self.settles()

	def saves(self) -> None:
		"""Press Save; the document is stored then."""
		self.page.locator(".page-head:visible .primary-action:visible").click()
		self.page.wait_for_function("window.cur_frm && !cur_frm.is_dirty() && !cur_frm.is_new()")
		self.settles()

	def presses(self, label: str, group: str = "", context: str = "Order Review") -> None:
		"""Press a button of the form's head; a word with a meaning of its own in this product is read as that."""
		head = self.page.locator(".page-head:visible")
		if group:
			head.get_by_role("button", name=self.word(group, context), exact=False).first.click()
			self.page.locator(
				".dropdown-menu.show .dropdown-item", has_text=self.word(label, context)
			).first.click()
		else:
			head.get_by_role("button", name=self.word(label, context), exact=True).first.click()

	def takes(self, action: str, code: str = "", reason: str = "", becomes: str = "") -> None:
		"""Take a step from the Actions menu; a dialog that asks something is answered and confirmed."""
		before = self.status()
		menu = self.page.locator(".page-head:visible .actions-btn-group")
		menu.locator("button:visible").first.click()
		menu.get_by_text(self.word(action, "Order Review"), exact=True).click()
		asked = ".modal.show .modal-dialog:not(.msgprint-dialog):has(.btn-modal-primary:not(.hide))"
		self.page.wait_for_function(
			"([before, asked]) => cur_frm.doc.status !== before"
			" || document.querySelector(asked) || $('.modal.show .msgprint-dialog').length",
			arg=[before, asked],
			timeout=PATIENCE,
		)
		dialog = self.page.locator(asked)
		if dialog.count():
			self.confirms(**({"code": code} if code else {}), **({"reason": reason} if reason else {}))
		self.moved(before, becomes)

	def moved(self, before: str, becomes: str = "") -> None:
		"""The form shows another state than before, and no box says otherwise."""
		self.page.wait_for_function(
			"before => cur_frm.doc.status !== before || $('.modal.show .msgprint-dialog').length",
			arg=before,
			timeout=PATIENCE,
		)
		self.no_box()
		self.settles()
		if becomes:
			assert self.status() == becomes

	def no_box(self) -> None:
		"""No message box is open: nobody is refused."""
		box = self.page.locator(".modal.show .msgprint-dialog")
		assert not box.count(), f"refused: {box.first.inner_text()}"

	def confirms(self, **fields: Any) -> None:
		"""Fill the open dialog and press its main button."""
		dialog = self.page.locator(".modal.show").last
		expect(dialog).to_have_css("opacity", "1")
		self.settles()
		self.fills(**fields)
		dialog.locator(".btn-modal-primary:visible, .modal-footer .btn-primary:visible").first.click()

	def answers(self, opinion: str, **fields: Any) -> None:
		"""Give the opinion beside the sheet of the open review task."""
		form = self.page.locator(".or-answer")
		for field, value in {"opinion": opinion, **fields}.items():
			control = form.locator(f".frappe-control[data-fieldname={field}]").first
			self.types(control, value)
		self.picture("answer")
		form.locator("button.btn-primary").click()
		expect(form).to_have_count(0, timeout=PATIENCE)
		self.no_box()
		self.settles()


class People:
	"""Everybody of the story, signed in when first needed."""

	def __init__(
		self,
		open_browser: Callable[..., BrowserContext],
		logins: Logins,
		sign_in: Callable[..., None],
		lang: str,
		story: str,
	) -> None:
		self.lang, self._story = lang, story
		self._open_browser, self._logins, self._sign_in = open_browser, logins, sign_in
		self._codes = frozenset() if lang == "en" else raw_codes(lang)
		self._there: dict[str, Person] = {}
		shutil.rmtree(PICTURES / story / lang, ignore_errors=True)

	def __call__(self, role: str) -> Person:
		"""The user with a role."""
		if role not in self._there:
			page = self._open_browser().new_page()
			page.set_default_timeout(PATIENCE)
			login = self._logins[role]
			person = Person(page, self.lang, self._story, self._codes)
			self._sign_in(page, login["user"], login["password"])
			self._there[role] = person
		return self._there[role]

	def leaves(self, role: str) -> None:
		"""The user closes the browser."""
		self._there[role].page.close()

	def faults(self) -> list[str]:
		"""What all of them met that should not be there."""
		return [
			f"{role}: {fault}"
			for role, person in self._there.items()
			for fault in dict.fromkeys(person.watch.faults)
		]


def raw_codes(lang: str) -> frozenset[str]:
	"""Values of our Select fields that have a word in this language which is another one."""
	found: set[str] = set()
	ours = frappe.get_all("DocType", {"module": ["in", list(OUR_MODULES)]}, pluck="name")
	for doctype in ours:
		for field in frappe.get_meta(doctype).get("fields", {"fieldtype": "Select"}):
			values = [value for value in (field.options or "").split("\n") if value]
			found.update(value for value in values if value not in (_(value, lang, doctype), _(value, lang)))
	return frozenset(found)


OUR_MODULES = ("Order Review", "Vehicle Catalogue", "Option Pricing", "Contracts", "Production Entry")
