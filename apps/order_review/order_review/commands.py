"""Bench commands: ``bench --site SITE order-review …``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import frappe
from frappe.commands import get_site, pass_context
from frappe.utils import update_progress_bar


@contextmanager
def _site(context: Any) -> Iterator[None]:
	"""Connect to the site as Administrator; a refusal ends the command with its sentence, and nothing is kept."""
	frappe.init(site=get_site(context))
	frappe.connect()
	frappe.local.lang = frappe.db.get_default("lang") or "en"
	try:
		yield
		frappe.db.commit()  # nosemgrep: a command is its own transaction
	except frappe.ValidationError as error:
		frappe.db.rollback()
		raise click.ClickException(frappe.utils.strip_html(str(error))) from None
	finally:
		frappe.destroy()


def _bar(text: str) -> Callable[[int, int, str], None]:
	def show(done: int, total: int, _what: str) -> None:
		if total:
			update_progress_bar(text, min(done, total - 1), total)

	return show


def _folder(name: str) -> Path:
	"""The folder as the caller meant it: bench runs commands inside ``sites``."""
	return Path(os.environ.get("PWD") or ".").joinpath(name)


@click.group("order-review")
def order_review() -> None:
	"""Catalogue, demo data and orders of Order Review."""


@order_review.command("import-catalog")
@click.argument("folder")
@pass_context
def import_catalog(context: Any, folder: str) -> None:
	"""Make the site's catalogue equal to the YAML files in FOLDER."""
	from order_review.services.catalogue_transfer import import_folder

	with _site(context):
		result = import_folder(_folder(folder), _bar("Importing"))
		click.echo()
		for warning in result.warnings:
			click.echo(warning, err=True)
		click.echo(result.sentence)


@order_review.command("export-catalog")
@click.argument("folder")
@pass_context
def export_catalog(context: Any, folder: str) -> None:
	"""Write the site's catalogue as YAML files into FOLDER."""
	from order_review.services.catalogue_transfer import export_folder

	with _site(context):
		digest = export_folder(_folder(folder))
		click.echo(f"{folder} holds the catalogue {digest[:12]}.")


@order_review.command("recheck-orders")
@pass_context
def recheck_orders(context: Any) -> None:
	"""Review all intent orders in draft again and say what changed."""
	from order_review.services.review_intent_order import recheck_all

	with _site(context):
		outcome = recheck_all(_bar("Reviewing"))
		click.echo()
		for name, before, after in outcome.changed:
			click.echo(f"{name}: {before or '-'} → {after or '-'}")
		click.echo(
			f"{outcome.reviewed} orders reviewed, {len(outcome.changed)} changed, {outcome.skipped} cannot be reviewed yet."
		)


@order_review.command("verify")
@click.option(
	"--note", is_flag=True, help="Note what is found to the administrators and the supervisor as well."
)
@pass_context
def verify(context: Any, note: bool) -> None:
	"""Check what must hold of every document of the site; ends with status 1 where something does not."""
	from order_review.services.verify import checker

	with _site(context):
		found = checker.run()
		for finding in found:
			click.echo(str(finding))
		if note and found:
			checker.note(found)
		click.echo(f"{len(checker.INVARIANTS)} invariants, {len(found)} findings.")
	if found:
		raise SystemExit(1)


@order_review.command("close-website")
@click.option("--open", "reopen", is_flag=True, help="Give it back to all website users.")
@pass_context
def close_website(context: Any, reopen: bool) -> None:
	"""Close the website to all website users but dealers, for a site that is Order Review's alone."""
	from order_review.constants import REVIEW_SETTINGS

	with _site(context):
		frappe.db.set_single_value(REVIEW_SETTINGS, "close_website", int(not reopen))
		click.echo("The website is open to all." if reopen else "The website is closed to all but dealers.")


def _demo_data(context: Any, clear: bool, state: bool, reviews: bool) -> None:
	from order_review import demo

	with _site(context):
		if state:
			for line in demo.state():
				click.echo(line)
		elif clear:
			demo.clear(_bar("Clearing"))
			click.echo("\nThe demo data are gone.")
		else:
			demo.create(_bar("Creating"), with_reviews=reviews)
			click.echo()
			for login in demo.logins():
				click.echo(f"{login['user']:<24} {login['password']:<16} {login['role']} {login['role_zh']}")
			click.echo("The demo data are there.")


_demo_options = (
	click.option("--clear", is_flag=True, help="Remove what the command made."),
	click.option("--state", is_flag=True, help="Say what is there."),
	click.option("--reviews", is_flag=True, help="Make orders in the midst of their review as well."),
)


def _with_demo_options(function: Any) -> Any:
	for option in reversed(_demo_options):
		function = option(function)
	return function


@order_review.command("demo-data")
@_with_demo_options
@pass_context
def demo_data_of_group(context: Any, clear: bool, state: bool, reviews: bool) -> None:
	"""Make the sample company, catalogue, users and orders."""
	_demo_data(context, clear, state, reviews)


@click.command("demo-data")
@_with_demo_options
@pass_context
def demo_data(context: Any, clear: bool, state: bool, reviews: bool) -> None:
	"""Make the sample company, catalogue, users and orders of Order Review."""
	_demo_data(context, clear, state, reviews)


commands = [order_review, demo_data]
