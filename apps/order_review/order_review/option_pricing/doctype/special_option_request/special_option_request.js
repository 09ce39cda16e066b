frappe.ui.form.on("Special Option Request", {
	setup(frm) {
		frm.set_query("model", () => ({ filters: { status: "active" } }));
		frm.set_query("market_department", () => ({ filters: { is_market_department: 1 } }));
		frm.set_query("sales_person", () => ({ filters: { is_group: 0, enabled: 1 } }));
		frm.set_query("intent_order", () => ({ filters: frm.doc.model ? { model: frm.doc.model } : {} }));
		frm.find_similar = frappe.utils.debounce(() => show_similar(frm), 350);
	},

	onload_post_render(frm) {
		// Typing is enough: the change event of a field comes only when it is left.
		["option_name", "description"].forEach((name) => {
			const field = frm.fields_dict[name];
			if (field && field.$input) field.$input.on("input", () => frm.find_similar());
		});
	},

	refresh(frm) {
		open_own_fields(frm);
		follow_order(frm);
		show_steps(frm);
		show_similar(frm);
		show_costing(frm);
		add_buttons(frm);
	},

	model: (frm) => frm.find_similar(),
	family: (frm) => frm.find_similar(),

	// What the order knows is only shown here: not everybody who asks may look up departments, salespersons and dealers.
	intent_order(frm) {
		if (!frm.doc.intent_order) return;
		frappe.db.get_value("Intent Order", frm.doc.intent_order, ["company", "model", "qty", ...FROM_ORDER]).then(({ message }) => {
			if (!message) return;
			Object.assign(frm.doc, message);
			frm.refresh_fields();
			follow_order(frm);
		});
	},

	// The server has put the request into its order: what is here of the order is of before.
	after_save(frm) {
		const { intent_order } = frm.doc;
		if (intent_order) frappe.model.clear_doc("Intent Order", intent_order);
	},

	before_workflow_action(frm) {
		const reasoned = (frm.doc.__onload && frm.doc.__onload.reasoned_actions) || [];
		const action = frm.selected_workflow_action;
		if (!reasoned.includes(action)) return;
		frappe.dom.unfreeze();
		ask_reason(frm, action);
		return new Promise(() => {}); // the dialog takes the step, with its reason
	},
});

const FROM_ORDER = ["market_department", "sales_person", "dealer"];
const STEPS = ["Requested", "Technical", "Costing", "Pricing", "Finance Check", "Priced"];

function ask_reason(frm, action) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) =>
			frappe
				.xcall("order_review.api.steps.take", {
					doctype: frm.doctype,
					name: frm.doc.name,
					modified: frm.doc.modified,
					action,
					reason,
				})
				.then(() => frm.reload_doc()),
		__(action, null, "Order Review"),
		__(action, null, "Order Review")
	);
}

// What the server will not let this user write is not offered for writing.
function open_own_fields(frm) {
	if (frm.is_new()) return;
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.meta.fields
		.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype) && !df.read_only)
		.forEach((df) => frm.set_df_property(df.fieldname, "read_only", writable.includes(df.fieldname) ? 0 : 1));
}

// Department, salesperson and dealer of a request are its order's, where it has one.
function follow_order(frm) {
	if (!frm.is_new()) return;
	FROM_ORDER.forEach((name) => frm.set_df_property(name, "read_only", frm.doc.intent_order ? 1 : 0));
}

function show_steps(frm) {
	const { status, events = [] } = frm.doc;
	const side = STEPS.includes(status) ? null : status;
	const reached = side ? last_step(events) : STEPS.indexOf(status);
	const chips = STEPS.map((step, index) => {
		const state = state_of(index, reached, side, status);
		return chip(step, state, state === "done" ? finished(events, step) || entered(events, step) : entered(events, step));
	});
	if (side) chips.push(chip(side, side === "Catalogued" ? "done" : "stopped", entered(events, side)));
	frm.fields_dict.steps_html.$wrapper.html(`<ol class="or-chain">${chips.join("")}</ol>${due_line(frm.doc)}`);
}

function last_step(events) {
	return Math.max(0, ...events.map((row) => STEPS.indexOf(row.to_status)));
}

function state_of(index, reached, side, status) {
	if (index < reached || (index === reached && (side || status === "Priced"))) return "done";
	return index === reached ? "current" : "open";
}

// Who did a step is who left it; who entered it did the one before. In the step that is open nobody has done anything yet.
function finished(events, step) {
	return [...events].reverse().find((row) => row.from_status === step && STEPS.indexOf(row.to_status) > STEPS.indexOf(step));
}

