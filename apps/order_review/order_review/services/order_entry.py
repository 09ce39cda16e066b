"""What the entry form needs to know about a vehicle model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _

from order_review import glossary
from order_review.constants import CATALOGUE_SETTINGS
from order_review.engine.catalogue import Catalogue, Model
from order_review.exceptions import IntentOrderInputError
from order_review.glossary import say
from order_review.services import catalogue_store


def defaults_for(model: str, order_date: date | None) -> dict[str, Any]:
	"""Standard configuration, grades, default grade and use, and the price book in force on the day.

	Raises:
		IntentOrderInputError: the model is not in the catalogue.
	"""
	catalogue = catalogue_store.current()
	found = _model(catalogue, model)
	book = catalogue.book_in_force(order_date) if order_date else None
	return {
		"configuration": [_row(catalogue, code) for code in found.standard],
		"single_families": [code for code in found.families if catalogue.families[code].single],
		"grades": list(found.grades or catalogue.grade_order),
		"grade_choices": grade_choices(found.grades or catalogue.grade_order),
		"default_grade": found.default_grade,
		"default_use": found.default_use,
		"price_book": book.code if book else None,
	}


def grade_choices(codes: Iterable[str]) -> list[dict[str, str]]:
	"""Grades with their words; one that an administrator added is called as the catalogue calls it."""
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	named = {row.grade: row.name_zh for row in frappe.get_cached_doc(CATALOGUE_SETTINGS).grades}
	return [
		{
			"value": code,
			"label": say(glossary.GRADES, code, lang) if code in glossary.GRADES else named.get(code) or code,
		}
		for code in codes
	]


def offered_options(
	model: str, family: str | None, text: str, start: int, length: int
) -> list[tuple[str, str]]:
	"""Options the model offers, as (code, names), for a link field; ``text`` is searched in code and names."""
	catalogue = catalogue_store.current()
	found = _model(catalogue, model)
	wanted = text.casefold()
	rows = []
	for code in found.families if not family else [family]:
		for option in catalogue.offered(code, found):
			record = catalogue.options[option]
			names = f"{record.name_zh} {record.name_en}"
			if wanted in f"{option} {names}".casefold():
				rows.append((option, names))
	return rows[start : start + length]


def _model(catalogue: Catalogue, code: str) -> Model:
	if code not in catalogue.models:
		frappe.throw(_("Vehicle model {0} is not in the catalogue.").format(code), exc=IntentOrderInputError)
	return catalogue.models[code]


def _row(catalogue: Catalogue, code: str) -> dict[str, Any]:
	option = catalogue.options[code]
	return {
		"vehicle_option": code,
		"family": option.family,
		"name_zh": option.name_zh,
		"name_en": option.name_en,
		"is_standard": 1,
	}
