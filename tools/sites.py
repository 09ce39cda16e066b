"""Sites of this bench: configuration, creation, our app on them, demo data."""

from __future__ import annotations

import getpass
import hashlib
import json
import shutil
import subprocess

from tools import services
from tools.fetched_apps import installed_version, pins
from tools.paths import OUR_APP, PYTHON, ROOT, SITES, VAR, command_environment
from tools.report import Problem, run

CONFIG_FILE = SITES / "common_site_config.json"
TEMPLATE = SITES / "common_site_config.template.json"
SCRIPTS = ROOT / "tools" / "site_scripts"
APP_FILES = ("*.json", "*.csv", "*.txt", "hooks.py", "constants.py", "setup/**/*.py", "patches/**/*.py")


def write_configuration(chosen: dict[str, int]) -> None:
	"""Write sites/common_site_config.json: our addresses and keys; what somebody added by hand stays."""
	present = json.loads(CONFIG_FILE.read_text(encoding="utf-8")) if CONFIG_FILE.exists() else {}
	template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
	cache = f"redis://127.0.0.1:{chosen['redis_cache']}"
	ours = {
		"db_host": "127.0.0.1",
		"db_port": chosen["mariadb"],
		"frappe_user": getpass.getuser(),
		"redis_cache": cache,
		"redis_queue": f"redis://127.0.0.1:{chosen['redis_queue']}",
		"redis_socketio": cache,
		"root_login": "root",
		"root_password": services.keys()["mariadb_root_password"],
		"socketio_port": chosen["socketio"],
		"webserver_port": chosen["web"],
	}
	CONFIG_FILE.touch(mode=0o600)
	CONFIG_FILE.write_text(
		json.dumps(template | present | ours, indent=1, sort_keys=True) + "\n", encoding="utf-8"
	)


def bench_command(*words: str) -> list[str]:
	"""The words of one bench command, for :func:`run` with cwd=SITES."""
	return [str(PYTHON), "-m", "frappe.utils.bench_helper", "frappe", *words]


def bench(title: str, *words: str) -> str:
	"""Run one bench command as one step and give back what it printed."""
	return run(title, bench_command(*words), cwd=SITES)


def ensure_erpnext(site: str) -> None:
	"""Have the site with ERPNext installed and its setup wizard completed.

	:raises Problem: when a folder of that name is there that we did not make, or its database is gone.
	"""
	state = read_state(site)
	folder = SITES / site
	if state.get("erpnext"):
		_refuse_lost_database(site)
		return
	if (folder / "site_config.json").exists() and not state.get("creating"):
		if "erpnext" not in installed_apps(site):
			raise Problem(
				f"sites/{site} is there, but not made by this command.",
				"Move it away, or install ERPNext on it.",
			)
	else:
		folder.mkdir(parents=True, exist_ok=True)
		write_state(site, {"creating": True})
		bench(
			f"Creating site {site} with ERPNext (one to two minutes)",
			*new_site_command(site),
			"--install-app",
			"erpnext",
		)
	complete_setup(site)
	write_state(site, {"erpnext": True})
	show_iso_dates(site)


def new_site_command(site: str) -> list[str]:
	"""The words of the bench command that makes the site; what its database holds is for the caller to say."""
	return [
		"new-site",
		site,
		"--force",
		"--admin-password",
		services.keys()["administrator_password"],
		"--mariadb-user-host-login-scope=%",
	]


def complete_setup(site: str) -> None:
	"""Complete ERPNext's setup wizard, so that the Desk opens."""
	run(f"Completing the setup of {site}", [PYTHON, SCRIPTS / "complete_setup.py", site], cwd=SITES)


def _refuse_lost_database(site: str) -> None:
	config = json.loads((SITES / site / "site_config.json").read_text(encoding="utf-8"))
	name = config["db_name"]
	if services.query(f"SHOW DATABASES LIKE '{name}'").stdout.strip() != name:
		raise Problem(
			f"The database of {site} is gone (var/mariadb was replaced).",
			f"Delete the folder sites/{site} to have a new site made.",
		)


def installed_apps(site: str) -> list[str]:
	"""Names of the apps on the site."""
	answer = bench(f"Looking at {site}", "--site", site, "list-apps", "--format", "json")
	try:
		return [str(name) for name in json.loads(answer[answer.index("{") :])[site]]
	except (ValueError, KeyError) as error:
		raise Problem(f"bench list-apps answered: {answer.strip()[:200]}", "Read logs/setup.log.") from error


