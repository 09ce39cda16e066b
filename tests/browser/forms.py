"""Forms in the Desk, handled as a patient person does it."""

from __future__ import annotations

from playwright.sync_api import Page

STANDS = "() => window.cur_frm && cur_frm.doc && window.frappe && !frappe.request.ajax_count"
IS_OPEN = """(tab) => {
	const [link, pane] = [document.getElementById(`${tab}-tab`), document.getElementById(tab)];
	const open = [link, pane].every((element) => element.classList.contains("active"));
	if (!open) link.click();
	return open;
}"""
IS_WRITTEN = """([field, value]) => {
	const control = window.cur_dialog && cur_dialog.fields_dict[field];
	if (!control) return false;
	const written = control.value === value && control.get_value() === value;
	if (!written) control.$input.val(value).trigger("change");
	return written;
}"""
AGAIN_AFTER = 500
"""Milliseconds after which a person clicks again."""


def open_tab(page: Page, tab: str) -> None:
	"""Open a tab of the form by its id.

	A form that is drawn once more while its tab fades in goes back to the tab before; then it is clicked again.
	"""
	page.wait_for_selector(f"#{tab}-tab")
	page.wait_for_function(STANDS)
	page.click(f"#{tab}-tab")
	page.wait_for_function(IS_OPEN, arg=tab, polling=AGAIN_AFTER)


def write(page: Page, field: str, value: str) -> None:
	"""Choose or write a value in a field of the open dialog, and leave the field.

	A dialog that is drawn once more, since another field was changed, forgets what was not left yet; then it is
	written again.
	"""
	control = page.locator(f".modal.show [data-fieldname={field}]:is(select, input, textarea):visible")
	if control.evaluate("element => element.tagName") == "SELECT":
		control.select_option(value)
	else:
		control.fill(value)
	control.press("Tab")
	page.wait_for_function(IS_WRITTEN, arg=[field, value], polling=AGAIN_AFTER)
