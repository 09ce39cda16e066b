"""Order entry: the sales configuration is translated, audited by somebody else, confirmed and released."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import frappe
import pytest

from order_review.constants import (
	PRODUCTION_CHECK,
	PRODUCTION_CONFIGURATION,
	REVIEW_SETTINGS,
	REVIEW_TASK,
	SALES_CONTRACT,
	WORK_QUALITY,
)
from order_review.demo.people import address
from order_review.exceptions import ProductionEntryError, ReasonMissingError, SelfApprovalError
from order_review.services.production import (
	audit,
	blind_check,
	configuration,
	confirmation,
	sheet,
	translation,
)
from tests.site import contracting
from tests.site.producing import (
	add_line,
	audited,
	begun,
	begun_line,
	change,
	confirm,
	confirmed,
	handed_to_audit,
	in_force,
	mark,
	not_drawn,
	pcf,
	released,
	take,
	tick_all,
)
from tests.site.reviewing import acting
from tests.site.samples import SAMPLES

pytestmark = pytest.mark.usefixtures("demo_site")


@pytest.fixture
def also_auditor() -> Iterator[Callable[[str], None]]:
	"""Gives a sample user the auditor's role as well."""
	given = []

	def give(code: str) -> None:
		frappe.get_doc("User", address(code)).add_roles("Configuration Auditor")
		given.append(address(code))

	yield give
	frappe.db.rollback()
	for user in given:
		frappe.clear_cache(user=user)


def test_the_audit_returns_the_work_of_a_substitute_whose_quality_nobody_records() -> None:
	name = not_drawn(handed_to_audit(begun("IO-01")))
	frappe.db.set_value(PRODUCTION_CONFIGURATION, name, "translator", address("TR"))
	mark(name, "WHL-A", "合同为铝合金轮辋")
	assert take(name, "Return to Translator", "AU", "RT-CONF 轮辋") == "Returned to Translator"
	assert not frappe.db.exists(WORK_QUALITY, {"reference_name": name})


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
	assert all(row.explained for row in translation.trace(document))


def test_a_contract_that_becomes_effective_goes_to_order_entry() -> None:
	contract = contracting.effective("IO-02")
	name = configuration.live(contract, 1)
	document = pcf(str(name))
	assert (document.status, document.version, document.owner_oa) == ("Draft", 1, address("OA"))
	assert configuration.create(contract, 1) == name
	line = frappe.get_doc(SALES_CONTRACT, contract).lines[0]
	assert line.production_configuration == name


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
		with pytest.raises(ProductionEntryError, match="comes from rule"):
			document.save()
		document = pcf(translating)
		document.lines.pop(0)
		document.save()
	assert len(pcf(translating).lines) == 51


def test_the_form_is_saved_as_a_browser_sends_it_with_whole_quantities_as_whole_numbers(
	translating: str,
) -> None:
	sent = json.loads(frappe.as_json(pcf(translating).as_dict()))
	for row in sent["lines"]:
		row["qty"] = int(row["qty"])
	sent |= {"livery_status": "Library Pattern", "livery_pattern": "P-118"}
	with acting("OA"):
		frappe.get_doc(sent).save()
	assert pcf(translating).livery_pattern == "P-118"
	sent = json.loads(frappe.as_json(pcf(translating).as_dict()))
	sent["lines"][0]["qty"] = 2
	with acting("OA"), pytest.raises(ProductionEntryError, match="comes from rule"):
		frappe.get_doc(sent).save()


def test_a_line_by_hand_takes_the_place_of_the_rules_and_needs_a_reason(translating: str) -> None:
	rule = next(row for row in pcf(translating).lines if row.slot == "TYR")
	with pytest.raises(ProductionEntryError, match="needs Reason"):
		add_line(translating, slot="TYR", assembly_no="3106010-C12-TEST", reason=" ")
	add_line(translating, slot="TYR", assembly_no="3106010-C12-TEST", reason="供应商停产,技术中心通知 26-118")
	lines = {row.assembly_no: row for row in pcf(translating).lines}
	assert rule.assembly_no not in lines
	assert lines["3106010-C12-TEST"].source == "Manual"
	assert lines["3106010-C12-TEST"].from_options == rule.from_options
	assert all(row.explained for row in translation.trace(pcf(translating)))


def test_without_a_word_on_the_livery_nothing_goes_to_audit(translating: str) -> None:
	with pytest.raises(ProductionEntryError, match="livery"):
		take(translating, "Submit for Audit", "OA")