function entered(events, step) {
	return [...events].reverse().find((row) => row.to_status === step);
}

function chip(step, state, event) {
	const sign = { done: "✓", current: "▶", open: "○", stopped: "✕" }[state];
	const when = event && state !== "open" ? frappe.datetime.str_to_user(event.occurred_at.slice(0, 16)).slice(0, 16) : "";
	const who = event && ["done", "stopped"].includes(state) ? frappe.utils.escape_html(frappe.user.full_name(event.actor) || event.actor) : "";
	return `<li class="or-step or-step-${state}"${state === "current" ? ' aria-current="step"' : ""}>
		<b>${sign} ${__(step, null, "Special Option Request")}</b><small>${who}</small><small>${when}</small></li>`;
}

function due_line(doc) {
	if (!doc.due_at) return "";
	const late = frappe.datetime.now_datetime() > doc.due_at;
	const text = __("This step is due {0}.", [frappe.datetime.str_to_user(doc.due_at)]);
	return `<p class="${late ? "text-danger" : "text-muted"}">${late ? `<b>${__("Overdue", null, "Order Review")}.</b> ` : ""}${text}</p>`;
}

function show_similar(frm) {
	const wrapper = frm.fields_dict.similar_html.$wrapper;
	const { option_name = "", description = "", model = "", family = "", status } = frm.doc;
	const typed = (name, value) => {
		const input = frm.fields_dict[name] && frm.fields_dict[name].$input;
		return (input && input.val()) || value || "";
	};
	const wanted = typed("option_name", option_name);
	if (wanted.length < 2 || (!frm.is_new() && status !== "Requested")) return wrapper.empty();
	frappe
		.xcall("order_review.api.special_options.similar", {
			option_name: wanted,
			description: typed("description", description),
			model: model || "",
			family: family || "",
			without: frm.is_new() ? "" : frm.doc.name,
		})
		.then((rows) => wrapper.html(similar_table(rows)));
}

function similar_table(rows) {
	if (!rows.length) return "";
	const text = frappe.utils.escape_html;
	const lines = rows.map((row) => {
		const price = row.list_price ? format_currency(row.list_price) : "–";
		const valid = row.valid_to ? frappe.datetime.str_to_user(row.valid_to) : "";
		return `<tr><td><a href="/app/special-option-request/${encodeURIComponent(row.name)}" target="_blank">${text(row.name)}</a></td>
			<td>${text(row.option_name)}</td><td>${text(row.model)}</td><td>${__(row.status, null, "Special Option Request")}</td>
			<td class="text-right">${price}</td><td>${valid}</td><td class="text-right">${row.reuse_count || 0}</td></tr>`;
	});
	const heads = ["Special Option Request", "Special Option", "Vehicle Model", "Status", "List Price", "Price Valid To", "Used Again By (Orders)"];
	return `<div class="or-note"><b>${__("Similar requests are there already. One that is priced, in date and for the same model can be used in the order as it is.")}</b>
		<table class="table or-table"><thead><tr>${heads.map((head) => `<th>${__(head, null, "Order Review")}</th>`).join("")}</tr></thead>
		<tbody>${lines.join("")}</tbody></table></div>`;
}

function show_costing(frm) {
	const sees = frm.doc.__onload && frm.doc.__onload.sees_costing;
	if (frm.is_new() || !sees) return;
	frappe
		.xcall("order_review.api.special_options.costing", { request: frm.doc.name })
		.then((found) => frm.fields_dict.costing_html.$wrapper.html(costing_panel(found)));
}

function costing_panel({ quotations, development, sheet, floor }) {
	const parts = [];
	if (quotations) parts.push(quotation_table(quotations));
	if (development) parts.push(line(__("Development Cost"), format_currency(development.dev_cost), "special-option-development-cost", development.name));
	if (sheet) parts.push(sheet_table(sheet));
	if (floor && !sheet) parts.push(line(__("Floor Price"), format_currency(floor.floor_price)));
	return `<div class="or-panel">${parts.join("") || `<p class="text-muted">${__("Nothing is stated yet.")}</p>`}</div>`;
}

function line(label, value, route, name) {
	const link = route ? ` <a href="/app/${route}/${encodeURIComponent(name)}">${__("Open", null, "Order Review")}</a>` : "";
	return `<p>${label}: <b>${value}</b>${link}</p>`;
}

