"""Order entry: the sales configuration is translated, audited by somebody else, confirmed and released."""

from __future__ import annotations

import frappe
import pytest

from order_review.constants import REVIEW_TASK, SALES_CONTRACT, WORK_QUALITY
from order_review.demo.people import address
from order_review.exceptions import ProductionStepError, SelfApprovalError
from order_review.services.production import configuration, translation
from tests.site.producing import (
	add_line,
	audited,
	begun,
	change,
	confirm,
	confirmed,
	handed_to_audit,
	mark,
	pcf,
	released,
	take,
	tick_all,
)
from tests.site.reviewing import acting
from tests.site.samples import SAMPLES


@pytest.fixture
def translating() -> str:
	return begun("IO-01")


def test_the_rules_give_the_51_assemblies_of_the_sample_order(translating: str) -> None:
	document = pcf(translating)
	expected = set(SAMPLES["IO-01"]["expected"]["assemblies"])
	assert {row.assembly_no for row in document.lines} == expected
	assert len(document.lines) == 51
	assert not document.gaps
	assert not document.doubles
	assert document.translator == address("OA")
	assert translation.trace(document).is_closed


def test_released_it_is_a_submitted_sales_order_with_its_bom() -> None:
	name = released("IO-01")
	document = pcf(name)
	assert (document.status, document.docstatus) == ("Released", 1)
	order = frappe.get_doc("Sales Order", document.sales_order)
	assert (order.docstatus, order.sales_contract) == (1, document.sales_contract)
	bom = frappe.get_doc("BOM", document.bom)
	assert {row.item_code for row in bom.items} == {row.assembly_no for row in document.lines}
	contract = frappe.get_doc(SALES_CONTRACT, document.sales_contract)
	assert contract.status == "In Fulfilment"
	assert contract.lines[0].sales_order == document.sales_order
	assert contract.lines[0].production_configuration == name
	assert document.planned_week == "2027-W10"


def test_a_client_does_not_change_what_the_rules_say(translating: str) -> None:
	with acting("OA"):
		document = pcf(translating)
		document.lines[0].update({"assembly_no": "9999999-X", "reason": "günstiger"})
		document.save()
	assert "9999999-X" not in {row.assembly_no for row in pcf(translating).lines}


def test_a_line_by_hand_takes_the_place_of_the_rules_and_needs_a_reason(translating: str) -> None:
	rule = next(row for row in pcf(translating).lines if row.slot == "TYR")
	with pytest.raises(ProductionStepError, match="needs Reason"):
		add_line(translating, slot="TYR", assembly_no="3106010-C12-TEST")
	add_line(translating, slot="TYR", assembly_no="3106010-C12-TEST", reason="供应商停产,技术中心通知 26-118")
	lines = {row.assembly_no: row for row in pcf(translating).lines}
	assert rule.assembly_no not in lines
	assert lines["3106010-C12-TEST"].source == "manual"
	assert lines["3106010-C12-TEST"].from_options == rule.from_options
	assert translation.trace(pcf(translating)).is_closed


def test_without_a_word_on_the_livery_nothing_goes_to_audit(translating: str) -> None:
	with pytest.raises(ProductionStepError, match="livery"):
		take(translating, "Submit for Audit", "OA")


def test_a_line_nothing_asks_for_is_not_released(translating: str) -> None:
	slot = next(
		slot for slot in ("TOI", "FAR", "RMP", "MOT") if slot not in {r.slot for r in pcf(translating).lines}
	)
	add_line(translating, slot=slot, assembly_no="7900000-C12-X", reason="x")
	frappe.db.set_value(
		"Production Configuration Line",
		{"parent": translating, "assembly_no": "7900000-C12-X"},
		"reason",
		"",
	)
	document = pcf(translating)
	assert not translation.trace(document).is_closed