def test_a_line_nothing_asks_for_keeps_it_from_the_audit(translating: str) -> None:
	handed = pcf(translating)
	frappe.db.set_value("Production Configuration Line", handed.lines[0].name, "from_options", "")
	frappe.db.set_value(PRODUCTION_CONFIGURATION, translating, {"livery_status": "None Needed"})
	with pytest.raises(ProductionEntryError, match="nothing sold asks for it"):
		take(translating, "Submit for Audit", "OA")


def test_a_custom_livery_needs_a_design(translating: str) -> None:
	change(translating, livery_status="Livery Design")
	with pytest.raises(ProductionEntryError, match="livery design"):
		take(translating, "Submit for Audit", "OA")


class TestAnAudit:
	@pytest.fixture
	def auditing(self, translating: str) -> str:
		return not_drawn(handed_to_audit(translating))

	def test_is_not_the_translators(self, translating: str, also_auditor: Callable[[str], None]) -> None:
		also_auditor("OA")
		not_drawn(handed_to_audit(translating))
		with pytest.raises(SelfApprovalError):
			tick_all(translating, "OA")
		frappe.db.set_value(PRODUCTION_CHECK, {"parent": translating}, "is_ticked", 1)
		with pytest.raises(SelfApprovalError):
			take(translating, "Pass Audit", "OA")
		assert pcf(translating).status == "Auditing"

	def test_is_not_of_somebody_who_helped_to_translate(
		self, translating: str, also_auditor: Callable[[str], None]
	) -> None:
		also_auditor("CA")
		change(translating, "CA", livery_status="Library Pattern", livery_pattern="P-1")
		not_drawn(handed_to_audit(translating))
		with pytest.raises(SelfApprovalError):
			tick_all(translating, "CA")

	def test_is_over_when_every_row_is_ticked(self, auditing: str) -> None:
		with pytest.raises(ProductionEntryError, match="not ticked"):
			take(auditing, "Pass Audit", "AU")
		audited(auditing)
		assert pcf(auditing).status == "Department Confirmation"
		assert pcf(auditing).auditor == address("AU")

	def test_explains_every_option_and_every_line(self, auditing: str) -> None:
		document = pcf(auditing)
		said = "\n".join(row.built for row in document.checks)
		assert all(row.assembly_no in said for row in document.lines)
		assert {row.vehicle_option for row in document.options} <= {row.ref for row in document.checks}
		warranty = next(row for row in document.checks if row.ref == "WAR-S")
		assert warranty.built
		assert "×" not in warranty.built

	def test_returns_with_the_faulty_row_and_the_translator_hears_of_it(self, auditing: str) -> None:
		tick_all(auditing)
		with pytest.raises(ProductionEntryError, match="at least one row"):
			take(auditing, "Return to Translator", "AU", "RT-CONF 座椅")
		mark(auditing, "WHL-A", "合同为铝合金轮辋")
		take(auditing, "Return to Translator", "AU", "RT-CONF 座椅")
		document = pcf(auditing)
		assert document.status == "Returned to Translator"
		record = frappe.get_doc(WORK_QUALITY, {"reference_name": auditing})
		assert (record.work_quality_type, record.user) == ("WQ-01", address("OA"))
		take(auditing, "Begin Translation", "OA")
		take(auditing, "Submit for Audit", "OA")
		rows = {row.ref: row for row in pcf(auditing).checks}
		assert not rows["WHL-A"].is_ticked
		assert not rows["WHL-A"].remark
		assert rows["ENG-D247"].is_ticked

	def test_without_a_reason_code_nothing_is_returned(self, auditing: str) -> None:
		mark(auditing, "WHL-A", "合同为铝合金轮辋")
		with pytest.raises(ReasonMissingError):
			take(auditing, "Return to Translator", "AU", "because")

	def test_leaves_the_lines_as_they_are(self, auditing: str) -> None:
		with acting("AU"):
			document = pcf(auditing)
			document.checks[0].is_ticked = 1
			document.livery_pattern = "X"
			with pytest.raises(frappe.ValidationError):
				document.save()
			document = pcf(auditing)
			document.checks[0].update({"built": "gefälscht", "is_ticked": 1})
			document.save()
		row = pcf(auditing).checks[0]
		assert row.built != "gefälscht"
		assert not row.is_ticked


def test_an_objection_keeps_it_from_the_plant() -> None:
	name = audited(handed_to_audit(begun("IO-01")))
	confirm(name, "PRODMGT", "Object", reason_code="OB-OTHER", acceptable_if="换用左侧围骨架")
	confirm(name, "PLAN")
	with pytest.raises(ProductionEntryError, match="Objections stand"):
		take(name, "Release", "OA")
	assert take(name, "Return to Translator", "OA", "RT-OBJ 生管反对") == "Returned to Translator"
	assert not frappe.db.exists(REVIEW_TASK, {"reference_name": name, "status": "Open"})


def test_nobody_releases_before_the_departments_agree() -> None:
	name = audited(handed_to_audit(begun("IO-01")))
	with pytest.raises(ProductionEntryError, match="not confirmed yet"):
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

	def test_is_followed_by_one_that_keeps_what_was_put_in_by_hand(self) -> None:
		name = begun("IO-01")
		add_line(name, slot="TYR", assembly_no="3106010-C12-TEST", reason="供应商停产")
		done = audited(not_drawn(handed_to_audit(name)))
		confirmed(done)
		with acting("OA"):
			configuration.release(done)
		following = configuration.new_version(done)
		with pytest.raises(ProductionEntryError):
			configuration.new_version(done)
		document = pcf(following)
		assert (document.version, document.supersedes, document.livery_pattern) == (2, done, "P-118")
		assert len(document.lines) == 51
		assert next(row.assembly_no for row in document.lines if row.slot == "TYR") == "3106010-C12-TEST"
		assert not any(row.change for row in document.lines)


class TestASpecialOption:
	@pytest.fixture
	def special(self) -> str:
		name = begun("IO-10")
		change(name, livery_status="Library Pattern", livery_pattern="P-1")
		return name

	def handled(self, name: str, handling: str, reason: str = "", code: str = "CA") -> None:
		with acting(code):
			document = pcf(name)
			for row in document.specials:
				row.update({"handling": handling, "reason": reason})
			document.save()

	def test_is_not_forgotten(self, special: str) -> None:
		with pytest.raises(ProductionEntryError, match="enter a line for it"):
			take(special, "Submit for Audit", "OA")

	def test_has_a_line_by_hand(self, special: str) -> None:
		numbers = [row.request_no for row in pcf(special).specials]
		frappe.db.set_single_value(REVIEW_SETTINGS, "blind_special", 1)
		self.handled(special, "Line")
		with pytest.raises(ProductionEntryError, match="line is missing"):
			take(special, "Submit for Audit", "OA")
		for number in numbers:
			add_line(special, slot=number, assembly_no=f"7980010-{number}", reason="图纸 DXC-E12-2619")
		assert take(special, "Submit for Audit", "OA") == "Auditing"
		document = pcf(special)
		assert [row.special for row in document.lines if row.special] == numbers
		assert "special" in document.blind_reasons
		row = next(row for row in document.checks if row.kind == "special")
		assert f"7980010-{row.ref}" in row.built

	def test_or_no_effect_with_a_reason_and_a_name(self, special: str) -> None:
		self.handled(special, "No Production Effect")
		with pytest.raises(ProductionEntryError, match="say why"):
			take(special, "Submit for Audit", "OA")
		self.handled(special, "No Production Effect", "只改使用说明书")
		assert pcf(special).specials[0].decided_by == address("CA")
		assert take(special, "Submit for Audit", "OA") == "Auditing"

	def test_who_decided_on_it_does_not_audit(self, special: str) -> None:
		self.handled(special, "No Production Effect", "只改使用说明书")
		take(special, "Submit for Audit", "OA")
		assert {address("CA"), address("OA")} <= translation.translators(pcf(special))


