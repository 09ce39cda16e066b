"""A model of the catalogue in a context as UVL or DIMACS, so that other tools can check our answers.

Rules of severity error that the solver knows are exported; rules judged on complete configurations are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..solver.compiled import CompiledModel
from .dimacs import write_dimacs


def catalogue_dimacs(compiled: CompiledModel) -> Iterator[str]:
	"""Lines of a DIMACS CNF file."""
	yield f"c {_title(compiled)}\n"
	yield from write_dimacs(compiled.problem)


def catalogue_uvl(compiled: CompiledModel) -> Iterator[str]:
	"""Lines of a UVL file: families as mandatory features over their options, rules as constraints."""
	words, problem = compiled.words, compiled.problem
	yield f"// {_title(compiled)}\n"
	yield "features\n"
	yield f"\t{_quoted(compiled.model.code)}\n"
	singles = [family for family in words.members if words.single(family)]
	multis = [family for family in words.members if not words.single(family) and words.members[family]]
	if singles:
		yield "\t\tmandatory\n"
		for family in singles:
			yield from _family(family, [words.codes[m - 1] for m in words.members[family]], "alternative")
	optional = [words.codes[m - 1] for family in multis for m in words.members[family]]
	helpers = [name for name in _names(compiled) if name.startswith(_HELPER)]
	if optional or helpers:
		yield "\t\toptional\n"
		yield from (f"\t\t\t{_quoted(name)}\n" for name in [*optional, *helpers])
	yield "constraints\n"
	names = _names(compiled)
	for clause, rule in zip(problem.clauses, problem.clause_rules, strict=True):
		shown = problem.rules[rule] if rule >= 0 else "family"
		yield f"\t{_disjunction(clause, names, compiled.model.code)} // {shown}\n"
	for family in singles:
		if not words.members[family]:
			yield f"\t!{_quoted(compiled.model.code)} // {family} offers nothing\n"


_HELPER = "_helper_"


def _title(compiled: CompiledModel) -> str:
	context = compiled.context
	parts: list[tuple[str, object]] = [
		("date", context.on),
		("grade", context.grade),
		("use", context.use),
		("type", context.order_type),
	]
	parts += [
		("qty", context.qty),
		("dest_stage", context.dest_stage),
		("catalogue", compiled.catalogue.hash),
	]
	return " ".join([compiled.model.code, *(f"{key}={value}" for key, value in parts if value is not None)])


def _family(family: str, codes: Sequence[str], group: str) -> Iterator[str]:
	yield f"\t\t\t{_quoted(family)}\n"
	if codes:
		yield f"\t\t\t\t{group}\n"
		yield from (f"\t\t\t\t\t{_quoted(code)}\n" for code in codes)


def _names(compiled: CompiledModel) -> list[str]:
	return [
		name if name is not None else f"{_HELPER}{number}"
		for number, name in enumerate(compiled.problem.names, 1)
	]


def _disjunction(clause: Sequence[int], names: Sequence[str], root: str) -> str:
	if not clause:
		return f"!{_quoted(root)}"
	return " | ".join(f"{'' if literal > 0 else '!'}{_quoted(names[abs(literal) - 1])}" for literal in clause)


def _quoted(name: str) -> str:
	return f'"{name}"'
