"""`make demo`: the sample orders reviewed on the command line alone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess

from tools import debian, python_env
from tools.paths import BUILD, ENV, OUR_APP, ROOT, command_environment, make_folders
from tools.report import Problem, run, say, step

DATA = OUR_APP / "order_review" / "demo" / "data"
OUT = BUILD / "demo"
MADE_FROM = OUT / ".made-from"
SHEETS = (("html", "en"), ("html", "zh"), ("pdf", "en"), ("pdf", "zh"))
# What the sheets and figures depend on: the package without its Frappe side.
SOURCES = ("engine", "adapters", "cli", "prints", "demo/data")


def demo() -> None:
	"""Show the review of every sample order as a table and write sheets and JSON under build/demo/."""
	make_folders()
	lacking = _have_print_libraries()
	python_env.ensure("package")
	shown = subprocess.run(_review("table", "en"), cwd=ROOT, env=command_environment(), check=False)
	if shown.returncode not in (0, 1):  # 1: some order has errors, which is what a review is for
		raise Problem("The review of the sample orders failed.", "Its message above says why.")
	_write_files(with_pdf=not lacking)
	if lacking:
		say(f"\nPDF sheets are left out, this machine lacks: {lacking}.")
	say(f"\nThe reviewed sample orders are in {OUT.relative_to(ROOT)}/: {_counts()}.")


def _have_print_libraries() -> str:
	"""Install what PDF files need when that is possible; otherwise name it."""
	try:
		debian.ensure(debian.PRINTS)
	except Problem as problem:
		say(f"  {problem.message} {problem.remedy}")
		return ", ".join(package.name for package in debian.missing(debian.PRINTS))
	return ""


def _write_files(with_pdf: bool) -> None:
	"""Write sheets and JSON anew when a source of them changed."""
	sources = f"{_source_hash()} {'with' if with_pdf else 'without'} PDF"
	if MADE_FROM.exists() and MADE_FROM.read_text(encoding="utf-8") == sources:
		with step("The sheets and the JSON are there, nothing they come from has changed"):
			return
	shutil.rmtree(OUT, ignore_errors=True)
	OUT.mkdir(parents=True)
	for form, language in (*SHEETS, ("json", "en")):
		if form != "pdf" or with_pdf:
			_write(form, language)
	MADE_FROM.write_text(sources, encoding="utf-8")


def _source_hash() -> str:
	digest = hashlib.sha256()
	package = OUR_APP / "order_review"
	for file in sorted(file for folder in SOURCES for file in (package / folder).rglob("*.*")):
		if file.is_file() and file.suffix != ".pyc":
			digest.update(str(file.relative_to(package)).encode() + b"\0" + file.read_bytes())
	return digest.hexdigest()


def _review(form: str, language: str) -> list[str]:
	program = str(ENV / "bin" / "order-review")
	orders = str(DATA / "orders.yaml")
	return [program, "review", "--catalog", str(DATA), orders, "--format", form, "--lang", language]


def _write(form: str, language: str) -> None:
	title = f"Writing the review as {form.upper()}" + ("" if form == "json" else f", {language}")
	command = [*_review(form, language), "--out", str(OUT)]
	if form == "pdf":
		command += ["--jobs", str(os.cpu_count() or 1)]
	run(title, ["sh", "-c", '"$@"; [ $? -le 1 ]', "review", *command])


def _counts() -> str:
	found = {suffix: len(list(OUT.rglob(f"*.{suffix}"))) for suffix in ("html", "pdf", "json")}
	return ", ".join(f"{count} {suffix.upper()}" for suffix, count in found.items() if count)