class TestAnAudit:
	@pytest.fixture
	def auditing(self, translating: str) -> str:
		return handed_to_audit(translating)

	def test_is_not_the_translators(self, translating: str) -> None:
		frappe.get_doc("User", address("OA")).add_roles("Configuration Auditor")
		handed_to_audit(translating)
		frappe.db.set_value("Production Configuration", translating, "blind_state", None)
		tick_all(translating, "OA")
		with pytest.raises(SelfApprovalError):
			take(translating, "Pass Audit", "OA")
		assert pcf(translating).status == "Auditing"

	def test_is_over_when_every_row_is_ticked(self, auditing: str) -> None:
		frappe.db.set_value("Production Configuration", auditing, "blind_state", None)
		with pytest.raises(ProductionStepError, match="not ticked"):
			take(auditing, "Pass Audit", "AU")
		audited(auditing)
		assert pcf(auditing).status == "Department Confirmation"
		assert pcf(auditing).auditor == address("AU")

	def test_explains_every_option_and_every_line(self, auditing: str) -> None:
		document = pcf(auditing)
		said = "\n".join(row.production for row in document.checks)
		assert all(row.assembly_no in said for row in document.lines)
		assert {row.vehicle_option for row in document.options} <= {
			row.vehicle_option for row in document.checks
		}
		warranty = next(row for row in document.checks if row.vehicle_option == "WAR-S")
		assert "TR-2" in warranty.production

	def test_returns_with_the_faulty_row_and_the_translator_hears_of_it(self, auditing: str) -> None:
		frappe.db.set_value("Production Configuration", auditing, "blind_state", None)
		with pytest.raises(ProductionStepError, match="Mark the rows"):
			take(auditing, "Return to Translator", "AU", "RT-CONF 座椅")
		mark(auditing, "WHL-A", "Mismatch", "合同为铝合金轮辋")
		take(auditing, "Return to Translator", "AU", "RT-CONF 座椅")
		document = pcf(auditing)
		assert document.status == "Returned to Translator"
		record = frappe.get_doc(WORK_QUALITY, {"reference_name": auditing})
		assert (record.work_quality_type, record.user) == ("WQ-01", address("OA"))
		take(auditing, "Submit for Audit", "OA")
		assert not any(row.fault for row in pcf(auditing).checks)

	def test_leaves_the_lines_as_they_are(self, auditing: str) -> None:
		frappe.db.set_value("Production Configuration", auditing, "blind_state", None)
		with pytest.raises(frappe.ValidationError):
			change(auditing, "AU", livery_note="andere")
		with acting("AU"):
			document = pcf(auditing)
			document.checks[0].production = "gefälscht"
			document.save()
		assert pcf(auditing).checks[0].production != "gefälscht"


def test_an_objection_keeps_it_from_the_plant() -> None:
	name = audited(handed_to_audit(begun("IO-01")))
	confirm(name, "PRODMGT", "Object", reason_code="OB-OTHER", acceptable_if="换用左侧围骨架")
	confirm(name, "PLAN")
	with pytest.raises(ProductionStepError, match="Objections stand"):
		take(name, "Release", "OA")
	assert take(name, "Return to Translator", "OA", "RT-OBJ 生管反对") == "Returned to Translator"
	assert not frappe.db.exists(REVIEW_TASK, {"reference_name": name, "status": "Open"})


def test_nobody_releases_before_the_departments_agree() -> None:
	name = audited(handed_to_audit(begun("IO-01")))
	with pytest.raises(ProductionStepError, match="Not confirmed yet"):
		take(name, "Release", "OA")


def test_a_release_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
	name = confirmed(audited(handed_to_audit(begun("IO-01"))))
	sales_order = frappe.get_meta("Sales Order")
	assert sales_order
	before = frappe.db.count("Item")
	monkeypatch.setattr(
		"erpnext.selling.doctype.sales_order.sales_order.SalesOrder.on_submit",
		lambda self: frappe.throw("credit limit"),
	)
	frappe.db.savepoint("before_release")
	with pytest.raises(frappe.ValidationError, match="credit limit"), acting("OA"):
		configuration.release(name)
	frappe.db.rollback(save_point="before_release")
	assert pcf(name).status == "Department Confirmation"
	assert frappe.db.count("Item") == before


class TestAReleasedVersion:
	@pytest.fixture
	def done(self) -> str:
		return released("IO-01")

	def test_is_released_once(self, done: str) -> None:
		first = pcf(done).sales_order
		with acting("OA"):
			again = configuration.release(done)
		assert again["sales_order"] == first
		assert frappe.db.count("Sales Order", {"production_configuration": done}) == 1

	def test_never_changes(self, done: str) -> None:
		for code in ("OA", "AU", "OS"):
			document = pcf(done)
			document.lines[0].assembly_no = "0"
			with acting(code), pytest.raises(frappe.ValidationError):
				document.save()
		document = pcf(done)
		with acting("OS"), pytest.raises((frappe.ValidationError, frappe.PermissionError)):
			document.cancel()

	def test_is_followed_by_one_that_keeps_what_was_put_in_by_hand(self, done: str) -> None:
		name = configuration.new_version(done)
		with pytest.raises(ProductionStepError):
			configuration.new_version(done)
		take(name, "Begin Translation", "OA")
		document = pcf(name)
		assert (document.version, document.supersedes, document.livery_kind) == (2, done, "Library Pattern")
		assert len(document.lines) == 51
