"""A rule or an option's availability is not released while it leaves a model that is sold without a valid
configuration, or breaks its standard configuration.

What was broken before is not held against the change, so that a faulty catalogue can be mended step by step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document

from order_review.engine.catalogue import Catalogue, Model
from order_review.engine.configuration import configuration_findings
from order_review.engine.errors import BadInput
from order_review.engine.evaluate import Facts
from order_review.engine.lint import contexts_of
from order_review.engine.solver import (
	CompiledModel,
	Conflict,
	Context,
	complete,
	configuration_conflict,
	conflict_sentence,
	explain,
)
from order_review.exceptions import CatalogueError, CatalogueReleaseError
from order_review.glossary import GRADES, USES, say
from order_review.services import catalogue_store

_MOST_SHOWN = 5
STANDARD, VOID = "standard", "void"


@dataclass(frozen=True)
class Broken:
	"""A model that cannot be sold for a grade and use (``void``), or whose standard configuration is invalid."""

	kind: str
	model: str
	grade: str | None
	use: str | None
	conflict: Conflict

	@property
	def key(self) -> tuple[str, str, str | None, str | None]:
		"""What tells one from another."""
		return (self.kind, self.model, self.grade, self.use)


def broken(catalogue: Catalogue, on: date) -> Iterator[Broken]:
	"""Everything broken among the active models on a day, for every grade and use."""
	for model in catalogue.models.values():
		if not model.active:
			continue
		for context in contexts_of(model, on):
			found = _judged(catalogue, model, context)
			if found is not None:
				yield found
		yield from _standard(catalogue, model, on)


def newly_broken(before: Catalogue | None, after: Catalogue, on: date) -> list[Broken]:
	"""What is broken after a change and was not before."""
	now = list(broken(after, on))
	known = {each.key for each in broken(before, on)} if now and before is not None else set()
	return [each for each in now if each.key not in known]


def present() -> Catalogue | None:
	"""The catalogue as it is now; None where there is none, or none that is in order."""
	if catalogue_store.is_empty():
		return None
	try:
		return catalogue_store.current()
	except CatalogueError:
		frappe.clear_last_message()
		return None


def remember(document: Document) -> None:
	"""Before a catalogue document is written: keep the catalogue as it is now."""
	document.flags.catalogue_before = present()


def refuse_broken_release(document: Document) -> None:
	"""After a catalogue document was written: refuse what breaks a model that is sold.

	Raises:
		CatalogueReleaseError: naming model, grade, use and the smallest conflict.
	"""
	if document.flags.in_catalogue_transfer or document.flags.catalogue_before is None:
		return
	intro = _("{0} {1} cannot be released as it stands. Save it as draft and check the catalogue.").format(
		_(document.doctype), document.name
	)
	refuse_broken(document.flags.catalogue_before, catalogue_store.current(), intro)


def refuse_broken(before: Catalogue | None, after: Catalogue, intro: str) -> None:
	"""Refuse a catalogue that breaks a model the one before sold; a first catalogue breaks nothing.

	Raises:
		CatalogueReleaseError: the intro, then model, grade, use and smallest conflict of what is broken.
	"""
	if before is None or before.hash == after.hash:
		return
	try:
		found = newly_broken(before, after, frappe.utils.getdate())
	except BadInput as error:
		frappe.throw(catalogue_store.said(error), title=_("Not Released"), exc=CatalogueReleaseError)
	if found:
		frappe.throw(_message(intro, after, found), title=_("Not Released"), exc=CatalogueReleaseError)


def said(catalogue: Catalogue, found: Broken, lang: str) -> str:
	"""One sentence with the smallest conflict."""
	conflict = conflict_sentence(catalogue, found.conflict)[lang]
	grade, use = say(GRADES, found.grade, lang), say(USES, found.use, lang)
	if found.kind == STANDARD:
		return _("The standard configuration of {0} becomes invalid: {1}.").format(found.model, conflict)
	return _("{0} has no valid configuration left for grade {1} and use {2}: {3}.").format(
		found.model, grade, use, conflict
	)


def _message(intro: str, catalogue: Catalogue, found: list[Broken]) -> str:
	lang = "zh" if (frappe.local.lang or "").startswith("zh") else "en"
	sentences = [said(catalogue, each, lang) for each in found[:_MOST_SHOWN]]
	if len(found) > _MOST_SHOWN:
		sentences.append(_("And {0} more.").format(len(found) - _MOST_SHOWN))
	items = "".join(f"<li>{frappe.utils.escape_html(sentence)}</li>" for sentence in sentences)
	return f"{intro}<ul>{items}</ul>"


def _judged(catalogue: Catalogue, model: Model, context: Context) -> Broken | None:
	"""None where the model has a valid configuration; the standard one is looked at first, since it mostly is."""
	facts = Facts(catalogue, model, context.fields(), context.on, frozenset(model.standard))
	if not any(found.severity == "error" for found in configuration_findings(facts)):
		return None
	compiled = CompiledModel(catalogue, model, context)
	if complete(compiled, (), book=None) is not None:
		return None
	conflict = explain(compiled, ())
	if not isinstance(conflict, Conflict):
		conflict = Conflict(rules=compiled.unwritten)
	return Broken(VOID, model.code, context.grade, context.use, conflict)


def _standard(catalogue: Catalogue, model: Model, on: date) -> Iterator[Broken]:
	compiled = CompiledModel(catalogue, model, Context(on, model.default_grade, model.default_use))
	conflict = configuration_conflict(compiled, frozenset(model.standard))
	if conflict is not None:
		yield Broken(STANDARD, model.code, model.default_grade, model.default_use, conflict)
