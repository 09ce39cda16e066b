"""A draft is rehearsed on orders before it is released: who changes, by how much, who falls below the floor."""

from __future__ import annotations

from decimal import Decimal

import frappe
import pytest
from frappe.model.document import Document

from order_review.demo.people import address
from order_review.exceptions import (
	PolicyError,
	ReasonMissingError,
	ReleasedError,
	SelfApprovalError,
	StatusChangeError,
)
from order_review.patches.v15_0 import requests_under_way
from order_review.services import (
	policy_adjustment,
	policy_release,
	price_book,
	price_rehearsal,
	price_release,
)
from order_review.services.policy_release import in_force
from tests.site.samples import as_user, order_of

pytestmark = pytest.mark.usefixtures("demo_site")

DAY = frappe.utils.getdate


def rehearsed(doctype: str, name: str, mode: str = price_rehearsal.AS_IF) -> Document:
	return price_rehearsal.run(price_rehearsal.make(doctype, name, mode).name)


def row(result: Document, sample: str) -> Document | None:
	name = order_of(sample).name
	return next((row for row in result.rows if row.intent_order == name), None)


def moved(result: Document) -> float:
	"""What the rows move all their vehicles together."""
	vehicles = {
		entry.intent_order: frappe.db.get_value("Intent Order", entry.intent_order, "qty")
		for entry in result.rows
	}
	return sum(entry.delta * vehicles[entry.intent_order] for entry in result.rows)


@pytest.fixture
def dearer_book() -> str:
	"""Next book: lists 3 % up, floors 6 % up."""
	as_user("mp")
	percents = {"list": Decimal(3), "floor": Decimal(6), "cost": Decimal(0)}
	return price_book.copy_book(
		"PB-2026H2", "PB-2027H2", "草稿", DAY("2027-07-01"), DAY("2027-12-31"), percents
	)


@pytest.fixture
def better_volume() -> str:
	"""A new version of the volume discount: 3 % instead of 2 % from ten vehicles on."""
	as_user("mp")
	name = policy_release.new_version("POL-26-VOLC", "POL-26-VOLC-V2", DAY("2026-12-01"), DAY("2026-12-31"))
	policy = frappe.get_doc("Business Policy", name)
	policy.tiers[1].pct = 3
	policy.approval_no = "商政〔2026〕20号"
	policy.save()
	return name


def test_a_dearer_book_tells_each_order_its_change(dearer_book: str) -> None:
	result = rehearsed("Price Book", dearer_book)
	assert (result.status, result.orders) == ("Done", len(price_rehearsal.order_names()))
	first = row(result, "IO-01")
	# A 798 000 → 821 900; the options, each rounded to 100, 88 200 → 90 900
	assert (first.before, first.after) == (855978, 882032)
	assert first.falls_below_floor
	assert result.below_floor == sum(entry.falls_below_floor for entry in result.rows) > 0
	assert result.dearer > 0
	assert result.cheaper == 0


def test_by_its_dates_the_book_touches_no_order_of_this_year(dearer_book: str) -> None:
	result = rehearsed("Price Book", dearer_book, price_rehearsal.BY_DATE)
	assert (result.status, result.changed) == ("Done", 0)


def test_a_rehearsal_changes_neither_orders_nor_catalogue(dearer_book: str) -> None:
	before = order_of("IO-01").as_dict()
	rehearsed("Price Book", dearer_book)
	assert order_of("IO-01").as_dict() == before
	assert frappe.db.get_value("Price Book", dearer_book, "status") == "draft"


def test_a_better_discount_moves_the_orders_that_claim_it(better_volume: str) -> None:
	result = rehearsed("Business Policy", better_volume)
	claiming = frappe.get_all("Intent Order Policy", {"policy": "POL-26-VOLC"}, pluck="parent")
	assert order_of("IO-01").name in claiming
	of_ten = frappe.get_all("Intent Order", {"name": ["in", claiming], "qty": [">=", 10]}, pluck="name")
	assert {entry.intent_order for entry in result.rows} == set(of_ten)
	assert row(result, "IO-01").delta == -7980  # 1 % of 798 000
	assert result.total_delta == moved(result)


def test_only_readers_of_floors_rehearse() -> None:
	for code in ("sp", "pl", "km"):
		as_user(code)
		with pytest.raises(frappe.PermissionError):
			price_rehearsal.make("Price Book", "PB-2027H1")


def test_a_result_is_not_edited(dearer_book: str) -> None:
	result = rehearsed("Price Book", dearer_book)
	frappe.set_user("Administrator")
	document = frappe.get_doc("Price Rehearsal", result.name)
	document.below_floor = 0
	with pytest.raises(StatusChangeError):
		document.save()


# --- policies ----------------------------------------------------------------------------------------------


