"""At least and at most so many of a set, as clauses with counting helpers."""

from __future__ import annotations

from collections.abc import Sequence

from ..solver.problem import ProblemBuilder


def between(
	builder: ProblemBuilder, parent: int, members: Sequence[int], low: int, high: int, rule: int
) -> None:
	"""Where the parent holds, from `low` to `high` of the members hold; each member needs the parent."""
	for member in members:
		builder.clause((-member, parent), rule)
	if high >= len(members) and low <= 0:
		return
	counts = _counted(builder, list(members), rule)
	if low > len(members):
		builder.clause((-parent,), rule)
	elif low > 0:
		builder.clause((-parent, counts[low - 1]), rule)
	if high < len(members):
		builder.clause((-parent, -counts[high]), rule)


def _counted(builder: ProblemBuilder, inputs: list[int], rule: int) -> list[int]:
	"""Output i holds exactly when more than i inputs do."""
	if len(inputs) == 1:
		return inputs
	middle = len(inputs) // 2
	left = _counted(builder, inputs[:middle], rule)
	right = _counted(builder, inputs[middle:], rule)
	outputs = [builder.helper() for _ in inputs]
	for i in range(len(left) + 1):
		for j in range(len(right) + 1):
			if i + j:
				builder.clause([outputs[i + j - 1], *_minus(left, i), *_minus(right, j)], rule)
			if i + j < len(outputs):
				more = ([left[i]] if i < len(left) else []) + ([right[j]] if j < len(right) else [])
				builder.clause([-outputs[i + j], *more], rule)
	return outputs


def _minus(counts: list[int], number: int) -> list[int]:
	return [-counts[number - 1]] if number else []
