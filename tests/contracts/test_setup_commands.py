"""The commands behind make: what they remember, refuse and say. No network, no server, no Frappe."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import clean, debian, doctor, fetched_apps, install, perf, ports, report, services, sites
from tools.fetched_apps import Pin
from tools.paths import CONFIG, ROOT
from tools.process import PROCESSES
from tools.report import Problem
from tools.testing_names import BENCH_VARIABLE, RECORD_VARIABLE, STAGES


@pytest.fixture
def ports_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
	monkeypatch.delenv("WEB_PORT", raising=False)
	return tmp_path / "ports.json"


@pytest.fixture
def held_port() -> Iterator[int]:
	"""A port that another program listens on."""
	with socket.socket() as server:
		server.bind(("127.0.0.1", 0))
		server.listen()
		yield server.getsockname()[1]


class TestPorts:
	def test_are_chosen_once_and_remembered(self, ports_file: Path) -> None:
		chosen = ports.choose(set(), ports_file)
		assert set(chosen) == set(ports.FIRST)
		assert len(set(chosen.values())) == len(chosen)
		assert ports.choose(set(), ports_file) == chosen == ports.read(ports_file)

	def test_one_taken_by_another_program_is_replaced_and_said(
		self, ports_file: Path, held_port: int, capsys: pytest.CaptureFixture[str]
	) -> None:
		before = ports.choose(set(), ports_file)
		ports_file.write_text(json.dumps(before | {"web": held_port}), encoding="utf-8")
		after = ports.choose(set(), ports_file)
		assert after["web"] != held_port
		assert {name: port for name, port in after.items() if name != "web"} == {
			name: port for name, port in before.items() if name != "web"
		}
		assert (
			f"Port {held_port} (web) is taken by another program; {after['web']} is used"
			in capsys.readouterr().out
		)

	def test_one_held_by_our_own_server_stays(self, ports_file: Path, held_port: int) -> None:
		before = ports.choose(set(), ports_file)
		ports_file.write_text(json.dumps(before | {"mariadb": held_port}), encoding="utf-8")
		assert ports.choose({"mariadb"}, ports_file)["mariadb"] == held_port

	def test_a_second_checkout_takes_others_while_the_first_runs(
		self, tmp_path: Path, ports_file: Path
	) -> None:
		first = ports.choose(set(), ports_file)
		with socket.socket() as server:
			server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that ended a moment ago
			server.bind(("127.0.0.1", first["mariadb"]))
			server.listen()
			second = ports.choose(set(), tmp_path / "second.json")
		assert second["mariadb"] != first["mariadb"]

	def test_an_asked_for_port_that_is_taken_is_refused(
		self, ports_file: Path, held_port: int, monkeypatch: pytest.MonkeyPatch
	) -> None:
		monkeypatch.setenv("WEB_PORT", str(held_port))
		with pytest.raises(Problem) as refusal:
			ports.choose(set(), ports_file)
		assert f"Port {held_port}, asked for by WEB_PORT, is taken" in refusal.value.message

	@pytest.mark.parametrize("wanted", ["eighty", "0", "70000", "-1"])
	def test_a_port_that_is_none_is_refused(
		self, ports_file: Path, wanted: str, monkeypatch: pytest.MonkeyPatch
	) -> None:
		monkeypatch.setenv("WEB_PORT", wanted)
		with pytest.raises(Problem, match="is not a port"):
			ports.choose(set(), ports_file)

	@pytest.mark.parametrize("text", ["{", "[]", '{"web": "many"}'])
	def test_a_broken_file_says_how_to_mend_it(self, ports_file: Path, text: str) -> None:
		ports_file.write_text(text, encoding="utf-8")
		with pytest.raises(Problem) as problem:
			ports.read(ports_file)
		assert "Delete it" in problem.value.remedy


class TestFetchedApps:
	@pytest.fixture
	def apps(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
		"""An empty apps folder in the place of ours."""
		folder = tmp_path / "apps"
		monkeypatch.setattr(fetched_apps, "APPS", folder)
		for name in ("FRAPPE", "ERPNEXT"):
			monkeypatch.delenv(f"{name}_SOURCE", raising=False)
			monkeypatch.delenv(f"{name}_TAG", raising=False)
		return folder

	@staticmethod
	def make_source(folder: Path, name: str, version: str) -> Path:
		package = folder / name
		package.mkdir(parents=True)
		(package / "__init__.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")
		return folder

	def test_the_pins_are_the_tested_tags_of_version_15(self, apps: Path) -> None:
		frappe, erpnext = fetched_apps.pins()
		assert (frappe.name, frappe.tag) == ("frappe", "v15.103.0")
		assert (erpnext.name, erpnext.tag) == ("erpnext", "v15.102.0")
		for pin in (frappe, erpnext):
			assert fetched_apps.version_key(pin.oldest) <= fetched_apps.version_key(pin.tag)

	def test_variables_replace_address_and_tag(self, apps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setenv("FRAPPE_SOURCE", "/a/folder")
		monkeypatch.setenv("ERPNEXT_TAG", "v15.110.0")
		frappe, erpnext = fetched_apps.pins()
		assert (frappe.source, frappe.tag) == ("/a/folder", "v15.103.0")
		assert erpnext.tag == "v15.110.0"

	def test_a_source_that_is_not_there_names_the_variable_to_set(
		self, apps: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
	) -> None:
		monkeypatch.setenv("FRAPPE_SOURCE", str(tmp_path / "nowhere.git"))
		with pytest.raises(fetched_apps.SourceMissing) as missing:
			fetched_apps.fetch_all()
		assert "The source of frappe v15.103.0 cannot be had" in missing.value.message
		assert "FRAPPE_SOURCE=" in missing.value.remedy
		assert not (apps / "frappe").exists()
		assert list(apps.iterdir()) == []

	def test_plain_folders_are_copied_and_kept(
		self, apps: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
	) -> None:
		for name, version in (("frappe", "15.103.0"), ("erpnext", "15.102.0")):
			monkeypatch.setenv(
				f"{name.upper()}_SOURCE", str(self.make_source(tmp_path / "from" / name, name, version))
			)
		fetched_apps.fetch_all()
		(apps / "frappe" / "mine.txt").touch()
		fetched_apps.fetch_all()
		assert fetched_apps.are_present()
		assert (apps / "frappe" / "mine.txt").exists()

	def test_a_folder_with_another_version_is_not_overwritten(self, apps: Path) -> None:
		self.make_source(apps / "frappe", "frappe", "15.90.0")
		with pytest.raises(Problem) as refusal:
			fetched_apps.fetch_all()
		assert "apps/frappe holds version 15.90.0" in refusal.value.message
		assert "FRAPPE_TAG=v15.90.0" in refusal.value.remedy
		assert fetched_apps.installed_version(apps / "frappe") == "15.90.0"

	@pytest.mark.parametrize("version", ["15.10.0", "14.99.0", "16.1.0"])
	def test_a_version_we_do_not_run_on_is_refused(
		self, apps: Path, version: str, monkeypatch: pytest.MonkeyPatch
	) -> None:
		self.make_source(apps / "frappe", "frappe", version)
		monkeypatch.setenv("FRAPPE_TAG", f"v{version}")
		with pytest.raises(Problem, match=r"runs on version 15 from 15\.72\.4 on"):
			fetched_apps.fetch_all()


class TestWhatIsSaidOnFailure:
	@pytest.mark.parametrize(
		("output", "message", "remedy"),
		[
			("fatal: Could not resolve host: example.org", "The network", "Check the connection"),
			("OSError: [Errno 28] No space left on device", "The disk is full", "Free some space"),
			(
				"npm error code SELF_SIGNED_CERT_IN_CHAIN",
				"not trusted by this machine",
				"NODE_EXTRA_CA_CERTS",
			),
			("bind: Address already in use", "A port is taken", "config/ports.json"),
			("mkdir: cannot create: Permission denied", "This user may not write", "chown"),
			("it broke\nin its own way", "in its own way", "logs/setup.log"),
		],
	)
	def test_a_known_symptom_becomes_a_remedy(self, output: str, message: str, remedy: str) -> None:
		problem = report.explain(output, "Doing it")
		assert problem.message.startswith("Doing it")
		assert message in problem.message
		assert remedy in problem.remedy

	def test_a_missing_program_is_named(self) -> None:
		with pytest.raises(Problem, match="the program no-such-program is not installed"):
			report.run("Trying", ["no-such-program"])

	def test_passwords_do_not_reach_the_log(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setattr(report, "SETUP_LOG", tmp_path / "setup.log")
		report.run("Trying", ["true", "--admin-password", "hunter2", "site"])
		log = (tmp_path / "setup.log").read_text(encoding="utf-8")
		assert "hunter2" not in log
		assert "--admin-password *** site" in log

	def test_an_ordinary_user_is_told_the_exact_packages(self, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setattr(os, "geteuid", lambda: 1000)
		absent = [
			debian.Package("mariadb-server-core", lambda: False, "the database"),
			debian.Package("git", lambda: True, "fetching"),
			debian.Package("redis-server", lambda: False, "cache"),
		]
		with pytest.raises(Problem) as problem:
			debian.ensure(absent)
		assert problem.value.remedy == (
			"As root: apt-get install --no-install-recommends mariadb-server-core redis-server"
		)

	def test_a_problem_ends_the_command_in_two_lines_without_a_traceback(self) -> None:
		done = subprocess.run(
			[sys.executable, "-m", "tools", "install", "--", "", ""],
			cwd=ROOT,
			capture_output=True,
			text=True,
			check=False,
		)
		assert done.returncode == 1
		assert done.stdout.strip().splitlines() == [
			"Stopped: BENCH or SITE is missing.",
			"To do:   make install BENCH=/path/to/bench SITE=name.of.site",
		]
		assert done.stderr == ""


class TestInstallIntoAnotherBench:
	@pytest.fixture
	def bench(self, tmp_path: Path) -> Path:
		for name in ("apps", "sites/shop.example", "env/bin"):
			(tmp_path / name).mkdir(parents=True)
		(tmp_path / "sites/shop.example/site_config.json").write_text("{}", encoding="utf-8")
		for name, version in (("frappe", "15.103.0"), ("erpnext", "15.102.0")):
			TestFetchedApps.make_source(tmp_path / "apps" / name, name, version)
		return tmp_path

	def test_a_folder_that_is_no_bench_is_refused(self, tmp_path: Path) -> None:
		with pytest.raises(Problem, match="is not a bench"):
			install.install(str(tmp_path), "shop.example")

	def test_an_unknown_site_names_those_there_are(self, bench: Path) -> None:
		with pytest.raises(Problem) as refusal:
			install.install(str(bench), "other.example")
		assert refusal.value.remedy == "Its sites: shop.example."

	@pytest.mark.parametrize("version", ["15.1.0", "14.60.0", "16.0.0"])
	def test_versions_that_do_not_fit_are_refused(self, bench: Path, version: str) -> None:
		(bench / "apps/frappe/frappe/__init__.py").write_text(
			f'__version__ = "{version}"\n', encoding="utf-8"
		)
		with pytest.raises(Problem, match=f"The bench has frappe {version}"):
			install.install(str(bench), "shop.example")
		assert not (bench / "apps/order_review").exists()

	def test_another_checkout_of_the_app_is_not_replaced(self, bench: Path) -> None:
		(bench / "apps/order_review").mkdir()
		with pytest.raises(Problem, match="is there already and is not this checkout"):
			install.install(str(bench), "shop.example")


class TestDoctor:
	def test_the_tested_frappe_is_warned_of_with_the_tag_that_mends(self) -> None:
		found = {
			advisory.number: advisory
			for advisory in doctor.covering("frappe", "15.103.0", doctor.advisories())
		}
		assert found["CVE-2026-39351"].cure == "mended in frappe v15.104.0"
		assert found["CVE-2026-119145"].cure == "mended in frappe v15.121.0"
		assert "CVE-2026-31877" not in found  # mended in 15.84.0

	def test_a_newer_erpnext_is_only_warned_of_what_has_no_mended_tag(self) -> None:
		known = doctor.advisories()
		before = doctor.covering("erpnext", "15.121.3", known)
		after = doctor.covering("erpnext", "15.121.4", known)
		assert {advisory.number for advisory in before if advisory.mended_in} == {
			"CVE-2026-124313",
			"CVE-2026-124315",
			"CVE-2026-124316",
			"CVE-2026-134379",
		}
		assert all(advisory.mended_in is None for advisory in after)

	def test_the_last_affected_version_is_covered_and_the_next_is_not(self) -> None:
		known = doctor.advisories()
		assert "CVE-2025-66438" in {
			advisory.number for advisory in doctor.covering("erpnext", "15.89.0", known)
		}
		assert "CVE-2025-66438" not in {
			advisory.number for advisory in doctor.covering("erpnext", "15.89.1", known)
		}


class TestWhatMakeOffers:
	def test_every_promised_command_is_there_and_described(self) -> None:
		targets = set(
			re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
		)
		assert {"demo", "test", "start", "stop", "lint", "perf", "clean", "install", "doctor"} <= targets

	def test_the_procfile_runs_every_server_and_process(self) -> None:
		names = re.findall(r"^(\w+):", (ROOT / "Procfile").read_text(encoding="utf-8"), re.MULTILINE)
		assert sorted(names) == sorted([*services.SERVERS, *PROCESSES])

	@pytest.mark.parametrize("name", services.SERVERS)
	def test_our_servers_listen_on_the_loopback_address_only(self, name: str) -> None:
		file = CONFIG / ("mariadb.cnf" if name == "mariadb" else f"{name}.conf")
		assert re.search(r"^bind(-address=| )127\.0\.0\.1$", file.read_text(encoding="utf-8"), re.MULTILINE)

	def test_an_acknowledged_write_is_on_disk(self) -> None:
		assert "innodb_flush_log_at_trx_commit=1" in (CONFIG / "mariadb.cnf").read_text(encoding="utf-8")
		assert "appendonly yes" in (CONFIG / "redis_queue.conf").read_text(encoding="utf-8")

	def test_the_site_template_holds_no_secret_and_no_developer_mode(self) -> None:
		template = json.loads(sites.TEMPLATE.read_text(encoding="utf-8"))
		assert not [key for key in template if re.search("password|key|secret|token", key)]
		assert template["developer_mode"] == 0
		assert template["server_script_enabled"] == 0


class TestServersOfTwoCheckouts:
	"""Two checkouts started at once choose the same free port; only one server gets it."""

	@staticmethod
	def on(port: int, folder: Path) -> services.Server:
		return services.Server("redis_cache", port, ("redis-server",), str(folder))

	def test_another_checkouts_server_on_the_port_is_not_taken_for_ours(
		self, held_port: int, tmp_path: Path
	) -> None:
		with subprocess.Popen([sys.executable, "-c", "raise SystemExit('Address already in use')"]) as ours:
			with pytest.raises(services.PortLost, match=f"Port {held_port} .redis_cache. was taken"):
				services.wait_for(self.on(held_port, tmp_path), ours, seconds=30)

	def test_a_server_that_ended_for_another_reason_names_its_log(self, tmp_path: Path) -> None:
		with socket.socket() as probe:
			probe.bind(("127.0.0.1", 0))
			free = probe.getsockname()[1]
		with subprocess.Popen([sys.executable, "-c", "raise SystemExit('disk full')"]) as ours:
			with pytest.raises(Problem) as refusal:
				services.wait_for(self.on(free, tmp_path), ours, seconds=30)
		assert not isinstance(refusal.value, services.PortLost)
		assert "logs/redis_cache.log" in refusal.value.remedy

	def test_the_next_free_port_is_tried(self, monkeypatch: pytest.MonkeyPatch) -> None:
		tries: list[int] = []

		def start() -> dict[str, int]:
			tries.append(3307 + len(tries))
			if len(tries) == 1:
				raise services.PortLost("Port 3307 was taken.", services.TRY_AGAIN)
			return {"mariadb": tries[-1]}

		monkeypatch.setattr(services, "make_folders", lambda: None)
		monkeypatch.setattr(services, "running", lambda: set(services.SERVERS) if tries else set())
		monkeypatch.setattr(services, "_start_missing", start)
		monkeypatch.setattr(services, "_secure_database", lambda port: tries.append(port))
		assert services.ensure() == list(services.SERVERS)
		assert tries == [3307, 3308, 3308]


class TestStages:
	"""`pytest tests/site` in a place without a bench, seen from outside."""

	@staticmethod
	def run_site_stage(state: str, record: Path) -> subprocess.CompletedProcess[str]:
		return subprocess.run(
			[sys.executable, "-m", "pytest", "tests/site/test_throw_away_site.py"],
			cwd=ROOT,
			env=os.environ | {BENCH_VARIABLE: state, RECORD_VARIABLE: str(record)},
			capture_output=True,
			text=True,
			check=False,
		)

	def test_without_the_source_every_test_is_skipped_with_the_reason(self, tmp_path: Path) -> None:
		record = tmp_path / "last-test.json"
		done = self.run_site_stage("missing: the source of frappe cannot be had", record)
		assert done.returncode == 0
		assert "site and browser tests were not run: the source of frappe cannot be had" in done.stdout
		assert re.search(r"=+ 3 skipped in [\d.]+s =+\s*$", done.stdout)
		result = json.loads(record.read_text(encoding="utf-8"))
		assert (result["site"]["passed"], result["site"]["failed"], result["site"]["skipped"]) == (0, 0, 3)

	def test_a_bench_that_could_not_be_prepared_fails_the_run(self, tmp_path: Path) -> None:
		record = tmp_path / "last-test.json"
		done = self.run_site_stage("broken: the disk is full", record)
		assert done.returncode == 1
		assert "The bench could not be prepared: the disk is full" in done.stdout
		assert json.loads(record.read_text(encoding="utf-8"))["site"]["failed"] == 3

	def test_the_record_names_the_commit_and_every_stage(self, tmp_path: Path) -> None:
		record = tmp_path / "last-test.json"
		self.run_site_stage("missing: nothing here", record)
		result = json.loads(record.read_text(encoding="utf-8"))
		head = subprocess.run(
			["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
		)
		assert result["commit"] == head.stdout.strip()
		for stage in STAGES:
			assert set(result[stage]) == {"passed", "failed", "skipped", "seconds"}


class TestClean:
	def test_without_a_terminal_no_site_is_deleted(
		self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
	) -> None:
		monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
		assert not clean._may_delete([Path("sites/review.localhost")])
		assert "review.localhost and their database stay" in capsys.readouterr().out

	@pytest.mark.parametrize(
		("answer", "deletes"), [("yes", True), ("y", False), ("", False), ("YES please", False)]
	)
	def test_only_a_full_yes_deletes(
		self, monkeypatch: pytest.MonkeyPatch, answer: str, deletes: bool
	) -> None:
		monkeypatch.setattr(sys, "stdin", io.StringIO())
		monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
		monkeypatch.setattr("builtins.input", lambda _question: answer)
		assert clean._may_delete([Path("sites/review.localhost")]) is deletes


class TestPerf:
	def test_a_benchmark_that_measures_frappe_gets_a_site_and_others_do_not(self, tmp_path: Path) -> None:
		on_site, alone = tmp_path / "on_site.py", tmp_path / "alone.py"
		on_site.write_text("import sys\n\nimport frappe\n", encoding="utf-8")
		alone.write_text('"""Beside import frappe."""\n\nfrom order_review import engine\n', encoding="utf-8")
		assert perf.needs_site(on_site)
		assert not perf.needs_site(alone)

	def test_an_unknown_name_lists_those_there_are(self) -> None:
		with pytest.raises(Problem) as refusal:
			perf.perf(["no_such"])
		assert refusal.value.message == "No benchmark named no_such."
		assert "site_intent_order" in refusal.value.remedy


def test_a_pin_knows_its_folder() -> None:
	assert Pin("frappe", "x", "v15.103.0", "15.72.4", False).folder == ROOT / "apps" / "frappe"


def test_a_test_has_the_same_name_whenever_it_is_collected() -> None:
	"""Workers that run side by side each collect the tests and must agree; the second collection is seconds later than the first."""
	command = [sys.executable, "-m", "pytest", "tests", "--collect-only", "-q", "-p", "no:cacheprovider"]
	environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
	first, second = (
		[
			line
			for line in subprocess.run(
				command, cwd=ROOT, env=environment | {"PYTHONHASHSEED": "0"}, capture_output=True, text=True
			).stdout.splitlines()
			if "::" in line
		]
		for _ in range(2)
	)
	assert len(first) > 1000
	assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == []
