"""People at their Desks: each in a browser of their own, taking steps by the form's own buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

Logins = dict[str, dict[str, str]]

FORM_READY = (
	"(name) => window.cur_frm && cur_frm.doc.name === name && !cur_frm.is_dirty() && !cur_frm.__loading"
)

MOVED_OR_ASKED = "(before) => cur_frm.doc.status !== before || $('.modal.show').length"
MOVED_OR_REFUSED = "(before) => cur_frm.doc.status !== before || $('.modal.show .msgprint-dialog').length"
QUESTION = ".modal.show .modal-dialog:not(.msgprint-dialog)"
REFUSAL = ".modal.show .msgprint-dialog"
LINKED = "([field, value]) => window.cur_dialog && cur_dialog.get_value(field) === value"
SHOWN_DATE = "date => frappe.datetime.str_to_user(date)"


class Actor:
	"""A user at the Desk."""

	def __init__(self, page: Page) -> None:
		self.page = page
		self.asked = ""
		"""What the last action asked before it was taken."""

	def opens(self, doctype: str, name: str) -> Page:
		"""Open a document and read what is stored now."""
		slug = doctype.lower().replace(" ", "-")
		self.page.goto(f"/app/{slug}/{name}")
		self.page.wait_for_function(FORM_READY, arg=name)
		self.page.wait_for_load_state("networkidle")
		return self.page

	def call(self, method: str, **arguments: Any) -> Any:
		"""Call a whitelisted function as this user."""
		return self.page.evaluate("([method, given]) => frappe.xcall(method, given)", [method, arguments])

	def takes(self, doctype: str, name: str, action: str, code: str = "", reason: str = "") -> None:
		"""Take an action of the workflow from the form's menu; its dialog, if any, is confirmed."""
		refused = self.tries(doctype, name, action, code, reason)
		assert not refused, f"{action} of {name} is refused: {refused}"

	def tries(self, doctype: str, name: str, action: str, code: str = "", reason: str = "") -> str:
		"""Take an action that may be refused; tells what the user is told then."""
		page = self.opens(doctype, name)
		before = page.evaluate("cur_frm.doc.status")
		self._chooses(action)
		page.wait_for_function(MOVED_OR_ASKED, arg=before)
		question = page.locator(QUESTION)
		self.asked = question.inner_text() if question.count() else ""
		if reason:
			self._gives_reason(question, code, reason)
		elif question.count():
			question.locator(".btn-modal-primary:visible").click()
		page.wait_for_function(MOVED_OR_REFUSED, arg=before)
		refusal = page.locator(REFUSAL)
		return refusal.inner_text() if refusal.count() else ""

	def _chooses(self, action: str) -> None:
		# Users of a site that has been in use may have chosen another language.
		label = self.page.evaluate("action => __(action)", action)
		self.page.locator(".actions-btn-group button:visible").first.click()
		self.page.locator(".actions-btn-group").get_by_text(label, exact=True).click()

	def _gives_reason(self, dialog: Locator, code: str, reason: str) -> None:
		if code:
			self.links(dialog, "code", code)
		dialog.locator("[data-fieldname=reason] textarea").fill(reason)
		dialog.locator(".btn-modal-primary:visible").click()

	def links(self, dialog: Locator, field: str, value: str) -> None:
		"""Fill in a link of a dialog and wait until the server has confirmed it: before, it counts as empty."""
		control = dialog.locator(f"[data-fieldname={field}] input")
		control.fill(value)
		control.press("Tab")
		self.page.wait_for_function(LINKED, arg=[field, value])

	def answers(self, task: str, opinion: str, **fields: str) -> None:
		"""Give the opinion beside the sheet of a review task."""
		page = self.opens("Review Task", task)
		form = page.locator(".or-answer")
		form.locator("select[data-fieldname=opinion]").select_option(opinion)
		for field, value in fields.items():
			control = form.locator(f"[data-fieldname={field}]:is(select, input, textarea)").first
			if control.evaluate("element => element.tagName") == "SELECT":
				control.select_option(value)
			else:
				control.fill(self._as_typed(control, value))
				control.press("Tab")
		form.locator("button.btn-primary").click()
		expect(page.locator(".or-answer")).to_have_count(0)
		page.wait_for_load_state("networkidle")

	def _as_typed(self, control: Locator, value: str) -> str:
		# Dates are typed as the user reads them, not as they are stored.
		is_date = control.get_attribute("data-fieldtype") == "Date"
		return str(self.page.evaluate(SHOWN_DATE, value)) if is_date else value


class Office:
	"""Everybody who works on an order."""

	def __init__(
		self, open_browser: Callable[..., BrowserContext], logins: Logins, sign_in: Callable[..., None]
	) -> None:
		self._open = open_browser
		self._logins, self._sign_in = logins, sign_in
		self._actors: dict[str, Actor] = {}

	def __call__(self, role: str) -> Actor:
		"""The user with a role, signed in."""
		if role not in self._actors:
			page = self._open().new_page()
			login = self._logins[role]
			self._sign_in(page, login["user"], login["password"])
			self._actors[role] = Actor(page)
		return self._actors[role]