def test_a_cap_of_300_percent_is_refused() -> None:
	frappe.set_user("Administrator")
	settings = frappe.get_doc("Catalogue Settings")
	settings.cap_pct = 300
	with pytest.raises(frappe.ValidationError, match="300"):
		settings.save()


def test_a_discount_beyond_the_cap_is_not_released(better_volume: str) -> None:
	policy = frappe.get_doc("Business Policy", better_volume)
	policy.tiers[2].pct = 7
	policy.save()
	with pytest.raises(PolicyError, match="capped at 6"):
		price_release.request_approval(policy, policy_release.check_release)


@pytest.mark.parametrize(
	("tier", "field", "value", "said"),
	[
		(1, "pct", 101, "from 0 to 100"),
		(1, "min_qty", 5, "tiers go upwards"),
		(0, "pct", -1, "from 0 to 100"),
	],
)
def test_tiers_that_make_no_sense_are_refused(
	better_volume: str, tier: int, field: str, value: float, said: str
) -> None:
	policy = frappe.get_doc("Business Policy", better_volume)
	policy.tiers[tier].set(field, value)
	with pytest.raises(PolicyError, match=said):
		policy.save()


def test_a_released_policy_never_changes_and_its_new_version_replaces_it(better_volume: str) -> None:
	with pytest.raises(ReleasedError):
		frappe.get_doc("Business Policy", "POL-26-VOLC").update({"valid_to": "2027-12-31"}).save()
	price_release.request_approval(
		frappe.get_doc("Business Policy", better_volume), policy_release.check_release
	)
	as_user("vp")
	price_release.approve(frappe.get_doc("Business Policy", better_volume), policy_release.check_release)
	assert str(frappe.db.get_value("Business Policy", "POL-26-VOLC", "valid_to")) == "2026-11-30"

	def named(day: str) -> set[str]:
		return {
			policy["policy"] for policy in in_force(DAY(day)) if policy["policy"].startswith("POL-26-VOLC")
		}

	assert named("2026-11-30") == {"POL-26-VOLC"}
	assert named("2026-12-01") == {better_volume}


def test_the_manager_does_not_approve_the_policy_he_wrote() -> None:
	as_user("sm")
	name = policy_release.new_version("POL-26-VOLC", "POL-26-VOLC-V2", DAY("2026-12-01"), DAY("2026-12-31"))
	frappe.get_doc("Business Policy", name).update({"approval_no": "商政〔2026〕20号"}).save()
	price_release.request_approval(frappe.get_doc("Business Policy", name), policy_release.check_release)
	with pytest.raises(SelfApprovalError):
		price_release.approve(frappe.get_doc("Business Policy", name), policy_release.check_release)


# --- adjustment request ------------------------------------------------------------------------------------


@pytest.fixture
def request_(better_volume: str) -> str:
	"""A request for the better volume discount, its effect computed."""
	company = frappe.db.get_value("Company", {}, "name")
	document = frappe.get_doc(
		{
			"doctype": "Policy Adjustment Request",
			"title": "批量优惠调整",
			"company": company,
			"reason": "竞争",
			"rows": [{"policy": better_volume}],
		}
	).insert()
	document.rehearsal = rehearsed("Policy Adjustment Request", document.name).name
	policy_adjustment.save(document)
	return document.name


def asked(name: str) -> Document:
	return frappe.get_doc("Policy Adjustment Request", name)


def test_a_request_goes_by_finance_to_the_approver_and_releases_its_policies(
	request_: str, better_volume: str
) -> None:
	shown = frappe.get_doc("Price Rehearsal", asked(request_).rehearsal)
	assert shown.total_delta == moved(shown) < 0
	policy_adjustment.submit(asked(request_))
	as_user("vp")
	with pytest.raises(StatusChangeError):
		policy_adjustment.approve(asked(request_))
	as_user("fr")
	with pytest.raises(ReasonMissingError):
		policy_adjustment.give_opinion(asked(request_), "Object")
	policy_adjustment.give_opinion(asked(request_), "Agree with condition", "仅限四季度")
	as_user("vp")
	policy_adjustment.approve(asked(request_))
	assert asked(request_).status == "Approved"
	policy = frappe.get_doc("Business Policy", better_volume)
	assert (policy.status, policy.adjustment_request) == ("released", request_)
	steps = [(event.to_status, event.actor.split("@")[0]) for event in asked(request_).events]
	assert steps == [("Submitted", "mp"), ("Finance Checked", "fr"), ("Approved", "vp")]


def test_a_request_without_its_effect_or_with_a_released_policy_is_refused(better_volume: str) -> None:
	company = frappe.db.get_value("Company", {}, "name")
	values = {"doctype": "Policy Adjustment Request", "title": "x", "company": company, "reason": "y"}
	with pytest.raises(PolicyError, match="not a draft"):
		frappe.get_doc({**values, "rows": [{"policy": "POL-26-VOLC"}]}).insert()
	document = frappe.get_doc({**values, "rows": [{"policy": better_volume}]}).insert()
	with pytest.raises(PolicyError, match="effect"):
		policy_adjustment.submit(document)


