"""Feature models: what is read, what is refused, and that what we write means the same to a reader."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import date

import pytest

from order_review.engine import BadInput, Catalogue
from order_review.engine.feature_models import (
	FeatureModel,
	catalogue_dimacs,
	catalogue_uvl,
	dimacs,
	read_dimacs,
	read_uvl,
	write_dimacs,
)
from order_review.engine.solver import CompiledModel, Context, Stopped, compile_model, is_valid
from order_review.engine.solver.session import Session

BUS = """\
namespace Bus
// a comment, and a feature whose text says {!"& | =>"} under // nothing
features
	Bus {abstract true, note "half!; {done} // not a comment"}
		mandatory
			Engine
				alternative
					Diesel
					Electric {range 300, maker 'A!B'}
			"Seat layout"
				[1..2]
					Rows
					Lounge
					Single
		optional
			Toilet
			Extras
				or
					Wifi
					Usb
constraints
	Toilet => !Lounge & "Seat layout"
	Electric <=> !Toilet | Wifi
	!(Rows & Single)
"""


def uvl(text: str) -> FeatureModel:
	return read_uvl(text.splitlines(keepends=True), "bus.uvl")


def cnf(text: str) -> FeatureModel:
	return read_dimacs(text.encode().splitlines(keepends=True), "bus.cnf")


def solutions(model: FeatureModel) -> set[frozenset[str]]:
	"""Every configuration, by trying all."""
	features = model.features
	top, clauses, _ = model.problem.expanded()
	found = set()
	for bits in itertools.product((False, True), repeat=top):
		if all(any(bits[abs(lit) - 1] == (lit > 0) for lit in clause) for clause in clauses):
			found.add(frozenset(f for f in features if bits[model.problem.index[f] - 1]))
	return found


def bus_is_valid(chosen: frozenset[str]) -> bool:
	"""The bus model in plain words."""
	extras = {"Wifi", "Usb"} & chosen
	return (
		{"Bus", "Engine", "Seat layout"} <= chosen
		and len({"Diesel", "Electric"} & chosen) == 1
		and 1 <= len({"Rows", "Lounge", "Single"} & chosen) <= 2
		and bool(extras) is ("Extras" in chosen)
		and not {"Toilet", "Lounge"} <= chosen
		and ("Electric" in chosen) is ("Toilet" not in chosen or "Wifi" in chosen)
		and not {"Rows", "Single"} <= chosen
	)


def test_a_uvl_tree_and_its_constraints_mean_what_they_say() -> None:
	model = uvl(BUS)
	assert model.root == "Bus"
	session = Session(model.problem)
	features = model.features
	for bits in itertools.product((False, True), repeat=len(features)):
		chosen = frozenset(itertools.compress(features, bits))
		decisions = [model.problem.index[f] * (1 if f in chosen else -1) for f in features]
		assert session.check(decisions) is bus_is_valid(chosen), chosen


def test_uvl_features_are_grouped_for_a_reader() -> None:
	families = dict(uvl(BUS).families)
	assert families["Engine: alternative"] == ("Diesel", "Electric")
	assert families["Seat layout: [1..2]"] == ("Rows", "Lounge", "Single")


@pytest.mark.parametrize(
	("line", "text", "message"),
	[
		(3, "features\n\tA\n\t\tInteger B\n", "second root|stands in no group|typed"),
		(4, "features\n\tA\n\t\tmandatory\n\t\t\tInteger B\n", "typed features are not supported"),
		(
			4,
			"features\n\tA\n\t\tmandatory\n\t\t\tB cardinality [1..3]\n",
			"feature cardinalities are not supported",
		),
		(2, "imports\n\tother as o\nfeatures\n\tA\n", "imported models are not supported"),
		(4, "features\n\tA\nconstraints\n\tA.price > 3\n", "arithmetic"),
		(4, "features\n\tA\nconstraints\n\tsum(price) == 3\n", "arithmetic"),
		(4, "features\n\tA\nconstraints\n\tA => B\n", "'B' does not exist"),
		(4, "features\n\tA\nconstraints\n\tA => \n", "the end cannot stand here"),
		(4, "features\n\tA\nconstraints\n\t(A | A\n", "the end cannot stand here"),
		(4, "features\n\tA\n\t\tmandatory\n\t\t\tA\n", "stands twice"),
		(2, 'features\n\tA {x "open\n', "do not end"),
		(3, "features\n\tA\n\t\t[3..2]\n\t\t\tB\n", "is empty"),
		(3, "features\n\tA\n\tB\n", "second root"),
		(2, "features\n\tmandatory\n\t\tA\n", "no feature above it"),
		(3, "features\n\tA\n\t\tor\n\tB\n", "no features|second root"),
		(1, "A => B\n", "outside a section"),
		(1, "\n", "there are no features"),
	],
)
def test_uvl_that_cannot_be_read_is_refused_with_its_line(line: int, text: str, message: str) -> None:
	with pytest.raises(BadInput, match=message) as caught:
		uvl(text)
	assert caught.value.expected
	if "|" not in message:
		assert caught.value.where == f"line {line}"


def test_dimacs_names_its_variables_and_keeps_clauses_apart() -> None:
	model = cnf("c a comment\nc 1 Diesel\nc 2 Electric\np cnf 3 2\n1 2 0 -1\n-2 0\n")
	assert model.features == ("Diesel", "Electric", "3")
	assert len(solutions(model)) == 4
	session = Session(model.problem)
	conflict = session.conflict([1, 2])
	assert conflict is not None
	assert [model.problem.rules[rule] for rule in conflict.rules] == ["clause 2"]


def test_implications_in_a_row_associate_to_the_left() -> None:
	tree = "features\n\tR\n\t\toptional\n\t\t\tB\n\t\t\tC\n\t\t\tD\nconstraints\n\t"
	assert solutions(uvl(f"{tree}B => C => D\n")) == solutions(uvl(f"{tree}(B => C) => D\n"))
	assert solutions(uvl(f"{tree}B => C => D\n")) != solutions(uvl(f"{tree}B => (C => D)\n"))


def test_block_comments_are_comments_over_any_number_of_lines() -> None:
	commented = BUS.replace(
		"\t\tmandatory\n", "/* one */\t\tmandatory /* two */ // three\n/* four\n\t\t\tLounge2\n*/\n", 1
	)
	commented = commented.replace("Toilet => ", 'Toilet /* not "quoted" */ => ')
	assert solutions(uvl(commented.replace("/* one */\t", "\t"))) == solutions(uvl(BUS))
	with pytest.raises(BadInput, match="does not end") as caught:
		uvl("features\n\tA\n/* for ever\n")
	assert caught.value.where == "line 3"


def test_dimacs_comments_that_begin_with_a_number_are_comments() -> None:
	model = cnf(
		"\ufeffc 2026 models, 3 plants\nc 1 Diesel\nc 2 clauses, all of them short\np cnf 3 1\n1 2 0\n"
	)
	assert model.features == ("Diesel", "2", "3")
	again = cnf("c 1 Seat layout\nc 2 Rear door\nc 9 Nine\nc 1 variable of the first\np cnf 2 1\n1 0\n")
	assert again.features == ("Seat layout", "Rear door")


@pytest.mark.parametrize(
	("text", "message"),
	[
		("p cnf 2 3\n1 0\n-2 0\n", "there are 2 clauses, but the header announces 3"),
		("p cnf 2 1\n1 0\n-2 0\n", "more clauses than the 1"),
		("p cnf 2 1\n1 7 0\n", "variable 7 is used, but the header announces 2"),
		("p cnf 2 1\n1 2\n", "the last clause does not end"),
		("p cnf two 1\n", "malformed"),
		("p cnf 1 0\np cnf 1 0\n", "malformed or stands twice"),
		("1 0\n", "before the header"),
		("p cnf 2 1\n1 x 0\n", "is no clause"),
		("", "no header"),
		("c 1 A\nc 2 A\np cnf 2 0\n", "stands for two variables"),
		("p cnf 5 10000000\n", "10,000,000 clauses"),
		("p cnf 999999999999 1\n", "variables"),
	],
)
def test_dimacs_whose_header_lies_or_that_is_none_is_refused(text: str, message: str) -> None:
	with pytest.raises(BadInput, match=message) as caught:
		cnf(text)
	assert caught.value.where
	assert caught.value.expected


def test_ten_million_clauses_are_refused_without_reading_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
	read = 0

	def lines():  # type: ignore[no-untyped-def]
		nonlocal read
		yield b"p cnf 10 100\n"
		for _ in range(10_000_000):
			read += 1
			yield b"1 -2 3 0\n"

	with pytest.raises(BadInput, match="more clauses than the 100"):
		read_dimacs(lines(), "huge.cnf")
	assert read == 101
	monkeypatch.setattr(dimacs, "MOST_LITERALS", 1000)
	with pytest.raises(BadInput, match="more than 1,000 literals"):
		read_dimacs((line.replace(b"100", b"1000000") for line in lines()), "huge.cnf")


def test_reading_and_searching_stop_when_told_to() -> None:
	with pytest.raises(Stopped):
		read_dimacs((b"c x\n" for _ in itertools.count()), "endless.cnf", lambda: True)
	with pytest.raises(Stopped):
		read_uvl(("// x\n" for _ in itertools.count()), "endless.uvl", lambda: True)
	with pytest.raises(Stopped):
		Session(pigeons(11), lambda: True)


def pigeons(holes: int):  # type: ignore[no-untyped-def]
	"""One pigeon more than holes: no solution, and long to prove."""
	lines = [f"p cnf {(holes + 1) * holes} {holes + 1 + holes * (holes + 1) * holes // 2}\n"]
	at = [[pigeon * holes + hole + 1 for hole in range(holes)] for pigeon in range(holes + 1)]
	lines += [" ".join(map(str, (*places, 0))) + "\n" for places in at]
	pairs = itertools.combinations(range(holes + 1), 2)
	lines += [f"-{at[a][hole]} -{at[b][hole]} 0\n" for a, b in pairs for hole in range(holes)]
	return cnf("".join(lines)).problem


def test_a_model_without_configuration_says_which_rules_clash() -> None:
	model = uvl(BUS + "\tWifi & !Wifi\n")
	session = Session(model.problem)
	assert session.availability() is None
	assert not session.check([])
	conflict = session.conflict([])
	assert conflict is not None
	assert conflict.decisions == ()
	assert [model.problem.rules[rule] for rule in conflict.rules] == ["line 25: Wifi & !Wifi"]


def test_dimacs_is_the_same_after_writing_and_reading() -> None:
	model = uvl(BUS)
	again = read_dimacs((line.encode() for line in write_dimacs(model.problem)), "again")
	names = set(model.features)
	assert {chosen & names for chosen in solutions(again)} == solutions(model)


@pytest.mark.parametrize("code", ["XQK6808H", "XQK6128H", "XQK6129GBEV", "XQK6128EX"])
@pytest.mark.parametrize("form", ["uvl", "dimacs"])
def test_the_catalogue_is_the_same_after_writing_and_reading(
	catalogue: Catalogue, code: str, form: str
) -> None:
	model = catalogue.models[code]
	context = Context(date(2026, 11, 23), model.default_grade, model.default_use)
	compiled = compile_model(catalogue, code, context)
	read = written(compiled, form)
	session = Session(read.problem)
	valid = same_answers(compiled, read, session, random.Random(code))
	assert 20 < valid < 280, "both kinds of answers were compared"
	found, ours = session.availability(), compiled.search.possible([])
	assert found is not None
	assert ours is not None
	places = [read.problem.index[option] - 1 for option in compiled.words.codes]
	assert found.can_hold[places].tolist() == ours[: len(places)].tolist()
	assert found.can_fail[places].tolist() == ours[len(places) :].tolist()


def written(compiled: CompiledModel, form: str) -> FeatureModel:
	if form == "uvl":
		return read_uvl(catalogue_uvl(compiled))
	return read_dimacs(line.encode() for line in catalogue_dimacs(compiled))


def same_answers(compiled: CompiledModel, read: FeatureModel, session: Session, chance: random.Random) -> int:
	"""Compare 300 random sets of picks; how many of them can stand together."""
	valid = 0
	codes: Sequence[str] = compiled.words.codes
	for _ in range(300):
		picks = chance.sample(codes, chance.randint(1, 6))
		answer = is_valid(compiled, picks)
		assert session.check([read.problem.index[pick] for pick in picks]) is answer, picks
		valid += answer
	return valid
