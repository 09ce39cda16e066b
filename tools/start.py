"""`make start`: the whole system, from whatever is there already."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

from tools import debian, fetched_apps, javascript, ports, python_env, services, sites
from tools.paths import ENV, ROOT, RUN, SITE, alone, command_environment
from tools.process import PROCESSES
from tools.report import Problem, say

STOPPED = {0, 128 + signal.SIGINT, 128 + signal.SIGTERM, -signal.SIGINT, -signal.SIGTERM}
NEEDED_BYTES = 4 * 1024**3


def make_bench(*layers: str, packages: tuple[debian.Package, ...] = ()) -> None:
	"""Everything a site needs but the servers: programs, apps, Python and JavaScript packages, assets.

	:param layers: layers of env/ wanted besides the package and the bench.
	:param packages: Debian packages wanted besides the bench's own.
	"""
	_refuse_full_disk()
	with alone():
		debian.ensure((*debian.PYTHON, *debian.PRINTS, *debian.BENCH, *packages))
		fetched_apps.fetch_all()
		python_env.ensure("package", "bench", *layers)
		javascript.ensure_packages()


def serve_bench() -> list[str]:
	"""Start our servers, write the bench's configuration and build the assets.

	:returns: names of the servers this call started.
	"""
	with alone():
		started = services.ensure()
		sites.write_configuration(ports.read())
		javascript.ensure_assets()
	return started


def start() -> None:
	"""Set up what is missing, then run the Procfile until Ctrl-C."""
	if main_process():
		_tell("Order Review runs already")
		return
	with alone():
		ports.choose(services.running())  # refuse a port that cannot be had before minutes are spent
	make_bench()
	serve_bench()
	with alone():
		sites.ensure_erpnext(SITE)
		sites.ensure_our_app(SITE)
		sites.show_iso_dates(SITE)
		sites.ensure_demo_data(SITE, "--reviews")
		sites.close_website(SITE)
		sites.enable_scheduler(SITE)
	_tell("Order Review is ready")
	say("Ctrl-C here, or `make stop` elsewhere, stops it; the data stay. Output of each process: logs/.\n")
	_run_procfile()


def main_process() -> int | None:
	"""The process of a `make start` that runs now."""
	try:
		pid = int((RUN / "start.pid").read_text(encoding="utf-8"))
		command = Path(f"/proc/{pid}/cmdline").read_bytes()
	except (OSError, ValueError):
		return None
	return pid if b"honcho" in command else None


def stop() -> None:
	"""`make stop`: end `make start` and our servers; nothing to do when none runs."""
	services.stop_process(main_process())
	services.stop()
	say("Nothing of this checkout runs any more; its data stay in var/ and sites/.")


def _run_procfile() -> None:
	"""Run every process until someone stops them.

	:raises Problem: when one of them ended by itself; honcho then ends the others.
	"""
	# The terminal's Ctrl-C reaches honcho too, which ends every process in order; we wait for it.
	signal.signal(signal.SIGINT, signal.SIG_IGN)
	honcho = subprocess.Popen(
		[ENV / "bin" / "honcho", "start", *services.SERVERS, *PROCESSES], cwd=ROOT, env=command_environment()
	)
	signal.signal(signal.SIGTERM, lambda _number, _frame: honcho.terminate())
	(RUN / "start.pid").write_text(str(honcho.pid), encoding="utf-8")
	code = honcho.wait()
	if code not in STOPPED:
		raise Problem(
			"One of the processes ended by itself (its name is above), so all were stopped.",
			"Read its file in logs/, then make start again.",
		)
	say("Order Review has stopped; its data are kept.")


def _refuse_full_disk() -> None:
	free = shutil.disk_usage(ROOT).free
	if free < NEEDED_BYTES and not (ENV / "layers.json").exists():
		raise Problem(
			f"Only {free / 1024**3:.1f} GB are free on this disk; a bench with its first site needs about 4 GB.",
			"Free some space, then run the same command again.",
		)


def _tell(sentence: str) -> None:
	address = f"http://{SITE}:{ports.read()['web']}"
	logins = sites.demo_logins(SITE)
	say(f"\n{sentence}: {address}")
	say(f"  {'Administrator':<34} {services.keys()['administrator_password']}")
	for login in logins:
		say(f"  {login['user']:<34} {login['password']:<20} {login['role']}")