function quotation_table(rows) {
	if (!rows.length) return "";
	const text = frappe.utils.escape_html;
	const lines = rows.map(
		(row) => `<tr><td>${row.is_chosen ? `<b>● ${__("Chosen")}</b>` : row.is_withdrawn ? __("Withdrawn", null, "Order Review") : ""}</td>
			<td><a href="/app/special-option-quotation/${encodeURIComponent(row.name)}">${text(row.supplier)}</a></td>
			<td class="text-right">${format_currency(row.unit_cost)}</td><td class="text-right">${row.moq || 1}</td>
			<td class="text-right">${row.lead_days || 0}</td><td>${frappe.datetime.str_to_user(row.valid_to)}</td></tr>`
	);
	const heads = ["", "Supplier", "Unit Cost", "Minimum Order Quantity", "Lead Days", "Valid To"];
	return `<table class="table or-table"><thead><tr>${heads.map((head) => `<th>${head && __(head, null, "Order Review")}</th>`).join("")}</tr></thead>
		<tbody>${lines.join("")}</tbody></table>`;
}

function sheet_table(sheet) {
	const rows = [
		[__("Cost"), `${format_currency(sheet.cost)} = ${format_currency(sheet.unit_cost)} + ${format_currency(sheet.dev_cost)} / ${sheet.qty}`],
		[__("Markup"), `${sheet.markup_pct || 0} %`],
		[__("List Price"), sheet.list_price ? format_currency(sheet.list_price) : "–"],
		[__("Floor Price"), sheet.floor_price ? format_currency(sheet.floor_price) : "–"],
		[__("Price Valid To"), sheet.valid_to ? frappe.datetime.str_to_user(sheet.valid_to) : "–"],
	];
	if (sheet.actual_cost) {
		rows.push([__("Real Cost per Vehicle"), `${format_currency(sheet.actual_cost)} (${format_number(sheet.variance_pct, null, 2)} %)`]);
	}
	const lines = rows.map(([label, value]) => `<tr><td>${label}</td><td class="text-right">${value}</td></tr>`);
	return `<table class="table or-table" style="max-width: 32em"><tbody>${lines.join("")}</tbody></table>
		<p><a href="/app/special-option-cost/${encodeURIComponent(sheet.name)}">${__("Open the price sheet")}</a></p>`;
}

function add_buttons(frm) {
	if (frm.is_new()) return;
	const { name, intent_order } = frm.doc;
	const { offers } = order_review.guarded_form;
	if (intent_order) {
		frm.add_custom_button(__("Open {0}", [intent_order], "Order Review"), () => frappe.set_route("Form", "Intent Order", intent_order));
	}
	if (offers(frm, "price_notice")) {
		[["zh", "中文"], ["en", "English"]].forEach(([lang, label]) =>
			frm.add_custom_button(label, () => open_notice(name, lang), __("Price Notice"))
		);
	}
	if (offers(frm, "add_quotation")) {
		frm.add_custom_button(__("Add Quotation"), () => frappe.new_doc("Special Option Quotation", { request_no: name, moq: 1 }));
	}
	if (offers(frm, "state_development_cost")) {
		frm.add_custom_button(__("Development Cost"), () => ask_development_cost(frm));
	}
	if (offers(frm, "make_price")) {
		frm.add_custom_button(__("Make the Price"), () => frappe.set_route("Form", "Special Option Cost", name));
	}
	if (offers(frm, "catalogue")) {
		frm.add_custom_button(__("Into the Catalogue"), () => ask_catalogue(frm));
	}
}

function open_notice(name, lang) {
	const query = new URLSearchParams({ request: name, lang });
	window.open(`/api/method/order_review.api.special_options.price_notice_pdf?${query}`);
}

function ask_development_cost(frm) {
	frappe.prompt(
		[
			{ fieldname: "dev_cost", fieldtype: "Currency", label: __("Development Cost"), reqd: 1, default: 0, description: __("For the whole request; 0 when nothing has to be developed") },
			{ fieldname: "note", fieldtype: "Small Text", label: __("Note", null, "Order Review") },
		],
		({ dev_cost, note }) =>
			frappe
				.xcall("order_review.api.special_options.state_development_cost", { request: frm.doc.name, dev_cost: dev_cost || 0, note: note || "" })
				.then(() => frm.reload_doc()),
		__("Development Cost"),
		__("Save")
	);
}

function ask_catalogue(frm) {
	frappe.prompt(
		{
			fieldname: "vehicle_option",
			fieldtype: "Link",
			options: "Vehicle Option",
			label: __("Option in the Catalogue"),
			reqd: 1,
			description: __("Enter the option in the catalogue first, with its price."),
		},
		({ vehicle_option }) =>
			frappe
				.xcall("order_review.api.special_options.catalogue", { request: frm.doc.name, vehicle_option })
				.then(() => frm.reload_doc()),
		__("Into the Catalogue"),
		__("Save")
	);
}
