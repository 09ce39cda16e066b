"""The peer's side: answers queries with flamapy and prints CPU seconds as JSON.

Run by the Python of the peer's own environment: `_flamapy.py MODEL.dimacs QUERIES.json`.
Availability is the backbone of the model with the decisions added, which is how it can be had from flamapy.
"""

import json
import sys
import time


def main() -> None:
	from flamapy.metamodels.configuration_metamodel.models.configuration import Configuration
	from flamapy.metamodels.pysat_metamodel.models.pysat_model import PySATModel
	from flamapy.metamodels.pysat_metamodel.operations import PySATBackbone, PySATSatisfiableConfiguration
	from flamapy.metamodels.pysat_metamodel.transformations.dimacs_reader import DimacsReader

	model_file, queries_file = sys.argv[1:]
	with open(queries_file, encoding="utf-8") as stream:
		asked = json.load(stream)
	model = DimacsReader(model_file).transform()
	names = {number: name for name, number in model.variables.items()}
	times = {"valid": [], "availability": []}
	answers = {"valid": [], "availability": []}
	for decisions in asked["valid"]:
		configuration = Configuration(elements={names[abs(d)]: d > 0 for d in decisions})
		configuration.is_full = False
		started = time.process_time()
		operation = PySATSatisfiableConfiguration()
		operation.set_configuration(configuration)
		answers["valid"].append(bool(operation.execute(model).get_result()))
		times["valid"].append(time.process_time() - started)
	for decisions in asked["availability"]:
		started = time.process_time()
		decided = PySATModel()
		decided.features, decided.variables = model.features, model.variables
		for clause in model.get_all_clauses().clauses:
			decided.add_clause(clause)
		for decision in decisions:
			decided.add_clause([decision])
		found = PySATBackbone().execute(decided).get_result()
		times["availability"].append(time.process_time() - started)
		answers["availability"].append([len(found["core"]), len(found["dead"])])
	started = time.process_time()
	PySATBackbone().execute(DimacsReader(model_file).transform())
	times["compile and lint"] = [time.process_time() - started]
	json.dump({"times": times, "answers": answers}, sys.stdout)


if sys.argv[0].endswith("_flamapy.py"):
	main()
