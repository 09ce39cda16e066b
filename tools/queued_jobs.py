"""Jobs in the queue whose site is gone: no worker can take them, and one that tidies up after them ends itself."""

from __future__ import annotations

from typing import Any

from tools import ports
from tools.paths import SITES


def forget(site: str = "") -> int:
	"""Take away jobs that no site waits for any more, waiting or begun.

	:param site: a site whose jobs all go; without one the jobs of all sites that have no folder.
	:returns: how many were taken away; nought too where the queue's server does not run.
	"""
	import redis  # type: ignore[import-untyped]  # with rq in env/ alone, which this is run by
	from rq import Queue
	from rq.job import Job

	connection = redis.Redis(port=ports.read()["redis_queue"], socket_timeout=10)
	try:
		queues = Queue.all(connection=connection)
	except redis.ConnectionError:
		return 0
	taken = 0
	for queue in queues:
		names = [name for registry in _registries(queue) for name in connection.zrange(registry, 0, -1)]
		wanted = [*queue.job_ids, *(name.decode() for name in names)]
		for job in Job.fetch_many(wanted, connection=connection):
			if job and _is_gone(str(job.kwargs.get("site")), site):
				job.delete()
				for key in _registries(queue):  # whatever the job itself says of where it stands
					connection.zrem(key, job.id)
				taken += 1
	return taken


def _is_gone(owner: str, site: str) -> bool:
	return owner == site if site else not (SITES / owner).is_dir()


def _registries(queue: Any) -> list[str]:
	"""Keys of the lists of jobs that left a queue."""
	registries = (
		queue.started_job_registry,
		queue.failed_job_registry,
		queue.finished_job_registry,
		queue.deferred_job_registry,
		queue.scheduled_job_registry,
	)
	return [str(registry.key) for registry in registries]
