"""The blind re-check: the auditor of a risky version translates it himself before he may see the first result."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.client import get_list, get_value

from order_review.api import production_configuration as api
from order_review.constants import BLIND_TRANSLATION, PRODUCTION_CONFIGURATION, REVIEW_SETTINGS
from order_review.demo.people import address
from order_review.exceptions import FieldLockedError, ProductionEntryError
from order_review.services.order_panel import panel_of
from order_review.services.production import audit, blind_check
from tests.site.producing import (
	begun,
	handed_to_audit,
	pcf,
	sheet_of,
	take,
	tick_all,
	translate_blindly,
)
from tests.site.reviewing import acting
from tests.site.samples import order_of

pytestmark = pytest.mark.usefixtures("demo_site")

LINE = "Production Configuration Line"


def limits(**values: Any) -> None:
	"""The thresholds of the settings."""
	for name, value in values.items():
		frappe.db.set_single_value(REVIEW_SETTINGS, name, value)
	frappe.clear_document_cache(REVIEW_SETTINGS, REVIEW_SETTINGS)


@pytest.fixture
def drawn() -> str:
	limits(blind_special=1, blind_option_uses=0, blind_model_uses=1, blind_value=0)
	return handed_to_audit(begun("IO-01"))


def test_the_first_of_a_model_is_drawn_and_says_why(drawn: str) -> None:
	version = pcf(drawn)
	assert (version.blind_state, version.blind_reasons) == ("Drawn", "first_of_model")
	assert sheet_of(drawn).status == "Open"


def test_without_a_risk_nothing_is_drawn() -> None:
	limits(blind_special=1, blind_option_uses=0, blind_model_uses=0, blind_value=0)
	name = handed_to_audit(begun("IO-01"))
	assert not pcf(name).blind_state
	assert not frappe.db.exists(BLIND_TRANSLATION, {"production_configuration": name})
	with acting("AU"):
		assert api.matrix(name)["may_audit"]


def test_a_line_of_high_value_is_drawn_for_the_slots_of_what_was_picked() -> None:
	limits(blind_special=1, blind_option_uses=0, blind_model_uses=0, blind_value=8_000_000)
	name = handed_to_audit(begun("IO-01"))
	assert pcf(name).blind_reasons == "high_value"
	slots = {row.slot for row in sheet_of(name).lines}
	assert "ENG" in slots
	assert 0 < len(slots) < len({row.slot for row in pcf(name).lines})


def test_the_auditor_reads_nothing_of_the_first_result_by_any_path(drawn: str) -> None:
	number = pcf(drawn).lines[0].assembly_no
	with acting("AU"):
		for read in (
			lambda: frappe.get_doc(PRODUCTION_CONFIGURATION, drawn).check_permission("read"),
			lambda: frappe.get_doc(PRODUCTION_CONFIGURATION, drawn).check_permission("print"),
			lambda: api.matrix(drawn),
			lambda: api.sheet_pdf(drawn),
			lambda: audit.tick(drawn, ["option:ENG-D247"], True),
		):
			with pytest.raises(frappe.PermissionError):
				read()
		assert drawn not in frappe.get_list(PRODUCTION_CONFIGURATION, pluck="name")
		assert (
			get_list(LINE, fields=["assembly_no"], parent=PRODUCTION_CONFIGURATION, filters={"parent": drawn})
			== []
		)
		assert not get_value(LINE, "assembly_no", {"parent": drawn}, parent=PRODUCTION_CONFIGURATION)
		row = frappe.get_doc(LINE, {"parent": drawn, "assembly_no": number})
		assert not row.has_permission("read")
		found = get_list("Document Event", parent=PRODUCTION_CONFIGURATION, filters={"parent": drawn})
		assert found == []
		sheet = sheet_of(drawn)
		sheet.check_permission("read")
		assert number not in sheet.as_json()


def test_he_sees_no_translation_that_is_still_being_made() -> None:
	name = begun("IO-01")
	with acting("AU"), pytest.raises(frappe.PermissionError):
		pcf(name).check_permission("read")
	with acting("TR"):
		pcf(name).check_permission("read")


def test_once_handed_in_both_are_seen_by_both(drawn: str) -> None:
	sheet = translate_blindly(drawn, ENG="1000010-C12-WRONG")
	version = pcf(drawn)
	assert version.blind_state == "Handed In"
	assert (sheet.checked - sheet.equal, sheet.auditor) == (1, address("AU"))
	assert version.blind_hit_rate == sheet.hit_rate < 100
	with acting("AU"):
		found = api.matrix(drawn)
		assert found["may_audit"]
		differing = [row for row in found["blind"]["rows"] if not row["agrees"]]
	assert [row["slot"] for row in differing] == ["ENG"]
	assert differing[0]["second"] == [["1000010-C12-WRONG", 1.0]]
	with acting("OA"):
		frappe.get_doc(BLIND_TRANSLATION, sheet.name).check_permission("read")


def test_equal_translations_agree_wholly(drawn: str) -> None:
	sheet = translate_blindly(drawn)
	assert (sheet.equal, sheet.hit_rate) == (sheet.checked, 100)


def test_the_translator_does_not_see_the_sheet_before_it_is_handed_in(drawn: str) -> None:
	sheet = sheet_of(drawn)
	with acting("OA"):
		assert sheet.name not in frappe.get_list(BLIND_TRANSLATION, pluck="name")
		with pytest.raises(frappe.PermissionError):
			sheet.check_permission("read")


def test_nothing_is_audited_before(drawn: str) -> None:
	with pytest.raises(frappe.PermissionError):
		take(drawn, "Pass Audit", "AU")
	frappe.db.set_value("Production Configuration Check", {"parent": drawn}, "is_ticked", 1)
	with pytest.raises(ProductionEntryError, match="own translation"):
		blind_check.refuse_pending(pcf(drawn))
	translate_blindly(drawn)
	tick_all(drawn)
	assert take(drawn, "Pass Audit", "AU") == "Department Confirmation"


def test_what_was_handed_in_is_not_changed_any_more(drawn: str) -> None:
	sheet = translate_blindly(drawn)
	with acting("AU"):
		sheet.lines[0].assembly_no = "LATER"
		with pytest.raises(FieldLockedError):
			sheet.save()
		with pytest.raises(ProductionEntryError, match="no longer open"):
			blind_check.hand_in(sheet.name)


def test_slots_that_were_not_asked_for_are_refused(drawn: str) -> None:
	sheet = sheet_of(drawn)
	with acting("AU"):
		sheet.append("lines", {"slot": "XXX", "assembly_no": "1", "qty": 1})
		with pytest.raises(ProductionEntryError, match="not asked for"):
			sheet.save()


def test_a_version_is_checked_blind_once(drawn: str) -> None:
	translate_blindly(drawn)
	with acting("AU"):
		audit.remark(drawn, "option:WHL-A", "轮辋不符")
	take(drawn, "Return to Translator", "AU", "RT-CONF 轮辋")
	take(drawn, "Begin Translation", "OA")
	take(drawn, "Submit for Audit", "OA")
	assert pcf(drawn).blind_state == "Handed In"
	assert frappe.db.count(BLIND_TRANSLATION, {"production_configuration": drawn}) == 1


def test_the_review_of_the_intent_order_does_not_give_the_lines_away_meanwhile(drawn: str) -> None:
	order = order_of("IO-01")
	with acting("AU"):
		assert not panel_of(order)["production"]
	with acting("TR"):
		assert panel_of(order)["production"]
	translate_blindly(drawn)
	with acting("AU"):
		assert panel_of(order)["production"]
