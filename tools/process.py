"""One line of the Procfile: wait for what the process needs, then become it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tools import ports, queued_jobs, services
from tools.debian import program
from tools.paths import ENV, LOGS, ROOT, RUN, SITE, SITES, command_environment, make_folders
from tools.report import Problem, say
from tools.sites import CONFIG_FILE, bench_command

WEB_TIMEOUT = 120


def front(chosen: dict[str, int]) -> list[str]:
	"""The address the browser is given, in front of gunicorn and the realtime server."""
	script = str(ROOT / "tools" / "front.mjs")
	addresses = [str(chosen[name]) for name in ("web", "gunicorn", "socketio")]
	return [program("node") or "node", script, *addresses, SITE]


def web(chosen: dict[str, int]) -> list[str]:
	"""gunicorn, serving the sites and their static files."""
	workers = json.loads(CONFIG_FILE.read_text(encoding="utf-8")).get("gunicorn_workers", 2)
	return [
		str(ENV / "bin" / "gunicorn"),
		f"--bind=127.0.0.1:{chosen['gunicorn']}",
		f"--workers={workers}",
		"--threads=4",
		f"--timeout={WEB_TIMEOUT}",
		"--preload",
		"frappe.app:application_with_statics()",
	]


PROCESSES: dict[str, Callable[[dict[str, int]], list[str]]] = {
	"front": front,
	"web": web,
	"socketio": lambda chosen: [program("node") or "node", str(ROOT / "apps" / "frappe" / "socketio.js")],
	"schedule": lambda chosen: bench_command("schedule"),
	"worker_short": lambda chosen: bench_command("worker", "--queue", "short,default"),
	"worker_long": lambda chosen: bench_command("worker", "--queue", "long,default,short"),
}


def become(name: str) -> None:
	"""Run the named process of the Procfile in the place of this one; its output goes to logs/<name>.log."""
	make_folders()
	chosen = ports.read()
	if name in services.SERVERS:
		_become_server(services.server(name, chosen))
		return
	if name not in PROCESSES:
		raise Problem(
			f"There is no process {name}.", f"One of: {', '.join([*services.SERVERS, *PROCESSES])}."
		)
	for needed in services.SERVERS:
		services.wait_for(services.server(needed, chosen))
	if name.startswith("worker"):
		queued_jobs.forget()
	(RUN / f"{name}.pid").write_text(str(os.getpid()), encoding="utf-8")
	_replace_with(PROCESSES[name](chosen), LOGS / f"{name}.log", cwd=SITES)


def _become_server(one: services.Server) -> None:
	pid = services.process_id(one)
	if pid:
		_stand_for(one.name, pid)
	else:
		_replace_with(list(one.command), one.log, cwd=ROOT)


def _stand_for(name: str, pid: int) -> None:
	"""The server runs already (the set-up needed it): live as long as it does, and end it when told to end."""

	def end(_signal: int, _frame: FrameType | None) -> None:
		services.stop_process(pid)
		sys.exit(0)

	signal.signal(signal.SIGTERM, end)
	signal.signal(signal.SIGINT, end)
	say(f"{name} runs already as process {pid}.")
	while services.is_alive(pid):
		time.sleep(0.5)


def _replace_with(command: list[str], log: Path, cwd: Path) -> None:
	say(f"output in {log.relative_to(ROOT)}")
	with log.open("ab") as out:
		os.dup2(out.fileno(), sys.stdout.fileno())
		os.dup2(out.fileno(), sys.stderr.fileno())
	os.chdir(cwd)
	os.execvpe(command[0], command, command_environment())
