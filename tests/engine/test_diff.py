"""The one diff: what differs between two versions of a vehicle as sold and as built."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from order_review.engine import Catalogue, Order
from order_review.engine.configuration import chosen_options
from order_review.engine.diff import (
	GROUPS,
	Content,
	Difference,
	Part,
	SpecialPart,
	differences,
	production_differences,
)
from order_review.engine.review import translate_order
from tests.engine.samples import merged


def read(catalogue: Catalogue, data: dict[str, Any], **changes: Any) -> Order:
	return Order.from_data(merged(data, changes), catalogue)


def content(catalogue: Catalogue, order: Order, **values: Any) -> Content:
	return Content(
		model=order.model,
		options=chosen_options(catalogue, order),
		services=dict(order.services),
		policies=frozenset(order.policies),
		values={
			"quantity": {"qty": Decimal(order.qty)},
			"price": {"unit_price": order.negotiated_unit},
			**values,
		},
	)


def compared(catalogue: Catalogue, before: Order, after: Order) -> list[Difference]:
	book = catalogue.price_books["PB-2026H2"]
	built = (translate_order(catalogue, before), translate_order(catalogue, after))
	contents = (content(catalogue, before), content(catalogue, after))
	return list(differences(catalogue, *contents, book=book, production=built))


@pytest.mark.parametrize("sample", [f"IO-{number:02}" for number in range(1, 13)])
def test_an_order_does_not_differ_from_itself(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]], sample: str
) -> None:
	order = read(catalogue, orders[sample])
	assert compared(catalogue, order, order) == []


def test_another_seat_layout_tells_price_weight_lead_time_and_production_rows(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	picks = orders["IO-01"]["picks"]
	before = read(catalogue, orders["IO-01"])
	after = read(catalogue, orders["IO-01"], picks=[*picks, "SLY-1249"])
	[found] = compared(catalogue, before, after)
	assert found.group == "configuration"
	assert (found.what.code, found.before and found.before.code, found.after and found.after.code) == (
		"SLY",
		"SLY-1251",
		"SLY-1249",
	)
	lists = catalogue.price_books["PB-2026H2"].options
	assert found.price_effect == lists["SLY-1249", "XQK6128H"].list - lists["SLY-1251", "XQK6128H"].list
	rows = {change.slot: [part.assembly for part in change.before] for change in found.production}
	assert ["7000010-C12-1251"] in rows.values()
	assert ["5101010-C12-1251"] in rows.values()  # the seat rails change with the layout


def test_a_bigger_battery_tells_its_weight_and_lead_time(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	picks = [code for code in orders["IO-02"]["picks"] if not code.startswith("BAT-")]
	before = read(catalogue, orders["IO-02"], picks=[*picks, "BAT-L255"])
	after = read(catalogue, orders["IO-02"], picks=[*picks, "BAT-L310"])
	found = next(one for one in compared(catalogue, before, after) if one.what.code == "BAT")
	assert found.weight_effect == 350
	assert found.lead_days == 10


def test_of_a_multi_family_each_option_has_a_row_of_its_own(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	before = read(catalogue, orders["IO-01"])
	picks = [code for code in orders["IO-01"]["picks"] if code != "AVS-W"]
	found = compared(catalogue, before, read(catalogue, orders["IO-01"], picks=[*picks, "AVS-K"]))
	rows = [(one.before and one.before.code, one.after and one.after.code) for one in found]
	assert rows == [("AVS-W", None), (None, "AVS-K")]


def test_price_quantity_services_and_policies_differ_each_in_its_group(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	before = read(catalogue, orders["IO-01"])
	after = read(
		catalogue,
		orders["IO-01"],
		qty=8,
		negotiated_unit=846_000,
		services={"freight": 4_000},
		policies=["POL-26-VOLC"],
	)
	found = {(one.group, one.what.code): one for one in compared(catalogue, before, after)}
	assert set(found) == {
		("quantity", "qty"),
		("price", "unit_price"),
		("service", "freight"),
		("policy", "POL-26-CASH"),
		("policy", "POL-26-GIFTADS"),
	}
	assert found["price", "unit_price"].price_effect == -2_000
	assert found["service", "freight"].price_effect == 200
	assert found["quantity", "qty"].price_effect is None
	groups = [GROUPS.index(group) for group, _what in found]
	assert groups == sorted(groups)


def test_special_options_differ_by_presence_and_by_price(catalogue: Catalogue) -> None:
	roof, rack = SpecialPart("车顶光伏板", Decimal(15_300)), SpecialPart("自行车架", None)
	before = Content("XQK6128H", specials={"SPC-1": roof, "SPC-2": rack})
	after = Content("XQK6128H", specials={"SPC-1": SpecialPart("车顶光伏板", Decimal(15_000))})
	found = {one.what.code: one for one in differences(catalogue, before, after)}
	assert found["SPC-1"].price_effect == -300
	assert found["SPC-1"].before != found["SPC-1"].after
	assert found["SPC-2"].after is None
	assert found["SPC-2"].price_effect is None  # it was never priced


def test_terms_that_say_nothing_before_and_after_do_not_differ(catalogue: Catalogue) -> None:
	before = Content("XQK6128H", values={"terms": {"service_terms": None, "acceptance": "按厂标"}})
	after = Content("XQK6128H", values={"terms": {"service_terms": "", "acceptance": "按国标"}})
	[found] = differences(catalogue, before, after)
	assert (found.group, found.what.code) == ("terms", "acceptance")


def test_a_content_survives_being_written_down(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	order = read(catalogue, orders["IO-02"])
	whole = content(catalogue, order, dates={"delivery_date": "2027-03-15"})
	again = Content.from_data(json.loads(json.dumps(whole.as_data())))
	assert again == whole
	assert differences(catalogue, whole, again) == ()


def test_production_lines_differ_slot_by_slot_manual_lines_too(catalogue: Catalogue) -> None:
	before = [Part("01 发动机", "1000010-C12-D247"), Part("30 专用件", "SP-1")]
	after = [Part("01 发动机", "1000010-C12-D300"), Part("30 专用件", "SP-1", Decimal(2)), Part("31", "X")]
	rows = [one.as_dict() for one in production_differences(catalogue, before, after)]
	assert [
		(row["what"]["code"], row["before"] and row["before"]["code"], row["after"]["code"]) for row in rows
	] == [
		("01 发动机", "1000010-C12-D247", "1000010-C12-D300"),
		("30 专用件", "SP-1", "SP-1 × 2"),
		("31", None, "X"),
	]
	assert production_differences(catalogue, before, list(reversed(before))) == ()


def test_a_slot_is_told_with_its_name(catalogue: Catalogue) -> None:
	[found] = production_differences(catalogue, [Part("SFB", "OLD-1")], [Part("SFB", "NEW-1")])
	names = {slot.code: slot.name_zh for slot in catalogue.slots}
	assert (found.what.code, found.what.zh) == ("SFB", names["SFB"])
	assert found.what.zh


def test_a_slot_no_changed_option_explains_is_told_on_its_own(
	catalogue: Catalogue, orders: dict[str, dict[str, Any]]
) -> None:
	before = read(catalogue, orders["IO-01"])
	after = read(catalogue, orders["IO-01"], picks=[*orders["IO-01"]["picks"], "SLY-1249"])
	built = (translate_order(catalogue, before), translate_order(catalogue, after))
	same = content(catalogue, before)
	found = differences(catalogue, same, same, production=built)
	assert {one.group for one in found} == {"production"}
