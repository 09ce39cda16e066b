"""A catalogue change that breaks a model is not released; a check tells beforehand what a rule would do."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.document import Document

from order_review.exceptions import CatalogueError, CatalogueReleaseError
from order_review.services import catalogue_check, catalogue_store, catalogue_transfer
from tests.site.samples import as_user, order_of

pytestmark = pytest.mark.usefixtures("demo_site")


def rule(code: str = "R-X99", **values: Any) -> Document:
	"""A new rule that forbids ENG-D247, unless told otherwise."""
	return frappe.get_doc(
		{
			"doctype": "Configuration Rule",
			"code": code,
			"rule_type": "excludes",
			"status": "active",
			"severity": "error",
			"confidence": "demo",
			"basis": "test",
			"condition": "ENG-D247",
			"requirement": "none(ENG)",
			"message_zh": "发动机247kW暂停销售",
			"message_en": "The 247 kW engine is not sold for now",
			**values,
		}
	)


class TestRelease:
	def test_a_rule_that_leaves_a_model_nothing_is_refused_with_the_conflict(self) -> None:
		as_user("km")
		with pytest.raises(CatalogueReleaseError) as refusal:
			rule(condition=None, scope="order.grade >= G3", requirement="none(ABS)").insert()
		said = str(refusal.value)
		assert "XQK6128H has no valid configuration left for grade high 3" in said
		assert "The 247 kW engine is not sold for now (R-X99)" in said
		assert "Save it as draft" in said

	def test_the_refusal_is_in_chinese_for_chinese_readers(self) -> None:
		as_user("km")
		frappe.local.lang = "zh"
		with pytest.raises(CatalogueReleaseError) as refusal:
			rule(condition=None, scope="order.grade >= G3", requirement="none(ABS)").insert()
		assert "XQK6128H在等级高三级" in str(refusal.value)
		assert "发动机247kW暂停销售(R-X99)" in str(refusal.value)

	def test_a_rule_that_breaks_a_standard_configuration_is_refused(self) -> None:
		as_user("km")
		with pytest.raises(CatalogueReleaseError, match="standard configuration of XQK6128H becomes invalid"):
			rule(condition="ENG-D220", requirement="!TRN-MT6").insert()

	def test_the_same_rule_may_be_saved_as_draft_but_not_set_active(self) -> None:
		as_user("km")
		draft = rule(condition="ENG-D220", requirement="!TRN-MT6", status="draft").insert()
		draft.status = "active"
		with pytest.raises(CatalogueReleaseError):
			draft.save()

	def test_a_rule_that_leaves_enough_is_released(self) -> None:
		as_user("km")
		rule().insert()
		assert any(each.code == "R-X99" for each in catalogue_store.current().rules)

	def test_advice_breaks_nothing(self) -> None:
		as_user("km")
		assert rule(condition="ENG-D220", requirement="!TRN-MT6", severity="warning").insert().name

	def test_tightening_a_released_rule_is_judged_as_well(self) -> None:
		as_user("km")
		released = frappe.get_doc("Configuration Rule", "R-B03")
		released.condition, released.requirement = None, "attr(SLY.seats) <= 1"
		with pytest.raises(CatalogueReleaseError, match="R-B03"):
			released.save()

	def test_taking_a_standard_option_from_its_model_is_refused(self) -> None:
		as_user("km")
		option = frappe.get_doc("Vehicle Option", "ABS-ESC")
		option.set("availability", [row for row in option.availability if row.vehicle_model != "XQK6128H"])
		with pytest.raises(CatalogueError, match="XQK6128H"):
			option.save()

	def test_phasing_out_a_standard_option_is_refused(self) -> None:
		as_user("km")
		option = frappe.get_doc("Vehicle Option", "ABS-ESC")
		option.status = "phased_out"
		with pytest.raises(CatalogueError, match="XQK6128H"):
			option.save()

	def test_phasing_out_an_option_nobody_needs_is_released(self) -> None:
		as_user("km")
		option = frappe.get_doc("Vehicle Option", "GAL-F")
		option.status = "phased_out"
		option.save()
		assert not catalogue_store.current().options["GAL-F"].active


def checked(**question: Any) -> Document:
	"""A catalogue check that has run."""
	document = frappe.get_doc({"doctype": "Catalogue Check", **question}).insert()
	assert document.status == "Queued"
	catalogue_check.run(document.name)
	return document.reload()


class TestCatalogueCheck:
	def test_the_sample_catalogue_has_no_error_and_its_certification_gaps(self) -> None:
		as_user("km")
		check = checked(check_date="2026-11-23")
		assert (check.status, check.errors) == ("Finished", 0)
		blocked = {(row.ref, row.vehicle_model) for row in check.findings if row.by_certification}
		assert ("ENG-D294", "XQK6128H") in blocked
		assert all(row.message_zh and row.message_en for row in check.findings)
		assert check.catalogue_hash == catalogue_store.current().hash
		assert check.warnings == len(check.findings) > 0

	def test_the_rehearsal_of_a_draft_names_what_dies_and_which_orders_fail(self) -> None:
		as_user("km")
		rule(status="draft").insert()
		check = checked(rule="R-X99", check_date="2026-11-23")
		assert check.status == "Finished"
		dead = {(row.change, row.kind, row.ref, row.vehicle_model) for row in check.findings}
		assert ("new", "dead_option", "ENG-D247", "XQK6128H") in dead
		failing = {row.intent_order for row in check.orders if row.ref == "R-X99"}
		using = frappe.get_all(
			"Intent Order Option",
			{"vehicle_option": "ENG-D247", "parenttype": "Intent Order"},
			pluck="parent",
		)
		ended = frappe.get_all("Intent Order", {"status": ["in", catalogue_check.CLOSED]}, pluck="name")
		assert failing == set(using) - set(ended)
		assert order_of("IO-01").name in failing
		assert check.failing_orders == len(failing)
		assert frappe.db.get_value("Configuration Rule", "R-X99", "status") == "draft"

	def test_the_rehearsal_of_a_rule_in_force_tells_what_it_does(self) -> None:
		as_user("tr")
		check = checked(rule="R-B03", check_date="2026-11-23")
		assert [row.intent_order for row in check.orders] == [order_of("IO-07").name]

	def test_a_rule_that_is_gone_makes_the_check_fail_with_a_sentence(self) -> None:
		as_user("km")
		document = frappe.get_doc({"doctype": "Catalogue Check", "rule": "R-B03"}).insert()
		frappe.db.set_value("Catalogue Check", document.name, "rule", "R-GONE")
		catalogue_check.run(document.name)
		document.reload()
		assert document.status == "Failed"
		assert "R-GONE" in document.fault

	def test_nobody_writes_an_outcome_by_hand(self) -> None:
		as_user("km")
		forged = frappe.get_doc(
			{
				"doctype": "Catalogue Check",
				"status": "Finished",
				"errors": 0,
				"findings": [{"kind": "none", "ref": "X"}],
			}
		).insert()
		assert (forged.status, forged.findings) == ("Queued", [])
		frappe.set_user("Administrator")
		forged.status = "Finished"
		with pytest.raises(CatalogueError):
			forged.save()

	@pytest.mark.parametrize(
		("user", "may"), [("km", True), ("tr", True), ("sp", False), ("oa", False), ("dl", False)]
	)
	def test_those_who_write_rules_read_and_start_checks(self, user: str, may: bool) -> None:
		as_user(user)
		assert bool(frappe.has_permission("Catalogue Check", "read")) is may
		assert bool(frappe.has_permission("Catalogue Check", "create")) is may
		assert bool(frappe.has_permission("Catalogue Check", "write")) is may, (
			"its form has fields to fill in"
		)
		if may:
			check = checked(rule="R-B03", check_date="2026-11-23")
			check.check_date = "2026-11-24"
			with pytest.raises(CatalogueError, match="not edited"):
				frappe.get_doc(check.as_dict()).save()

	def test_no_row_tells_a_floor(self) -> None:
		as_user("km")
		check = checked(rule="R-B03", check_date="2026-11-23")
		assert not [row for row in check.orders if row.code == "BELOW_FLOOR"]


class TestImport:
	def test_an_import_that_breaks_a_model_is_refused_and_changes_nothing(self) -> None:
		data = catalogue_store.read_data()
		before = catalogue_store.current().hash
		code, changed = (
			"R-B03",
			{**data, "rules": {**data["rules"], "rules": [dict(r) for r in data["rules"]["rules"]]}},
		)
		broken = next(each for each in changed["rules"]["rules"] if each["code"] == code)
		broken.pop("if", None)
		broken["then"] = "attr(SLY.seats) <= 1"
		with pytest.raises(CatalogueReleaseError, match=code):
			catalogue_transfer.import_data(changed)
		assert catalogue_store.current().hash == before
