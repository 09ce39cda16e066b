// What the configurator knows and does, apart from how it looks.
//
// The data source is an object of asynchronous functions; a state is { context, configuration }:
//   load(state)              steps, families, options and the look of the configuration
//   look(state)              states of all options, findings, conflict, repairs, running price
//   why(state, option)       reason of one state
//   repairs(state, by)       best repairs, by "changes", "price" or "lead"
//   switch_to(state, option) what choosing the option takes, or null
//   complete(state)          cheapest completion of the own choices, or null
//   compare(state, order)    difference to an earlier order, or to the standard configuration for null
//   earlier_orders(state)    orders to compare with
import { computed, reactive } from "vue";
import { in_language } from "./words";

const LONGEST_PAST = 100;

export function open_session({ source, lang, on_change }) {
	const session = reactive({
		lang: lang && lang.startsWith("zh") ? "zh" : "en",
		context: {},
		configuration: [],
		readonly: true,
		ready: false,
		failed: "",
		steps: [],
		standard: [],
		look: null,
		past: [],
		step: "",
		search: "",
		only_deviations: false,
		focused: "",
		proposal: null, // { kind: "switch" | "complete", option, changes, … } or { impossible: true }
		show_conflict: false,
		repairs: [],
		repairs_by: "changes",
		comparison: null,
		comparing_with: null,
		earlier: null,
		said: "",
		milliseconds: null,
	});
	let asked = 0;

	session.options = computed(() => {
		const found = {};
		for (const family of session.families) {
			for (const option of family.options) found[option.code] = { ...option, family: family.code };
		}
		return found;
	});
	session.families = computed(() => session.steps.flatMap((step) => step.families));
	session.selected = computed(() => new Set(session.configuration));
	session.troubled = computed(() => {
		const found = new Set();
		const errors = ((session.look && session.look.findings) || []).filter((each) => each.severity === "error");
		for (const each of errors) each.families.forEach((family) => found.add(family));
		return found;
	});

	session.askable = computed(() => ["model", "order_type", "order_date"].every((key) => session.context[key]));

	const state = (configuration = session.configuration) => ({
		context: { ...session.context },
		configuration: [...configuration],
	});
	const name = (thing) => in_language(thing, session.lang);
	const family_of = (code) => session.families.find((family) => family.options.some((each) => each.code === code));

	session.name = name;
	session.family_of = family_of;
	session.option_name = (code, names = {}) => {
		const known = session.options[code] || names[code];
		return known ? name(known) : code;
	};
	session.family_name = (code) => {
		const family = session.families.find((each) => each.code === code);
		return family ? name(family) : code || "–";
	};
	session.state_of = (code) => (session.look && session.look.options[code]) || {};
	session.is_deviation = (code) => session.selected.has(code) && !session.standard.includes(code);

	// Questions ------------------------------------------------------------------------------

	async function ask(question) {
		session.failed = "";
		try {
			return await question();
		} catch (error) {
			session.failed = (error && error.message) || __("The server did not answer. Try again.");
			return undefined;
		}
	}

	session.start = async ({ context, configuration, readonly }) => {
		const number = ++asked;
		Object.assign(session, { context, readonly, configuration: [...configuration], proposal: null });
		session.comparison = session.comparing_with = session.earlier = null;
		if (!session.askable) {
			Object.assign(session, { ready: false, steps: [], look: null });
			return;
		}
		const found = await ask(() => source.load(state()));
		if (!found || number !== asked) return;
		const { steps, standard, ...look } = found;
		Object.assign(session, { steps, standard, ready: true });
		session.configuration = look.configuration;
		if (!steps.some((step) => step.code === session.step)) session.step = steps.length ? steps[0].code : "";
		see(look);
	};

	async function look_again() {
		const number = ++asked;
		const began = performance.now();
		const found = await ask(() => source.look(state()));
		if (!found || number !== asked) return;
		session.milliseconds = Math.round(performance.now() - began);
		see(found);
	}

	function see(look) {
		session.look = look;
		session.repairs = look.repairs;
		session.repairs_by = "changes";
		if (look.valid) session.show_conflict = false;
		if (session.comparison) session.compare(session.comparing_with);
	}

	// Changes --------------------------------------------------------------------------------

	session.apply = (configuration, said) => {
		if (session.readonly) return;
		session.past.push([...session.configuration]);
		if (session.past.length > LONGEST_PAST) session.past.shift();
		take(configuration);
		session.said = said || "";
	};

	function take(configuration) {
		session.configuration = [...configuration].sort();
		session.proposal = null;
		if (on_change) on_change([...session.configuration]);
		return look_again();
	}

	session.undo = () => {
		if (session.readonly || !session.past.length) return;
		take(session.past.pop());
		session.said = __("Undone.");
	};

	session.with_option = (code) => {
		const family = family_of(code);
		const others = family.single ? family.options.map((each) => each.code) : [code];
		const rest = session.configuration.filter((each) => !others.includes(each));
		return !family.single && session.selected.has(code) ? rest : [...rest, code];
	};

	session.choose = async (code) => {
		session.focused = code;
		if (session.readonly) return session.explain(code);
		const family = family_of(code);
		if (family.single && session.selected.has(code)) return;
		const known = session.state_of(code);
		const name_of = session.option_name(code);
		if (known.fits || (!family.single && session.selected.has(code) && known.state !== "forced")) {
			session.apply(session.with_option(code), __("{0} is chosen.", [name_of]));
			return;
		}
		const found = await ask(() => source.switch_to(state(), code));
		if (found === undefined) return;
		if (found === null) {
			session.proposal = { kind: "switch", option: code, impossible: true, reason: known.reason };
		} else {
			session.proposal = { kind: "switch", option: code, reason: known.reason, ...found };
		}
	};

	session.explain = async (code) => {
		session.focused = code;
		const found = await ask(() => source.why(state(), code));
		if (found) session.proposal = { kind: "why", ...found };
	};

	session.choose_alone = () => {
		const code = session.proposal.option;
		session.apply(session.with_option(code), __("{0} is chosen.", [session.option_name(code)]));
	};

	session.accept = () => {
		if (!session.proposal || !session.proposal.configuration) return;
		session.apply(session.proposal.configuration, __("The changes are made."));
	};

	session.dismiss = () => {
		session.proposal = null;
	};

	session.propose_completion = async () => {
		const found = await ask(() => source.complete(state()));
		if (found === undefined) return;
		session.proposal = found ? { kind: "complete", ...found } : { kind: "complete", impossible: true };
	};

	session.sort_repairs = async (by) => {
		session.repairs_by = by;
		const found = await ask(() => source.repairs(state(), by));
		if (found && session.repairs_by === by) session.repairs = found;
	};

	session.apply_repair = (repair) => {
		session.apply(repair.configuration, __("The repair is applied."));
	};

	// Comparison -----------------------------------------------------------------------------

	session.compare = async (with_order) => {
		session.comparing_with = with_order;
		if (session.earlier === null) session.earlier = (await ask(() => source.earlier_orders(state()))) || [];
		const found = await ask(() => source.compare(state(), with_order));
		if (found && session.comparing_with === with_order) session.comparison = found;
	};

	session.stop_comparing = () => {
		session.comparison = null;
	};

	return session;
}
