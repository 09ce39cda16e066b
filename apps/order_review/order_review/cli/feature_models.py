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
from ..engine.feature_models.counting import Uncountable, count
from ..engine.feature_models.pairs import partners
from ..engine.solver import Stopped
from ..engine.solver.explain import Conflict
from ..engine.solver.session import Session, Status
from .failures import CLEAR, FINDINGS
from .folding import folded
from .width import clean

MOST_REASONS = 300
"""Features whose state gets a reason; with more, reasons are left out and the answer says so."""

MOST_PAIRS = 100_000
"""Pairs of a kind that are named; more are counted."""

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


def lint(
	uvl: Path | None,
	dimacs: Path | None,
	shown: Shown,
	timeout: float | None,
	*,
	pairs: bool = False,
	number: bool = False,
) -> int:
	"""Dead and forced features; exit status 1 when the model has no configuration at all.

	Args:
		pairs: look for pairs of features that never stand together, or of which one forces the other.
		number: count the configurations.
	"""
	return _within(timeout, lambda stop: _lint(_load(uvl, dimacs, stop), shown, stop, pairs, number))


def explain(
	uvl: Path | None,
	dimacs: Path | None,
	files: Sequence[str],
	picks: Sequence[str],
	option: str | None,
	shown: Shown,
	timeout: float | None,
) -> int:
	"""The conflict of picks and the fewest of them to give up, or why a feature is forced or excluded.

	Args:
		files: files with further picks, one a line; `!NAME` leaves a feature out, a line with # is a remark.
	"""

	def work(stop: Stop | None) -> int:
		model = _load(uvl, dimacs, stop)
		literals = [*_literals(model, picks), *(each for file in files for each in _listed(model, file))]
		return _explain(model, list(dict.fromkeys(literals)), option, shown, stop)

	return _within(timeout, work)


def _listed(model: FeatureModel, file: str) -> list[int]:
	"""The picks of a file."""
	try:
		lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
	except (OSError, UnicodeDecodeError):
		message = Text("the file cannot be read", "文件无法读取")
		expected = Text("a text in UTF-8 with one feature a line", "UTF-8 文本,每行一个特征")
		raise BadInput(message, source=file, expected=expected) from None
	literals = []
	for number, line in enumerate(lines, 1):
		name = line.strip()
		if name and not name.startswith("#"):
			try:
				literals += _literals(model, [name])
			except BadInput as error:
				where = Text(f"line {number}", f"第 {number} 行")
				raise BadInput(error.message, source=file, where=where, expected=error.expected) from None
	return literals


def _explain(
	model: FeatureModel, literals: Sequence[int], option: str | None, shown: Shown, stop: Stop | None
) -> int:
	session = Session(model.problem, stop)
	status = session.availability(literals)
	answer: dict[str, Any] = {"model": model.root or model.name, "valid": status is not None}
	if status is None:
		conflict = session.conflict(literals)
		answer["conflict"] = [] if conflict is None else _entries(model, conflict)
		given_up = session.repair(literals)
	else:
		answer["conflict"], given_up = [], []
	answer["repair"] = None if given_up is None else _picked(model, given_up)
	answer["state"] = answer["reason"] = None
	if option is not None:
		_literals(model, [option])
		state = _states(model, literals, status)[option]
		answer["state"] = state
		if status is not None and state in ("forced", "excluded"):
			answer["reason"] = _reason(model, session, literals, option, state)
	if shown.form == "json":
		click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
	else:
		for line in _explained(answer, option, shown):
			click.echo(line)
	return CLEAR if answer["valid"] else FINDINGS


def _explained(answer: dict[str, Any], option: str | None, shown: Shown) -> list[str]:
	from .options import WORDS

	zh = shown.lang == "zh"
	if not answer["valid"]:
		lines = [f"{'冲突' if zh else 'Conflict'}: {_joined(answer['conflict'], shown)}"]
		if answer["repair"] is None:
			return [*lines, "没有可行的修正方案" if zh else "Nothing can repair it"]
		parts = ", ".join(map(clean, folded(answer["repair"], shown.lang, shown.full)))
		return [*lines, f"最小修正:放弃 {parts}" if zh else f"Smallest repair: give up {parts}"]
	if option is None:
		return ["所选特征可以同时成立" if zh else "The picks can stand together"]
	reason = answer["reason"] or {"rules": [], "options": []}
	because = "; ".join(map(clean, folded([*reason["rules"], *reason["options"]], shown.lang, shown.full)))
	line = f"{clean(option)}: {WORDS[answer['state']][0 if zh else 1]}"
	return [f"{line}  ← {because}" if because else line]


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


def _lint(model: FeatureModel, shown: Shown, stop: Stop | None, pairs: bool, number: bool) -> int:
	session = Session(model.problem, stop)
	result = linted(model, session)
	if number:
		result["configurations"] = _counted(model, stop)
	if pairs:
		result["pairs"] = paired(model, session)
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


def _counted(model: FeatureModel, stop: Stop | None) -> int:
	try:
		return count(model.problem, stop)
	except Uncountable:
		message = Text(
			"the configurations cannot be counted: constraints or cardinalities need helper variables",
			"无法计数:约束或基数需要辅助变量",
		)
		expected = Text("a model without them, or no --count", "不含此类约束的模型,或不用 --count")
		raise BadInput(message, source="--count", expected=expected) from None


def paired(model: FeatureModel, session: Session) -> dict[str, Any]:
	"""Pairs that never stand together and pairs of which one forces the other, counted and, up to a number, named."""
	names = model.problem.names
	never: list[list[str]] = []
	forces: list[list[str]] = []
	totals = {"never_together": 0, "forcing": 0}
	for each in partners(session):
		name = str(names[each.feature - 1])
		later = [other for other in each.never if other > each.feature]
		totals["never_together"] += len(later)
		totals["forcing"] += len(each.forces)
		never += [[name, str(names[other - 1])] for other in later[: MOST_PAIRS - len(never)]]
		forces += [[name, str(names[other - 1])] for other in each.forces[: MOST_PAIRS - len(forces)]]
	return {**totals, "never": never, "forces": forces}


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
	return [*lines, closing, *_more_lines(result, shown)]


def _more_lines(result: dict[str, Any], shown: Shown) -> list[str]:
	"""What was asked for besides: the number of configurations, and pairs."""
	zh, lines = shown.lang == "zh", []
	if "configurations" in result:
		number = result["configurations"]
		lines.append(f"{number:,} 种配置" if zh else f"{number:,} configurations")
	if "pairs" in result:
		found = result["pairs"]
		lines.append(
			f"{found['never_together']:,} 对不能同选,{found['forcing']:,} 对必须同选"
			if zh
			else f"{found['never_together']:,} pairs never stand together, in {found['forcing']:,} one forces the other"
		)
		never = [
			f"{one} 不能与 {other} 同选" if zh else f"{one} never with {other}"
			for one, other in found["never"]
		]
		forces = [f"{one} 必选 {other}" if zh else f"{one} forces {other}" for one, other in found["forces"]]
		for listed in (never, forces):
			lines += [f"  {clean(line)}" for line in folded(listed, shown.lang, shown.full)]
	return lines