class TestANoteOfTheContract:
	"""What the customer signed beside the options reaches the plant: seat layout, lots, remarks on options."""

	SEATS = "司机后第一排不设座,其余按51+1+1布置图"
	REMARK = "颜色按样板"

	@pytest.fixture
	def noted(self) -> str:
		contract = in_force("IO-01")
		line = frappe.db.get_value("Sales Contract Line", {"parent": contract})
		frappe.db.set_value("Sales Contract Line", line, "seat_plan", self.SEATS)
		option = frappe.db.get_value(
			"Sales Contract Option", {"parent": contract, "vehicle_option": "SFB-FB"}
		)
		frappe.db.set_value("Sales Contract Option", option, "remark", self.REMARK)
		frappe.clear_document_cache(SALES_CONTRACT, contract)
		name = begun_line(contract, 1)
		change(name, livery_status="Library Pattern", livery_pattern="P-1")
		return name

	def handled(self, name: str, *but: str) -> None:
		document = pcf(name)
		for row in document.specials:
			if row.request_no not in but:
				row.update({"handling": "No Production Effect", "reason": "已见座椅图"})
		change(name, specials=document.specials)

	def test_is_a_row_to_be_explained(self, noted: str) -> None:
		rows = {row.request_no: row.contract_text for row in pcf(noted).specials}
		assert rows == {"N-SEAT": self.SEATS, "N-SFB-FB": self.REMARK}
		with pytest.raises(ProductionEntryError, match="N-SEAT of the contract"):
			take(noted, "Submit for Audit", "OA")

	def test_has_a_line_or_a_reason_and_is_audited_and_printed(self, noted: str) -> None:
		self.handled(noted, "N-SEAT")
		document = pcf(noted)
		next(row for row in document.specials if row.request_no == "N-SEAT").handling = "Line"
		change(noted, specials=document.specials)
		add_line(noted, slot="N-SEAT", assembly_no="6800010-SEAT", shop="interior", reason="按座位布置图")
		assert take(noted, "Submit for Audit", "OA") == "Auditing"
		version = pcf(noted)
		checks = {row.ref: row for row in version.checks}
		assert "6800010-SEAT" in checks["N-SEAT"].built
		assert "已见座椅图" in checks["N-SFB-FB"].built
		with acting("CA"):
			shown = {row["ref"]: row["name"] for row in audit.matrix(version)}
			page = sheet.html(version, "zh")
		assert self.SEATS in shown["N-SEAT"]
		assert all(text in page for text in ("合同备注", self.SEATS, self.REMARK, "已见座椅图"))

	def test_changed_in_the_contract_is_noticed(self, noted: str) -> None:
		self.handled(noted)
		line = frappe.db.get_value("Sales Contract Line", {"parent": pcf(noted).sales_contract})
		frappe.db.set_value("Sales Contract Line", line, "seat_plan", "49+1+1")
		frappe.clear_document_cache(SALES_CONTRACT, pcf(noted).sales_contract)
		with pytest.raises(ProductionEntryError, match="Notes or remarks"):
			take(noted, "Submit for Audit", "OA")

	def test_is_no_special_option_for_the_blind_check_and_the_departments(self, noted: str) -> None:
		version = pcf(noted)
		assert blind_check.risk_of(version).specials == 0
		assert not confirmation.routing_facts(version)["has_special"]


def test_the_sheet_tells_the_date_planning_committed_to() -> None:
	name = begun("IO-01")
	contract = pcf(name).sales_contract
	with acting("OA"):
		commitment = frappe.get_doc(
			{
				"doctype": "Delivery Date Commitment",
				"reference_doctype": SALES_CONTRACT,
				"reference_name": contract,
			}
		).insert()
	values = {"committed_date": "2027-03-22", "status": "Proposed"}
	frappe.db.set_value("Delivery Date Commitment", commitment.name, values)
	with acting("CA"):
		assert "2027-03-22" not in sheet.html(pcf(name), "en")
		frappe.db.set_value("Delivery Date Commitment", commitment.name, "status", "Accepted")
		page = sheet.html(pcf(name), "en")
	assert "2027-03-22" in page
	assert "2027-W12" in page


def test_a_contract_that_says_something_else_meanwhile_is_noticed() -> None:
	name = begun("IO-01")
	change(name, livery_status="Library Pattern", livery_pattern="P-1")
	version = pcf(name)
	option = {"parent": version.sales_contract, "vehicle_option": "SFB-FB"}
	frappe.db.set_value("Sales Contract Option", option, "vehicle_option", "SFB-L")
	with pytest.raises(ProductionEntryError, match="configured otherwise"):
		take(name, "Submit for Audit", "OA")


def test_after_a_change_only_the_changed_slots_are_new_and_the_old_version_is_superseded() -> None:
	done = confirmed(audited(not_drawn(handed_to_audit(begun("IO-01")))))
	with acting("OA"):
		configuration.release(done)
	option = {"parent": pcf(done).sales_contract, "vehicle_option": "SFB-FB"}
	frappe.db.set_value("Sales Contract Option", option, "vehicle_option", "SFB-L")
	following = pcf(configuration.new_version(done))
	old = {row.slot: row.assembly_no for row in pcf(done).lines}
	marked = {row.slot: row.replaces for row in following.lines if row.change}
	assert marked["SFB"] == old["SFB"]
	assert "ENG" not in marked
	take(following.name, "Begin Translation", "OA")
	take(following.name, "Submit for Audit", "OA")
	confirmed(audited(not_drawn(following.name)))
	with acting("OA"):
		configuration.release(following.name)
	assert (pcf(done).status, pcf(following.name).status) == ("Superseded", "Released")
