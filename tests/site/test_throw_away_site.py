"""The ground every other site test stands on."""

from __future__ import annotations

import frappe

from tools.fetched_apps import version_key


def test_the_site_has_erpnext_15_with_a_company_and_our_app() -> None:
	installed = frappe.get_installed_apps()
	assert installed[:2] == ["frappe", "erpnext"]
	assert "order_review" in installed
	assert version_key(frappe.__version__)[0] == 15
	company = frappe.get_doc("Company", "Demo Coach Company")
	assert (company.abbr, company.default_currency, company.country) == ("DCC", "CNY", "China")


class TestWhatATestLeavesBehind:
	def test_one_test_writes_a_note(self) -> None:
		frappe.get_doc(doctype="Note", title="left behind?").insert()
		assert frappe.db.exists("Note", {"title": "left behind?"})

	def test_and_the_next_does_not_see_it(self) -> None:
		assert not frappe.db.exists("Note", {"title": "left behind?"})
