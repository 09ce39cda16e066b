"""The sample orders on the site find what the specification says, and exactly what the command line finds."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.adapters import catalogue_folder
from order_review.demo.places import DATA
from order_review.engine.catalogue import Catalogue
from order_review.engine.order import Order
from order_review.engine.review import review
from order_review.services.review_intent_order import kept_review
from tests.site.samples import SAMPLES, codes, order_of

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture(scope="module")
def folder_catalogue() -> Catalogue:
	return catalogue_folder.load(DATA)


def _plain(value: Any) -> Any:
	return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_order_finds_what_the_file_expects(sample: str) -> None:
	expected = SAMPLES[sample]["expected"]
	found = kept_review(order_of(sample).name)
	assert found is not None
	assert [(f["code"], f["ref"]) for f in found["findings"]] == [
		(f["code"], f["ref"]) for f in expected["findings"]
	]
	got = {
		**found["price"],
		"earliest_delivery": found["earliest_delivery"],
		"configuration": found["configuration"],
		"assemblies": [line["assembly"] for line in found["production"]["lines"]],
	}
	for name, value in expected.items():
		if name != "findings":
			assert got[name] == _plain(value), name


@pytest.mark.parametrize("sample", SAMPLES)
def test_site_and_command_line_give_one_answer(sample: str, folder_catalogue: Catalogue) -> None:
	order = order_of(sample)
	from_files = review(folder_catalogue, Order.from_data(SAMPLES[sample], folder_catalogue)).as_dict()
	assert kept_review(order.name) == {**from_files, "id": order.name} | {"id": kept_review(order.name)["id"]}


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_the_form_holds_is_the_open_part_of_the_review(sample: str) -> None:
	order, expected = order_of(sample), SAMPLES[sample]["expected"]
	assert codes(order) == [(f["code"], f["ref"]) for f in expected["findings"]]
	assert order.negotiated == expected["negotiated"]
	assert order.total == expected["total"]
	if order.order_type == "Internal":
		assert not order.review_price
		assert not order.deviation_pct
		assert not order.configured_list
	else:
		assert order.review_price == expected["review_price"]
		assert order.deviation_pct == expected["deviation_pct"]
		assert order.configured_list == expected["configured_list"]


def test_saving_again_changes_nothing_and_writes_no_version() -> None:
	order = order_of("IO-08")
	before = _said(order)
	order.save(ignore_version=False)
	assert _said(order_of("IO-08")) == before
	assert not frappe.get_all(
		"Version",
		filters={"ref_doctype": order.doctype, "docname": order.name, "creation": [">", order.creation]},
		limit=1,
	)


def _said(order: Document) -> dict[str, Any]:
	"""What the document says; an empty text says as little as none."""
	return {name: value or None for name, value in order.as_dict(no_default_fields=True).items()}


def test_rows_tell_standard_from_chosen_and_carry_list_prices() -> None:
	order = order_of("IO-01")
	rows = {row.vehicle_option: row for row in order.configuration}
	assert not rows["ENG-D247"].is_standard
	assert rows["ENG-D247"].list_price == 16000
	assert rows["FAX-6T5"].is_standard
	assert rows["FAX-6T5"].list_price == 0
	wrong = {row.vehicle_option: row for row in order_of("IO-08").configuration}["ENG-D199"]
	assert (wrong.claimed_price, wrong.list_price, wrong.difference) == (6000, 10000, -4000)


def test_policies_show_whether_they_count_and_for_how_much() -> None:
	amounts = {row.policy: (row.eligible, row.amount) for row in order_of("IO-01").policies}
	assert amounts == {"POL-26-VOLC": (1, 15960), "POL-26-CASH": (1, 8862), "POL-26-GIFTADS": (1, 9200)}
