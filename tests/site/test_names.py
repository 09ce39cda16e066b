"""Installed beside others: a host's records under our names stop the install, or are shared and stay the host's."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest

from order_review.constants import CUSTOM_FIELDS, ROLES
from order_review.exceptions import NamesTakenError
from order_review.setup import leftovers, names


@pytest.fixture
def host_has(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
	"""Pretend that the app needs further names, which the host has."""
	plain = names.wanted()

	def needs(*more: names.Name) -> None:
		monkeypatch.setattr(names, "wanted", lambda: plain | set(more))

	return needs


def test_a_site_that_has_none_of_our_names_is_taken() -> None:
	names.refuse_taken()
	assert len(names.wanted()) > 250


@pytest.mark.parametrize(
	"taken",
	[
		("DocType", "Sales Order"),
		("Report", "General Ledger"),
		("Role", "Accounts User"),
		("Workflow State", "Pending"),
		("Module Def", "Selling"),
	],
)
def test_a_record_of_the_hosts_under_a_name_of_ours_is_named(
	taken: names.Name, host_has: Callable[..., None]
) -> None:
	host_has(taken)
	with pytest.raises(NamesTakenError) as refused:
		names.refuse_taken()
	assert f"{taken[0]}: {taken[1]}" in str(refused.value)


def test_a_field_erpnext_has_itself_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
	field = {"fieldname": "customer_group", "fieldtype": "Link", "label": "Group"}
	monkeypatch.setitem(CUSTOM_FIELDS, "Customer", [*CUSTOM_FIELDS["Customer"], field])
	with pytest.raises(NamesTakenError, match="DocField: Customer-customer_group"):
		names.refuse_taken()


def test_what_can_be_kept_alike_is_shared_on_request(
	host_has: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
	host_has(("Role", "Accounts User"))
	monkeypatch.setitem(frappe.local.conf, names.SHARE, 1)
	names.refuse_taken()
	assert names.is_shared("Role", "Accounts User")
	assert not names.is_shared("Role", "Salesperson")
	host_has(("DocType", "Sales Order"))
	with pytest.raises(NamesTakenError, match="Sales Order"):
		names.refuse_taken()


def test_a_site_of_an_earlier_version_remembers_what_came_with_it() -> None:
	names.forget()
	frappe.clear_cache()
	frappe.db.set_value("Role", "Dealer", "creation", "2001-01-01", update_modified=False)
	names.refuse_taken()
	names.remember()
	assert names.is_shared("Role", "Dealer"), "older than the app: the host's"
	assert not any(names.is_shared("Role", name) for name, _zh in ROLES.values() if name != "Dealer")


def test_a_counter_the_hosts_documents_count_with_stays() -> None:
	made = {
		"doc_type": "Customer",
		"property": "options",
		"property_type": "Text",
		"value": "IO-.YYYY.-.####",
	}
	frappe.get_doc(
		{"doctype": "Property Setter", "doctype_or_field": "DocField", "field_name": "naming_series", **made}
	).db_insert()
	leftovers.remove_series()
	left = {series for (series,) in frappe.db.sql("select name from tabSeries")}
	assert any(series.startswith("IO-2") for series in left)
	assert not any(series.startswith("SC-2") for series in left)