def ensure_our_app(site: str) -> None:
	"""Install order_review on the site, or migrate the site when its files changed since the last time."""
	wanted = app_fingerprint()
	if read_state(site).get("app") == wanted:
		return
	if "order_review" in installed_apps(site):
		bench(f"Migrating {site} to the present code", "--site", site, "migrate")
	else:
		bench(f"Installing order_review on {site}", "--site", site, "install-app", "order_review")
	write_state(site, {"app": wanted})


def app_fingerprint() -> str:
	"""Changes whenever a site must be migrated: our metadata, our setup code, the fetched versions."""
	digest = hashlib.sha256(",".join(str(installed_version(pin.folder)) for pin in pins()).encode())
	package = OUR_APP / "order_review"
	files = {file for pattern in APP_FILES for file in package.rglob(pattern) if "dist" not in file.parts}
	for file in sorted(files):
		digest.update(str(file.relative_to(package)).encode() + b"\0" + file.read_bytes())
	return digest.hexdigest()


def has_demo_command() -> bool:
	"""Whether this version of the app brings the command `demo-data`."""
	commands = OUR_APP / "order_review" / "commands.py"
	return commands.exists() and "demo-data" in commands.read_text(encoding="utf-8")


def ensure_demo_data(site: str, *options: str) -> None:
	"""Seed demo company, catalogue, users and orders once; cleared demo data stays cleared.

	:param options: options of the command ``demo-data``.
	"""
	if read_state(site).get("demo") or not has_demo_command():
		return
	bench(f"Seeding demo data on {site}", "--site", site, "demo-data", *options)
	write_state(site, {"demo": True})


def close_website(site: str) -> None:
	"""Close the site to website users other than dealers; done once, so that an administrator's later choice stays."""
	if not read_state(site).get("website_closed"):
		bench(f"Closing {site} to all but dealers", "--site", site, "order-review", "close-website")
		write_state(site, {"website_closed": True})


def show_iso_dates(site: str) -> None:
	"""Let the site show dates as year-month-day; done once, so that an administrator's later choice stays."""
	if not read_state(site).get("iso_dates"):
		run(
			f"Writing dates as year-month-day on {site}",
			[PYTHON, SCRIPTS / "show_iso_dates.py", site],
			cwd=SITES,
		)
		write_state(site, {"iso_dates": True})


def enable_scheduler(site: str) -> None:
	"""Let timed jobs run on the site; done once, so that an administrator's later choice stays."""
	if not read_state(site).get("scheduler"):
		bench(f"Enabling timed jobs on {site}", "--site", site, "enable-scheduler")
		write_state(site, {"scheduler": True})


def demo_logins(site: str) -> list[dict[str, str]]:
	"""User and password per role, as the demo data made them; empty when there is no demo data."""
	if not read_state(site).get("demo"):
		return []
	try:
		answer = bench("Reading the demo logins", "--site", site, "execute", "order_review.demo.logins")
		return list(json.loads(answer[answer.index("[") :]))
	except (Problem, ValueError):
		return []


def drop(site: str) -> None:
	"""Delete the site with its database and files; nothing to do when there is none."""
	folder = SITES / site
	if (folder / "site_config.json").exists():
		archive = VAR / "archived"
		archive.mkdir(exist_ok=True)
		words = ["drop-site", site, "--no-backup", "--force", "--archived-sites-path", str(archive)]
		bench(f"Dropping site {site}", *words)
		shutil.rmtree(archive, ignore_errors=True)
		_forget_jobs(site)
	shutil.rmtree(folder, ignore_errors=True)


def _forget_jobs(site: str) -> None:
	"""A worker that comes upon a job of a site that is gone ends, and with it everything that was started beside it."""
	command = [str(PYTHON), "-m", "tools", "forget-jobs", site]
	subprocess.run(command, cwd=ROOT, env=command_environment(), capture_output=True, check=False)


def read_state(site: str) -> dict[str, object]:
	"""What we did on this site so far."""
	try:
		return dict(json.loads((SITES / site / "order_review_state.json").read_text(encoding="utf-8")))
	except (OSError, ValueError):
		return {}


def write_state(site: str, news: dict[str, object]) -> None:
	"""Remember a step done on this site."""
	file = SITES / site / "order_review_state.json"
	file.parent.mkdir(parents=True, exist_ok=True)
	state = {
		name: value
		for name, value in (read_state(site) | news).items()
		if name != "creating" or "creating" in news
	}
	file.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
