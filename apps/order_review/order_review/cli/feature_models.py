"""`--uvl` and `--dimacs`: the questions of `options` and `lint` put to a feature model file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..engine.bilingual import Text
from ..engine.errors import BadInput
from ..engine.feature_models import FeatureModel, read_dimacs, read_uvl
from ..engine.solver import Stopped
from ..engine.solver.explain import Conflict
from ..engine.solver.session import Session, Status
from .failures import CLEAR, FINDINGS
from .folding import folded
from .width import clean

MOST_REASONS = 300
"""Features whose state gets a reason; with more, reasons are left out and the answer says so."""

MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
	"""How an answer is shown.

	Attributes:
		form: table or json.
		full: whether text shows long lists in full.
	"""

	form: str
	lang: str
	full: bool = False


def options(
	uvl: Path | None, dimacs: Path | None, picks: Sequence[str], shown: Shown, timeout: float | None
) -> int:
	"""State of every feature, given the picks (`!NAME` leaves a feature out)."""
	return _within(timeout, lambda stop: _options(_load(uvl, dimacs, stop), picks, shown, stop))


def lint(uvl: Path | None, dimacs: Path | None, shown: Shown, timeout: float | None) -> int:
	"""Dead and forced features; exit status 1 when the model has no configuration at all."""
	return _within(timeout, lambda stop: _lint(_load(uvl, dimacs, stop), shown, stop))


Stop = Callable[[], bool]


def _within(timeout: float | None, work: Callable[[Stop | None], int]) -> int:
	if timeout is None:
		return work(None)
	end = time.monotonic() + timeout
	try:
		return work(lambda: time.monotonic() > end)
	except Stopped:
		message = Text(f"no answer after {timeout:g} seconds", f"{timeout:g} 秒内没有得出结果")
		expected = Text("a longer --timeout, or a smaller model", "更长的 --timeout,或更小的模型")
		raise BadInput(message, source="--timeout", expected=expected) from None


def _load(uvl: Path | None, dimacs: Path | None, stop: Stop | None) -> FeatureModel:
	if uvl is not None and dimacs is not None:
		raise click.UsageError("Give --uvl or --dimacs, not both. --uvl 与 --dimacs 只能给一个。")
	file = uvl or dimacs
	assert file is not None
	if not file.is_file():
		raise BadInput("there is no such file", source=str(file))
	if file.stat().st_size > MOST_BYTES:
		raise BadInput(
			f"the file has {file.stat().st_size:,} bytes",
			source=str(file),
			expected=f"at most {MOST_BYTES:,}",
		)
	try:
		if dimacs is not None:
			with file.open("rb") as binary:
				return read_dimacs(binary, str(file), stop)
		with file.open(encoding="utf-8-sig") as text:
			return read_uvl(text, str(file), stop)
	except UnicodeDecodeError as error:
		raise BadInput(
			"the file is not UTF-8", source=str(file), where=f"byte {error.start}", expected="text in UTF-8"
		) from None


def _literals(model: FeatureModel, picks: Sequence[str]) -> list[int]:
	literals = []
	for pick in picks:
		name = pick.removeprefix("!")
		variable = model.problem.index.get(pick) or model.problem.index.get(name)
		if variable is None:
			message = Text(f"feature {name!r} does not exist", f"特征 {name!r} 不存在")
			raise BadInput(message, source="--pick", expected=Text("a feature of the model", "模型中的特征"))
		literals.append(-variable if pick.startswith("!") and pick not in model.problem.index else variable)
	return literals


def _options(model: FeatureModel, picks: Sequence[str], shown: Shown, stop: Stop | None) -> int:
	literals = _literals(model, picks)
	session = Session(model.problem, stop)
	status = session.availability(literals)
	answer = answered(model, session, literals, status)
	if shown.form == "json":
		click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
	else:
		for line in _table(answer, shown):
			click.echo(line)
	return CLEAR if answer["valid"] else FINDINGS


def answered(
	model: FeatureModel, session: Session, literals: Sequence[int], status: Status | None
) -> dict[str, Any]:
	"""The answer in the shape of `options`; features have no prices, the completion has the fewest features."""
	states = _states(model, literals, status)
	settled = [name for name, state in states.items() if state in ("forced", "excluded")]
	with_reasons = status is not None and len(settled) <= MOST_REASONS
	reasons = {
		name: _reason(model, session, literals, name, states[name]) for name in settled if with_reasons
	}
	conflict = None if status is not None else session.conflict(literals)
	completion = None if status is None else session.complete(literals)
	names = model.problem.names
	return {
		"model": model.root or model.name,
		"valid": status is not None,
		"families": [
			{
				"family": family,
				"options": [
					{"option": name, "state": states[name], "price": None, "reason": reasons.get(name)}
					for name in features
				],
			}
			for family, features in model.families
		],
		"reasons": with_reasons,
		"conflict": [] if conflict is None else _entries(model, conflict),
		"completion": None
		if completion is None
		else {"configuration": sorted(str(names[v - 1]) for v in completion), "list_price": None},
	}


def _states(model: FeatureModel, literals: Sequence[int], status: Status | None) -> dict[str, str]:
	index = model.problem.index
	if status is None:
		states = dict.fromkeys(index, "excluded")
	else:
		hold, fail = status.can_hold.tolist(), status.can_fail.tolist()
		kinds = {(True, True): "free", (True, False): "forced", (False, True): "excluded"}
		states = {name: kinds[hold[v - 1], fail[v - 1]] for name, v in index.items()}
	names = model.problem.names
	states.update({str(names[v - 1]): "chosen" for v in literals if v > 0})
	return states


def _reason(
	model: FeatureModel, session: Session, literals: Sequence[int], name: str, state: str
) -> dict[str, list[str]] | None:
	variable = model.problem.index[name]
	found = session.why(literals, variable if state == "forced" else -variable)
	if found is None:
		return None
	return {
		"rules": [model.problem.rules[r] for r in found.rules],
		"options": _picked(model, found.decisions),
	}


def _picked(model: FeatureModel, decisions: Sequence[int]) -> list[str]:
	return [f"{'' if d > 0 else '!'}{model.problem.names[abs(d) - 1]}" for d in decisions]


def _entries(model: FeatureModel, conflict: Conflict) -> list[dict[str, str]]:
	rules = [{"rule": model.problem.rules[rule]} for rule in conflict.rules]
	return rules + [{"option": name} for name in _picked(model, conflict.decisions)]


def _table(answer: dict[str, Any], shown: Shown) -> list[str]:
	from .options import MARKS, WORDS

	lines, lang = [], shown.lang
	for family in answer["families"]:
		lines.append(clean(family["family"]))
		for each in family["options"]:
			reason = each["reason"]
			parts = folded([*reason["rules"], *reason["options"]], lang, shown.full) if reason else []
			because = f"  ← {', '.join(parts)}" if parts else ""
			word = WORDS[each["state"]][0 if lang == "zh" else 1]
			lines.append(f"  {MARKS[each['state']]} {clean(each['option'])}  {word}{clean(because)}")
	if not answer["valid"]:
		label = "冲突" if lang == "zh" else "Conflict"
		lines += ["", f"{label}: {_joined(answer['conflict'], shown)}"]
	elif answer["completion"]:
		number = len(answer["completion"]["configuration"])
		lines += [
			"",
			f"最小的完整配置含 {number} 个特征"
			if lang == "zh"
			else f"The smallest completion has {number} features",
		]
	return lines


def _joined(conflict: Sequence[dict[str, str]], shown: Shown) -> str:
	parts = [entry.get("rule") or entry["option"] for entry in conflict]
	return "; ".join(map(clean, folded(parts, shown.lang, shown.full)))


def _lint(model: FeatureModel, shown: Shown, stop: Stop | None) -> int:
	session = Session(model.problem, stop)
	result = linted(model, session)
	if shown.form == "json":
		click.echo(json.dumps(result, ensure_ascii=False, indent=1))
	else:
		for line in _lint_lines(result, shown):
			click.echo(line)
	return CLEAR if result["valid"] else FINDINGS


def linted(model: FeatureModel, session: Session) -> dict[str, Any]:
	"""Whether there is any configuration, which features are dead and which are in all of them."""
	status = session.availability()
	conflict = None if status is not None else session.conflict([])
	names = model.problem.names
	dead = [] if status is None else [names[v] for v in status.excluded.nonzero()[0] if names[v] is not None]
	forced = [] if status is None else [names[v] for v in status.forced.nonzero()[0] if names[v] is not None]
	return {
		"model": model.root or model.name,
		"valid": status is not None,
		"features": len(model.features),
		"dead": sorted(map(str, dead)),
		"forced": sorted(map(str, forced)),
		"conflict": [] if conflict is None else _entries(model, conflict),
	}


def _lint_lines(result: dict[str, Any], shown: Shown) -> list[str]:
	zh = shown.lang == "zh"
	if not result["valid"]:
		parts = _joined(result["conflict"], shown)
		return [
			f"没有任何有效配置,相互矛盾: {parts}"
			if zh
			else f"There is no configuration; these contradict: {parts}"
		]
	lines = [f"! {'不可选' if zh else 'dead'}: {clean(name)}" for name in result["dead"]]
	dead, forced, number = len(result["dead"]), len(result["forced"]), result["features"]
	closing = (
		f"{number} 个特征:{dead} 个不可选,{forced} 个必选"
		if zh
		else f"{number} features: {dead} dead, {forced} in every configuration"
	)
	return [*lines, closing]
