// What the monitor knows and does; the components only draw it.
import { nextTick, reactive } from "vue";
import { ask_administrator, ask_note, show_results } from "./dialogs";

const PAGE = 50;
const KEPT = "order_review.monitor";
const EMPTY = { view: "", text: "", kind: "", department: "", market_department: "", due: "", side: "", status: "" };

const call = (method, args, type = "GET") => frappe.xcall(`order_review.api.workplace.${method}`, args, type);

export function open_board() {
	const board = reactive({
		tab: "mine",
		filters: { ...EMPTY },
		rows: [],
		total: 0,
		overdue: 0,
		today: 0,
		mine: null,
		load: [],
		choices: { kinds: [], departments: [], markets: [], panes: [], may: {} },
		pane: null,
		days: 7,
		at: 0,
		selected: new Set(),
		busy: false,
		loaded: false,
		help: false,

		get is_work() {
			return ["mine", "all"].includes(this.tab);
		},
		get current() {
			return this.list[this.at] || null;
		},
		get list() {
			return this.is_work ? this.rows : (this.pane && this.pane.rows) || [];
		},
		get asked() {
			const named = Object.entries(this.filters).filter(([, value]) => value);
			return { ...Object.fromEntries(named), view: this.tab === "mine" ? "mine" : "" };
		},
		get is_filtered() {
			return Object.values(this.filters).some(Boolean);
		},
		get chosen() {
			return this.rows.filter((row) => this.selected.has(row.name));
		},
	});

	Object.assign(board, {
		// Filters somebody came with, from a number card or a link.
		ask(asked) {
			const known = Object.entries(asked).filter(([name]) => name in EMPTY && name !== "view");
			if (asked.tab || asked.view) this.tab = asked.tab || (asked.view === "mine" ? "mine" : "all");
			else if (known.length) this.tab = "all";
			this.filters = { ...EMPTY, ...Object.fromEntries(known) };
			return this.refresh(true);
		},

		open_tab(tab) {
			this.tab = tab;
			this.selected.clear();
			keep(this);
			return this.refresh(true);
		},

		filter(values) {
			Object.assign(this.filters, values);
			this.selected.clear();
			return this.refresh(true);
		},

		clear_filters() {
			return this.filter({ ...EMPTY });
		},

		async refresh(from_top = false) {
			this.busy = true;
			try {
				await Promise.all([look_up(this), this.is_work ? read_work(this, from_top) : read_pane(this)]);
			} finally {
				this.busy = false;
				this.loaded = true;
			}
			if (from_top || this.at >= this.list.length) this.at = 0;
		},

		async more() {
			const { rows } = await call("get_work", { filters: JSON.stringify(this.asked), start: this.rows.length, length: PAGE });
			this.rows.push(...rows);
		},

		move(step) {
			if (!this.list.length) return;
			this.at = Math.min(Math.max(this.at + step, 0), this.list.length - 1);
			nextTick(() => {
				const row = document.querySelector(".orw-current");
				if (row) row.scrollIntoView({ block: "nearest" });
			});
		},

		open(row = this.current, in_new_tab = false) {
			if (!row) return;
			const doctype = this.is_work ? row.doctype : this.pane.doctype;
			if (in_new_tab) return window.open(frappe.utils.get_form_link(doctype, row.name), "_blank");
			frappe.set_route("Form", doctype, row.name);
		},

		toggle(row = this.current) {
			if (!row || !this.is_work) return;
			this.selected.has(row.name) ? this.selected.delete(row.name) : this.selected.add(row.name);
		},

		toggle_all() {
			const all = this.rows.every((row) => this.selected.has(row.name));
			this.rows.forEach((row) => (all ? this.selected.delete(row.name) : this.selected.add(row.name)));
		},

		// The rows a step is meant for: the chosen ones, else the one the cursor is on.
		meant(fits = () => true) {
			const rows = this.selected.size ? this.chosen : this.is_work && this.current ? [this.current] : [];
			return rows.filter(fits);
		},

		receive() {
			const rows = this.meant(is_to_receive);
			if (!this.choices.may.receive || !rows.length) return say(__("Choose orders that are submitted."));
			return act(this, __("Receive", null, "Order Review"), () => receive_each_kind(rows));
		},

		assign() {
			const rows = this.meant(is_order);
			if (!this.choices.may.assign || !rows.length) return say(__("Choose intent orders."));
			return ask_administrator(rows.length, () => call("get_administrators")).then((user) =>
				act(this, __("Assign", null, "Order Review"), () => call("assign", { orders: names(rows), user }, "POST"))
			);
		},

		remind(escalate = false) {
			const rows = this.meant();
			if (!this.choices.may.remind || !rows.length) return say(__("Choose open work."));
			const title = escalate ? __("Escalate") : __("Remind");
			return ask_note(title, rows.length, escalate).then((note) =>
				act(this, title, () => call("remind", { pieces: JSON.stringify(rows.map((row) => [row.doctype, row.name])), note, escalate }, "POST"))
			);
		},
	});
	recall(board);
	return board;
}

const RECEIVED = ["Intent Order", "Sales Contract"];

export const is_order = (row) => row.doctype === "Intent Order";
export const is_to_receive = (row) => RECEIVED.includes(row.doctype) && row.status === "Submitted";

const names = (rows) => JSON.stringify(rows.map((row) => row.name));
const say = (message) => frappe.show_alert({ message, indicator: "orange" });

async function look_up(board) {
	const own = { filters: JSON.stringify({ view: "mine" }) };
	[board.choices, board.mine] = await Promise.all([call("get_choices"), call("get_total", own)]);
}

async function read_work(board, from_top) {
	const filters = JSON.stringify(board.asked);
	const length = from_top ? PAGE : Math.max(board.rows.length, PAGE);
	const work = await call("get_work", { filters, length });
	Object.assign(board, work);
	const there = new Set(work.rows.map((row) => row.name));
	[...board.selected].filter((name) => !there.has(name)).forEach((name) => board.selected.delete(name));
}

async function read_pane(board) {
	board.pane = null;
	board.pane = await call("get_pane", { key: board.tab, days: board.days });
}

async function receive_each_kind(rows) {
	const results = [];
	for (const doctype of RECEIVED) {
		const orders = rows.filter((row) => row.doctype === doctype);
		if (orders.length) results.push(...(await call("receive", { orders: names(orders), doctype }, "POST")));
	}
	return results;
}

async function act(board, title, send) {
	board.busy = true;
	try {
		const results = await send();
		show_results(title, results);
		results.filter((result) => result.done).forEach((result) => board.selected.delete(result.name));
	} finally {
		board.busy = false;
	}
	return board.refresh();
}

function keep(board) {
	localStorage.setItem(KEPT, board.tab);
}

function recall(board) {
	const oversees = ["Order Supervisor", "Sales Operations Manager", "Marketing VP"].some((role) => frappe.user.has_role(role));
	board.tab = localStorage.getItem(KEPT) || (oversees && frappe.session.user !== "Administrator" ? "all" : "mine");
}
