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
from .records import Say, of_books, of_prices, of_problems
from .rehearsal import OrderChange, Rehearsal, rehearse, with_rule
from .report import Lint, LintFinding, in_order
from .translations import of_translations

__all__ = [
	"Lint",
	"LintFinding",
	"OrderChange",
	"Progress",
	"Rehearsal",
	"Say",
	"contexts_of",
	"lint",
	"lint_data",
	"rehearse",
	"uses_of",
	"with_rule",
]

Progress = Callable[[int, int], None]
"""Called with the steps done and their number."""


def lint_data(
	data: Mapping[str, Any], on: date, *, progress: Progress | None = None, say: Say | None = None
) -> Lint:
	"""Lint catalogue data that may have faults.

	Faults of records come first and alone: what they would make of configurations, prices and translations are
	consequences, and those are looked at once the records are in order.

	Args:
		say: how a fault is told, with its place; by its path where not given.

	Raises:
		BadInput: when a whole part of the catalogue is missing.
	"""
	catalogue, problems = build(data)
	return lint(catalogue, on, problems=problems, progress=progress, say=say)


def lint(
	catalogue: Catalogue,
	on: date,
	*,
	problems: Iterable[Problem] = (),
	progress: Progress | None = None,
	say: Say | None = None,
) -> Lint:
	"""Everything wrong or worth knowing about a catalogue on a day, for every grade and use of each active model.

	Args:
		problems: faults met while the catalogue was built.
	"""
	problems = list(problems)
	told = list(of_problems(problems, say))
	if any(not problem.pending for problem in problems):
		counts = {"options": len(catalogue.options), "rules": len(catalogue.rules)}
		checked = {"models": len(catalogue.models), "contexts": 0, **counts, "slots": 0}
		return Lint(on, catalogue.hash, in_order(told), checked, waiting=True)
	models = [model for model in catalogue.models.values() if model.active]
	steps = _Steps(2 * sum(len(contexts_of(model, on)) for model in models), progress)
	findings = [*told, *of_prices(catalogue, on), *of_books(catalogue)]
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
