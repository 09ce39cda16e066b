"""`make install BENCH= SITE=`: put the app into a bench that somebody already has."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.fetched_apps import Pin, installed_version, pins, version_key
from tools.paths import OUR_APP, command_environment
from tools.report import Problem, run, say


def install(bench: str = "", site: str = "") -> None:
	"""Link the app into the bench, install its Python packages, build its assets and install it on the site.

	:raises Problem: when the folder is no bench, its versions do not fit, or the site is not there.
	"""
	if not bench or not site:
		raise Problem("BENCH or SITE is missing.", "make install BENCH=/path/to/bench SITE=name.of.site")
	folder = Path(bench).expanduser().resolve()
	_check(folder, site)
	_link(folder)
	run(
		"Installing its Python packages",
		[folder / "env" / "bin" / "python", "-m", "pip", "install", "-e", OUR_APP],
	)
	_list_app(folder)
	command = [str(folder / "env" / "bin" / "python"), "-m", "frappe.utils.bench_helper", "frappe"]
	sites = folder / "sites"
	run("Building its assets", [*command, "build", "--app", "order_review", "--production"], cwd=sites)
	if _is_on(command, sites, site):
		run(f"Migrating {site}", [*command, "--site", site, "migrate"], cwd=sites)
	else:
		run(f"Installing it on {site}", [*command, "--site", site, "install-app", "order_review"], cwd=sites)
	say(f"Order Review is installed on {site} of the bench {folder}. Restart that bench's processes.")


def _check(folder: Path, site: str) -> None:
	if not all((folder / name).is_dir() for name in ("apps", "sites", "env")):
		raise Problem(
			f"{folder} is not a bench: it has no apps/, sites/ and env/.",
			"Give the folder `bench init` made.",
		)
	for pin in pins():
		_check_version(folder, pin)
	if not (folder / "sites" / site / "site_config.json").exists():
		have = (
			", ".join(sorted(file.parent.name for file in (folder / "sites").glob("*/site_config.json")))
			or "none"
		)
		raise Problem(f"The bench has no site {site}.", f"Its sites: {have}.")


def _check_version(folder: Path, pin: Pin) -> None:
	version = installed_version(folder / "apps" / pin.name)
	if version is None:
		raise Problem(
			f"The bench has no {pin.name}.", f"In the bench: bench get-app --branch version-15 {pin.name}"
		)
	fits = version_key(pin.oldest) <= version_key(version) < (version_key(pin.oldest)[0] + 1,)
	if not fits:
		raise Problem(
			f"The bench has {pin.name} {version}; Order Review runs on version 15 from {pin.oldest} on.",
			"Update the bench first (bench update), or use a bench of the version-15 line.",
		)


def _link(folder: Path) -> None:
	place = folder / "apps" / "order_review"
	if place.exists() and place.resolve() != OUR_APP.resolve():
		raise Problem(
			f"{place} is there already and is not this checkout.", "Move it away, then run this again."
		)
	if not place.exists():
		place.symlink_to(OUR_APP, target_is_directory=True)


def _list_app(folder: Path) -> None:
	listing = folder / "sites" / "apps.txt"
	names = listing.read_text(encoding="utf-8").split() if listing.exists() else []
	if "order_review" not in names:
		listing.write_text("\n".join([*names, "order_review"]) + "\n", encoding="utf-8")


def _is_on(command: list[str], sites: Path, site: str) -> bool:
	words = [*command, "--site", site, "list-apps"]
	done = subprocess.run(
		words, cwd=sites, env=command_environment(), capture_output=True, text=True, check=False
	)
	return "order_review" in done.stdout
