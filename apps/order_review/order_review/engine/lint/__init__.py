"""Lint of a whole catalogue: what its rules, prices and translations leave to be sold, built and paid.

Everything is exact and judged on one day: models without a configuration, options nobody can order, rules
that change nothing, slots of the production configuration that some valid order would leave empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from ..catalogue import Catalogue, Problem, build
from ..errors import BadInput
from ..production import slots_of
from .configurations import ModelLint, Redundancy, contexts_of, uncompilable, uses_of
from .records import of_books, of_prices, of_problems
from .rehearsal import OrderChange, Rehearsal, rehearse, with_rule
from .report import Lint, LintFinding, in_order
from .translations import of_translations

__all__ = [
	"Lint",
	"LintFinding",
	"OrderChange",
	"Progress",
	"Rehearsal",
	"contexts_of",
	"lint",
	"lint_data",
	"rehearse",
	"uses_of",
	"with_rule",
]

Progress = Callable[[int, int], None]
"""Called with the steps done and their number."""


def lint_data(data: Mapping[str, Any], on: date, *, progress: Progress | None = None) -> Lint:
	"""Lint catalogue data that may have faults: faulty records are named and left out of the rest.

	Raises:
		BadInput: when a whole part of the catalogue is missing.
	"""
	catalogue, problems = build(data)
	return lint(catalogue, on, problems=problems, progress=progress)


def lint(
	catalogue: Catalogue, on: date, *, problems: Iterable[Problem] = (), progress: Progress | None = None
) -> Lint:
	"""Everything wrong or worth knowing about a catalogue on a day, for every grade and use of each active model.

	Args:
		problems: faults met while the catalogue was built.
	"""
	models = [model for model in catalogue.models.values() if model.active]
	steps = _Steps(2 * sum(len(contexts_of(model, on)) for model in models), progress)
	findings = [*of_problems(problems), *of_prices(catalogue, on), *of_books(catalogue)]
	redundancy = Redundancy(catalogue)
	slots = 0
	try:
		for model in models:
			about = ModelLint.of(catalogue, model, on, steps.next)
			findings += about.findings()
			for compiled in about.sellable:
				redundancy.look(compiled)
				steps.next()
			findings += of_translations(catalogue, model, about.sellable)
			slots += len(slots_of(catalogue, model))
		findings += redundancy.findings()
	except BadInput as error:
		findings.append(uncompilable(catalogue, error))
	steps.end()
	checked = {
		"models": len(models),
		"contexts": steps.number // 2,
		"options": len(catalogue.options),
		"rules": len(catalogue.rules),
		"slots": slots,
	}
	return Lint(on, catalogue.hash, in_order(findings), checked)


class _Steps:
	"""Counts steps for whoever shows the progress."""

	def __init__(self, number: int, progress: Progress | None) -> None:
		self.number = number
		self.progress = progress
		self.done = 0

	def next(self) -> None:
		self.done += 1
		if self.progress is not None:
			self.progress(min(self.done, self.number), self.number)

	def end(self) -> None:
		if self.progress is not None:
			self.progress(self.number, self.number)
