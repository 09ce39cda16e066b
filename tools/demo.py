"""`make demo`: the sample orders reviewed on the command line alone."""

from __future__ import annotations

import subprocess

from tools import debian, python_env
from tools.paths import BUILD, ENV, OUR_APP, ROOT, command_environment, make_folders
from tools.report import Problem, run, say

DATA = OUR_APP / "order_review" / "demo" / "data"
OUT = BUILD / "demo"
SHEETS = (("html", "en"), ("html", "zh"), ("pdf", "en"), ("pdf", "zh"))


def demo() -> None:
	"""Show the review of every sample order as a table and write sheets and JSON under build/demo/."""
	make_folders()
	prints_missing = _have_print_libraries()
	python_env.ensure("package")
	shown = subprocess.run(_review("table", "en"), cwd=ROOT, env=command_environment(), check=False)
	if shown.returncode not in (0, 1):  # 1: some order has errors, which is what a review is for
		raise Problem("The review of the sample orders failed.", "Its message above says why.")
	OUT.mkdir(parents=True, exist_ok=True)
	written = []
	for form, language in (*SHEETS, ("json", "en")):
		if form == "pdf" and prints_missing:
			continue
		_write(form, language)
		written.append(form)
	if prints_missing:
		say(f"\nPDF sheets are left out, this machine lacks: {prints_missing}.")
	say(f"\nThe reviewed sample orders are in {OUT.relative_to(ROOT)}/: {_counts()}.")


def _have_print_libraries() -> str:
	"""Install what PDF files need when that is possible; otherwise name it."""
	try:
		debian.ensure(debian.PRINTS)
	except Problem as problem:
		say(f"  {problem.message} {problem.remedy}")
		return ", ".join(package.name for package in debian.missing(debian.PRINTS))
	return ""


def _review(form: str, language: str) -> list[str]:
	program = str(ENV / "bin" / "order-review")
	orders = str(DATA / "orders.yaml")
	return [program, "review", "--catalog", str(DATA), orders, "--format", form, "--lang", language]


def _write(form: str, language: str) -> None:
	title = f"Writing the review as {form.upper()}" + ("" if form == "json" else f", {language}")
	command = [*_review(form, language), "--out", str(OUT)]
	run(title, ["sh", "-c", '"$@"; [ $? -le 1 ]', "review", *command])


def _counts() -> str:
	found = {suffix: len(list(OUT.rglob(f"*.{suffix}"))) for suffix in ("html", "pdf", "json")}
	return ", ".join(f"{count} {suffix.upper()}" for suffix, count in found.items() if count)