def test_a_request_under_way_stands_still(request_: str) -> None:
	policy_adjustment.submit(asked(request_))
	with pytest.raises(ReleasedError):
		asked(request_).update({"reason": "other"}).save()
	with pytest.raises(StatusChangeError):
		asked(request_).update({"status": "Approved"}).save()
	as_user("sp")
	with pytest.raises(frappe.PermissionError):
		asked(request_).check_permission("read")


def through_finance(request: str) -> str:
	policy_adjustment.submit(asked(request))
	as_user("fr")
	policy_adjustment.give_opinion(asked(request), "Agree")
	return request


def behind_the_guard(policy: str, pct: float = 5) -> None:
	"""The draft says something else than before, by whatever way."""
	row = frappe.get_doc("Business Policy", policy).tiers[1]
	frappe.db.set_value(row.doctype, row.name, "pct", pct)


def test_a_draft_stands_still_while_its_request_is_under_way(request_: str, better_volume: str) -> None:
	def change() -> None:
		policy = frappe.get_doc("Business Policy", better_volume)
		policy.tiers[1].pct = 5
		policy.save()

	through_finance(request_)
	as_user("mp")
	with pytest.raises(ReleasedError, match="waits for approval"):
		change()
	assert price_release.steps_of(frappe.get_doc("Business Policy", better_volume)) == []
	policy_adjustment.withdraw(asked(request_), "政策需调整")
	change()
	assert frappe.get_doc("Business Policy", better_volume).tiers[1].pct == 5


def test_what_was_changed_after_finance_looked_is_not_released(request_: str, better_volume: str) -> None:
	through_finance(request_)
	behind_the_guard(better_volume)
	as_user("vp")
	with pytest.raises(StatusChangeError, match="Withdraw"):
		policy_adjustment.approve(asked(request_))
	assert frappe.db.get_value("Business Policy", better_volume, "status") == "draft"
	as_user("mp")
	policy_adjustment.withdraw(asked(request_), "政策有改动")


def test_finance_gives_no_opinion_on_what_was_changed(request_: str, better_volume: str) -> None:
	policy_adjustment.submit(asked(request_))
	behind_the_guard(better_volume)
	as_user("fr")
	with pytest.raises(StatusChangeError, match="Withdraw"):
		policy_adjustment.give_opinion(asked(request_), "Agree")


def test_an_effect_computed_before_a_change_is_computed_again(request_: str, better_volume: str) -> None:
	policy = frappe.get_doc("Business Policy", better_volume)
	policy.tiers[1].pct = 4
	policy.save()
	with pytest.raises(PolicyError, match="Compute it again"):
		policy_adjustment.submit(asked(request_))
	document = asked(request_)
	document.rehearsal = rehearsed("Policy Adjustment Request", document.name).name
	policy_adjustment.save(document)
	policy_adjustment.submit(asked(request_))
	hashes = {row.content_hash for row in asked(request_).events}
	assert hashes == {asked(request_).content_hash} != {None}


def test_a_request_that_was_under_way_before_goes_on(request_: str) -> None:
	through_finance(request_)
	frappe.db.set_value("Policy Adjustment Request", request_, "content_hash", None)
	requests_under_way.execute()
	as_user("vp")
	policy_adjustment.approve(asked(request_))
	assert asked(request_).status == "Approved"


def test_who_wrote_a_policy_does_not_approve_its_request(request_: str, better_volume: str) -> None:
	frappe.db.set_value("Business Policy", better_volume, "owner", address("VP"))
	through_finance(request_)
	as_user("vp")
	with pytest.raises(SelfApprovalError):
		policy_adjustment.approve(asked(request_))


def test_a_suspended_policy_counts_for_no_order_until_it_is_resumed() -> None:
	def discounts() -> float:
		order = order_of("IO-01")
		order.save(ignore_permissions=True)
		return order.discounts

	assert discounts() == 34022
	as_user("vp")
	with pytest.raises(ReasonMissingError):
		price_release.suspend(frappe.get_doc("Business Policy", "POL-26-VOLC"), "")
	price_release.suspend(frappe.get_doc("Business Policy", "POL-26-VOLC"), "库存清理完成")
	frappe.set_user("Administrator")
	assert discounts() == 34022 - 15960
	as_user("vp")
	price_release.resume(frappe.get_doc("Business Policy", "POL-26-VOLC"), "恢复执行")
	frappe.set_user("Administrator")
	assert discounts() == 34022


def test_a_draft_that_was_rehearsed_goes_with_its_rehearsals(dearer_book: str) -> None:
	name = rehearsed("Price Book", dearer_book).name
	frappe.delete_doc("Price Book", dearer_book)
	assert not frappe.db.exists("Price Rehearsal", name)
