frappe.ui.form.on("Production Configuration", {
	setup(frm) {
		const say = order_review.guarded_form.say_options;
		say("Production Configuration", "status", "livery_status", "blind_state");
		say("Production Configuration Line", "source", "change");
		say("Production Configuration Special", "handling");
		frappe.meta.docfield_map["Production Configuration"].blind_reasons.formatter = reasons_text;
		frappe.meta.docfield_map["Production Configuration"].use.formatter = (value) => __(value || "", null, "Sales Contract Line");
		frappe.meta.docfield_map["Production Configuration Option"].vehicle_option.formatter = option_text;
		format_lines();
		frm.set_query("livery_design", () => ({ filters: { sales_contract: frm.doc.sales_contract, contract_line: frm.doc.line_no } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		order_review.guarded_form.open_own_fields(frm);
		keep_specials(frm);
		mark_rule_rows(frm);
		show_matrix(frm);
		order_review.reviewed_form.show_opinions(frm, frm.fields_dict.opinions_html.$wrapper);
		offer_links(frm);
		offer_prints(frm);
	},

	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		if (action === "Release") return hold(() => release(frm));
		if (action === "Return to Translator") return hold(() => ask_return(frm));
		return order_review.guarded_form.before_action(frm);
	},
});

frappe.ui.form.on("Production Configuration Line", {
	lines_add(frm, cdt, cdn) {
		Object.assign(locals[cdt][cdn], { source: "Manual", qty: 1 });
		frm.refresh_field("lines");
	},

	before_lines_remove(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (row.source === "Rule") frappe.throw(__("The line comes from rule {0} and stays. Enter a line by hand for the slot.", [row.rule]));
	},
});

const text = (value) => frappe.utils.escape_html(String(value ?? ""));
const in_chinese = () => frappe.boot.lang.startsWith("zh");
const REASONS = {
	special: __("Special Option"),
	new_option: __("New Option"),
	first_of_model: __("First of the Model"),
	high_value: __("High Value"),
};

// Words of the shops, for lines and matrix alike.
const SHOPS = {
	chassis: __("Chassis Shop"),
	welding: __("Welding Shop"),
	paint: __("Paint Shop"),
	interior: __("Interior Shop"),
	final: __("Final Assembly Shop"),
};

function reasons_text(value) {
	return String(value || "").split(", ").filter(Boolean).map((one) => text(REASONS[one] || one)).join(" · ");
}

function option_text(value, df, options, doc) {
	if (!value) return "";
	const words = text(`${value} ${(doc && doc[in_chinese() ? "name_zh" : "name_en"]) || ""}`);
	return !doc || doc.is_standard ? words : `<span class="or-chosen">● ${words}</span>`;
}

function format_lines() {
	const rows = frappe.meta.docfield_map["Production Configuration Line"];
	rows.shop.formatter = (value) => text(SHOPS[value] || value);
	rows.assembly_no.formatter = (value, df, options, doc) => {
		const mark = doc && doc.change ? ` <b title="${text(doc.replaces)}">▲</b>` : "";
		return `${text(value)}${mark}`;
	};
	rows.reason.formatter = (value, df, options, doc) => text(value || (doc && doc.from_options) || "");
}

// They are those of the contract line. A typist who leaves the last cell by Tab would add a row the server refuses.
function keep_specials(frm) {
	const { grid } = frm.fields_dict.specials;
	Object.assign(grid, { cannot_add_rows: true, cannot_delete_rows: true });
	grid.refresh();
}

// A line by rule is not written; the grid says so before the server does.
function mark_rule_rows(frm) {
	const { grid } = frm.fields_dict.lines;
	for (const row of grid.grid_rows || []) row.row.toggleClass("text-muted", row.doc.source === "Rule");
}

function hold(take) {
	frappe.dom.unfreeze();
	take();
	return new Promise(() => {}); // the call takes the step
}

// --- matrix and audit ------------------------------------------------------------------------------------------

function show_matrix(frm) {
	const { name } = frm.doc;
	frappe.xcall("order_review.api.production_configuration.matrix", { name }).then((found) => {
		if (frm.doc.name !== name) return;
		show_problems(frm, found.problems);
		show_blind(frm, found.blind);
		draw_audit(frm, found);
	});
}

function show_problems(frm, problems) {
	const wrapper = frm.fields_dict.problems_html.$wrapper;
	if (!["Draft", "Translating", "Returned to Translator"].includes(frm.doc.status)) return wrapper.empty();
	if (!problems.length) return wrapper.html(`<p class="text-success">✓ ${__("Every slot has one source; nothing is open before the audit.")}</p>`);
	const lines = problems.map((row) => `<li>${text(row.text)}</li>`);
	wrapper.html(`<div class="or-note"><b>${__("Open before the audit")}: ${problems.length}</b><ul>${lines.join("")}</ul></div>`);
}

function show_blind(frm, blind) {
	const wrapper = frm.fields_dict.blind_html.$wrapper;
	if (!blind) return wrapper.empty();
	const sheet = blind.sheet ? `<a href="/app/blind-translation/${encodeURIComponent(blind.sheet)}">${text(blind.sheet)}</a>` : "";
	const head = `<b>${__("Blind Re-check")}</b> (${blind.reasons.map((one) => text(REASONS[one] || one)).join(" · ")}) ${sheet}`;
	if (blind.state !== "Handed In") {
		return wrapper.html(`<p class="or-note">${head}: ${__("The auditor's own translation is not handed in yet.")}</p>`);
	}
	wrapper.html(`<div class="or-note">${head}: ${__("Agreement")} <b>${blind.hit_rate}%</b>${order_review.blind_differences(blind.rows)}</div>`);
}

order_review.blind_differences = function (rows) {
	const held = (lines) => lines.map(([number, qty]) => text(`${number} × ${qty}`)).join("<br>") || "–";
	const differing = rows.filter((row) => !row.agrees);
	if (!differing.length) return ` · ${__("Both agree in all {0} slots.", [rows.length])}`;
	const lines = differing.map((row) => `<tr><td>${text(row.slot)}</td><td>${held(row.first)}</td><td>${held(row.second)}</td></tr>`);
	return `<table class="table table-sm"><thead><tr><th>${__("Slot")}</th><th>${__("Translator")}</th><th>${__("Auditor", null, "Order Review")}</th></tr></thead><tbody>${lines.join("")}</tbody></table>`;
};

function draw_audit(frm, found) {
	const wrapper = frm.fields_dict.audit_html.$wrapper;
	const rows = found.rows.map((row, index) => audit_row(row, index, found.may_audit));
	const ticked = found.rows.filter((row) => row.ticked).length;
	const open = found.rows.filter((row) => !row.explained).length;
	const tools = found.may_audit
		? `<button class="btn btn-xs btn-default or-tick-shown">${__("Tick All Shown")}</button> <small class="text-muted">${__("Arrow keys: row · Space: tick · O: objection")}</small>`
		: "";
	wrapper.html(`<div class="or-audit">
		<p><b class="or-ticked">${ticked}</b> / ${found.rows.length} ${__("rows ticked")}
			${open ? ` · <b class="text-danger">${__("{0} rows not explained", [open])}</b>` : ` · ✓ ${__("everything explained in both directions")}`}
			<label style="margin: 0 1rem"><input type="checkbox" class="or-unticked"> ${__("Unticked only")}</label> ${tools}</p>
		<table class="table table-sm table-bordered">
			<thead><tr><th style="width: 2rem"></th><th style="width: 18%">${__("Contract Clause")}</th><th style="width: 26%">${__("Sales Option")}</th>
				<th>${__("Production Lines")}</th><th style="width: 12%">${__("Objection")}</th></tr></thead>
			<tbody>${rows.join("")}</tbody></table></div>`);
	bind_audit(frm, wrapper, found);
}

function audit_row(row, index, may_audit) {
	const lines = row.lines.map((line) => {
		const by_hand = line.source === "Manual" ? ` <i>${__("by hand")}: ${text(line.reason)}</i>` : "";
		const mark = line.change ? ` <b>▲</b> ${line.replaces ? `(${text(line.replaces)})` : ""}` : "";
		return `<div><code>${text(line.slot)}</code> <b>${text(line.assembly)}</b> × ${line.qty} ${text(line.name)} <small class="text-muted">${text(line.shop)}</small>${mark}${by_hand}</div>`;
	});
	const silent = row.silent.map((rule) => `<div class="text-muted">${__("No production effect")} (${text(rule)})</div>`);
	const note = row.kind === "special" && row.note ? `<div>${text(row.note)}</div>` : "";
	const built = [...lines, ...silent, note].join("") || `<b class="text-danger">${__("Not explained")}</b>`;
	const box = `<input type="checkbox" class="or-tick" ${row.ticked ? "checked" : ""} ${may_audit ? "" : "disabled"} aria-label="${__("Ticked")}">`;
	const sold = row.kind === "line" ? `<span class="text-muted">${__("nothing sold asks for it")}</span>` : `<b>${text(row.ref)}</b> ${text(row.name)}`;
	return `<tr tabindex="0" data-index="${index}" class="${row.explained ? "" : "table-danger"}"><td>${box}</td>
		<td><b>${text(row.clause.split(" / ").pop())}</b> <small>${text(row.family)}</small></td><td>${sold}</td><td>${built}</td>
		<td class="or-remark">${text(row.remark)}${may_audit ? ` <a class="or-object" href="#">${__("Objection")}</a>` : ""}</td></tr>`;
}

function bind_audit(frm, wrapper, found) {
	const row_of = (element) => found.rows[$(element).closest("tr").data("index")];
	const apply_filter = () => {
		const only = wrapper.find(".or-unticked").prop("checked");
		wrapper.find("tbody tr").each((_, tr) => $(tr).toggle(!only || !row_of(tr).ticked));
	};
	const tick = (rows, ticked) =>
		frappe
			.xcall("order_review.api.production_configuration.tick", { name: frm.doc.name, keys: rows.map((row) => row.key), ticked: ticked ? 1 : 0 })
			.then((done) => {
				rows.forEach((row) => (row.ticked = ticked));
				wrapper.find(".or-ticked").text(done.ticked);
				wrapper.find("tbody tr").each((_, tr) => $(tr).find(".or-tick").prop("checked", row_of(tr).ticked));
				apply_filter();
			})
			.catch(() => show_matrix(frm));
	wrapper.find(".or-unticked").on("change", apply_filter);
	if (!found.may_audit) return;
	wrapper.on("change.audit", ".or-tick", (event) => tick([row_of(event.target)], event.target.checked));
	wrapper.find(".or-tick-shown").on("click", () => {
		const rows = wrapper.find("tbody tr:visible").get().map(row_of).filter((row) => !row.ticked && !row.remark);
		if (rows.length) tick(rows, true);
	});
	wrapper.find(".or-object").on("click", (event) => {
		event.preventDefault();
		object(frm, row_of(event.target));
	});
	wrapper.find("tbody tr").on("keydown", (event) => {
		const tr = $(event.currentTarget);
		if (event.key === "ArrowDown") tr.nextAll(":visible").first().trigger("focus");
		else if (event.key === "ArrowUp") tr.prevAll(":visible").first().trigger("focus");
		else if (event.key === " " && event.target === event.currentTarget) {
			const row = row_of(tr);
			const next = tr.nextAll(":visible").first();
			tick([row], !row.ticked);
			next.trigger("focus");
		} else if (event.key === "o") object(frm, row_of(tr));
		else return;
		event.preventDefault();
	});
}

function object(frm, row) {
	frappe.prompt(
		{ fieldname: "text", fieldtype: "Small Text", label: __("What Is Wrong"), default: row.remark, description: __("Empty takes the objection back") },
		(given) =>
			frappe
				.xcall("order_review.api.production_configuration.remark", { name: frm.doc.name, key: row.key, text: given.text || "" })
				.then(() => show_matrix(frm)),
		`${row.ref} ${row.name}`,
		__("Note Down")
	);
}

// --- steps -----------------------------------------------------------------------------------------------------

function ask_return(frm) {
	const { doctype } = frm;
	const { name, modified } = frm.doc;
	const get_query = () => ({ filters: { kind: "Return", is_active: 1 } });
	frappe.prompt(
		[
			{ fieldname: "code", fieldtype: "Link", options: "Review Reason", label: __("Reason Code"), reqd: 1, get_query },
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		],
		({ code, reason }) =>
			frappe
				.xcall("order_review.api.steps.take", { doctype, name, modified, action: "Return to Translator", reason: `${code} ${reason}` })
				.then(() => frm.reload_doc()),
		__("Return to Translator"),
		__("Return to Translator")
	);
}

function release(frm) {
	const { name } = frm.doc;
	const show = ({ name: released, percent }) =>
		released === name && frappe.show_progress(__("Release"), percent, 100, __("Item, BOM and Sales Order"), true);
	frappe.realtime.on("production_configuration_release", show);
	frappe.show_progress(__("Release"), 5, 100, __("Item, BOM and Sales Order"));
	frappe
		.xcall("order_review.api.production_configuration.release", { name })
		.then((made) => {
			if (made.status === "queued") {
				frappe.show_alert({ message: __("The release runs in the background; you are told when it is done."), indicator: "blue" });
			} else {
				frappe.show_alert({ message: __("Released: Sales Order {0}", [made.sales_order]), indicator: "green" });
			}
			frm.reload_doc();
		})
		.finally(() => {
			frappe.realtime.off("production_configuration_release", show);
			frappe.hide_progress();
		});
}

function offer_links(frm) {
	const open = (doctype, name) => name && frm.add_custom_button(__(doctype), () => frappe.set_route("Form", doctype, name), __("Open", null, "Order Review"));
	if (frappe.model.can_read("Sales Contract")) open("Sales Contract", frm.doc.sales_contract);
	if (frappe.model.can_read("Sales Order")) open("Sales Order", frm.doc.sales_order);
	if (frappe.model.can_read("BOM")) open("BOM", frm.doc.bom);
	if (frappe.model.can_read("Item")) open("Item", frm.doc.item);
	if (frm.doc.supersedes) {
		frm.add_custom_button(__("Version Before"), () => frappe.set_route("Form", frm.doctype, frm.doc.supersedes), __("Open", null, "Order Review"));
	}
}

function offer_prints(frm) {
	for (const [lang, label] of [["zh", "中文"], ["en", "English"]]) {
		const address = `/api/method/order_review.api.production_configuration.sheet_pdf?${new URLSearchParams({ name: frm.doc.name, lang })}`;
		frm.add_custom_button(label, () => window.open(address), __("Production Configuration Sheet"));
	}
}
