"""The configuration engine: valid, why not, what still fits, best repair, cheapest completion.

Compile a model once, then ask::

        compiled = compile_model(
            catalogue, "XQK6128H", Context(on=date(2026, 11, 23), grade="G1", use="tourism")
        )
        availability(compiled, ["TRN-AT6"]).as_dict()

Answers depend on catalogue, context and question alone, never on what was asked before.
"""

from .answers import Availability, Change, Completion, Conflict, OptionState, Reason, Repair, Repairs
from .ask import (
	availability,
	complete,
	configuration_conflict,
	explain,
	explain_order,
	is_valid,
	picks_conflict,
	repairs,
	states,
)
from .compiled import CompiledModel, Context, compile_model, forget_compiled
from .patience import Stopped
from .sentences import conflict_sentence, reason_sentence

__all__ = [
	"Availability",
	"Change",
	"CompiledModel",
	"Completion",
	"Conflict",
	"Context",
	"OptionState",
	"Reason",
	"Repair",
	"Repairs",
	"Stopped",
	"availability",
	"compile_model",
	"complete",
	"configuration_conflict",
	"conflict_sentence",
	"explain",
	"explain_order",
	"forget_compiled",
	"is_valid",
	"picks_conflict",
	"reason_sentence",
	"repairs",
	"states",
]
