frappe.ui.form.on("Intent Order", {
	setup(frm) {
		format_fields();
		frm.set_query("model", () => ({ filters: { status: "active" } }));
		frm.set_query("market_department", () => ({ filters: { is_market_department: 1 } }));
		frm.set_query("sales_person", () => ({ filters: { is_group: 0, enabled: 1 } }));
		frm.set_query("price_book", () => ({ filters: { status: ["!=", "draft"] } }));
		frm.set_query("policy", "policies", () => ({ filters: { status: "released" } }));
		frm.set_query("vehicle_option", "configuration", (doc, cdt, cdn) => ({
			query: "order_review.api.configuration.search_options",
			filters: { model: doc.model, family: locals[cdt][cdn].family || null },
		}));
	},

	onload(frm) {
		if (frm.is_new()) own_department(frm);
		if (frm.doc.model) load_model(frm);
	},

	refresh(frm) {
		order_review.verdict.show(frm);
		show_review(frm);
		offer_price_approval(frm);
		open_own_fields(frm);
		order_review.reviewed_form.show_opinions(frm, frm.fields_dict.opinions_html.$wrapper);
		order_review.reviewed_form.show_conditions(frm, frm.fields_dict.conditions_html.$wrapper);
		show_changes(frm);
		offer_copy(frm);
	},

	before_workflow_action(frm) {
		return order_review.review_steps.before_action(frm);
	},

	after_save(frm) {
		show_review(frm);
	},

	model(frm) {
		if (!frm.doc.model) return;
		load_model(frm).then(() => start_configuration(frm));
	},

	customer(frm) {
		if (!frm.doc.customer) return;
		frappe.db.get_value("Customer", frm.doc.customer, "customer_class").then(({ message }) => {
			if (message && message.customer_class) frm.set_value("customer_class", message.customer_class);
		});
	},

	// The server fills in the rate on record when the order is saved.
	currency(frm) {
		frm.set_value("fx_rate", 1);
	},

	order_type(frm) {
		if (frm.doc.order_type === "Internal") frm.set_value("payment_mode", "internal");
	},
});

frappe.ui.form.on("Intent Order Option", {
	vehicle_option(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.vehicle_option) return;
		frappe.db
			.get_value("Vehicle Option", row.vehicle_option, ["family", "name_zh", "name_en"])
			.then(({ message }) => {
				Object.assign(row, message, { is_standard: is_standard(frm, row.vehicle_option), claimed_price: 0, is_claimed: 0 });
				replace_in_family(frm, row);
				frm.refresh_field("configuration");
			});
	},

	claimed_price(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		frappe.model.set_value(cdt, cdn, "is_claimed", row.claimed_price ? 1 : row.is_claimed);
	},
});

frappe.ui.form.on("Intent Order Special", {
	unit_price(frm, cdt, cdn) {
		frappe.model.set_value(cdt, cdn, "is_priced", locals[cdt][cdn].unit_price ? 1 : 0);
	},
});

// Whoever sees the orders of one market department enters orders of that department.
function own_department(frm) {
	const own = (frappe.defaults.get_user_permissions().Department || []).map((row) => row.doc);
	if (own.length === 1 && !frm.doc.market_department) frm.set_value("market_department", own[0]);
}

function load_model(frm) {
	const { model, order_date } = frm.doc;
	return frappe.xcall("order_review.api.configuration.get_defaults", { model, order_date }).then((defaults) => {
		frm.model_defaults = defaults;
		order_review.choices.offer(frm, "grade", defaults.grade_choices);
	});
}

function start_configuration(frm) {
	const defaults = frm.model_defaults;
	const begin = () => {
		frm.clear_table("configuration");
		defaults.configuration.forEach((row) => frm.add_child("configuration", row));
		frm.refresh_field("configuration");
		frm.set_value({ grade: defaults.default_grade, use: defaults.default_use });
		if (!frm.doc.price_book) frm.set_value("price_book", defaults.price_book);
	};
	const chosen = (frm.doc.configuration || []).some((row) => row.vehicle_option && !row.is_standard);
	if (chosen) {
		frappe.confirm(__("Replace the chosen options by the standard configuration of {0}?", [frm.doc.model]), begin);
	} else {
		begin();
	}
}

function is_standard(frm, option) {
	const rows = frm.model_defaults ? frm.model_defaults.configuration : [];
	return rows.some((row) => row.vehicle_option === option) ? 1 : 0;
}

// A single family takes one option: the new one replaces the other.
function replace_in_family(frm, row) {
	const single = frm.model_defaults && frm.model_defaults.single_families.includes(row.family);
	if (!single) return;
	const others = frm.doc.configuration.filter((other) => other !== row && other.family === row.family);
	others.forEach((other) => frappe.model.clear_doc(other.doctype, other.name));
	frm.doc.configuration.forEach((other, index) => (other.idx = index + 1));
}

function format_fields() {
	const rows = frappe.meta.docfield_map["Intent Order Option"];
	rows.vehicle_option.formatter = option_text;
	for (const name of ["claimed_price", "list_price", "difference"]) rows[name].formatter = plain_amount;
	frappe.meta.docfield_map["Intent Order Policy"].amount.formatter = plain_amount;
	frappe.meta.docfield_map["Intent Order Service"].service.formatter = service_name;
	// A select that is read only is drawn without the DocType its words belong to.
	for (const field of Object.values(frappe.meta.docfield_map["Intent Order"])) {
		if (field.fieldtype === "Select") field.formatter = (value) => __(value || "", null, "Intent Order");
	}
}

// The option's name in the user's language; one that is not standard carries a mark.
function option_text(value, df, options, doc) {
	if (!value) return "";
	const name = frappe.boot.lang.startsWith("zh") ? "name_zh" : "name_en";
	const text = frappe.utils.escape_html(`${value} ${(doc && doc[name]) || ""}`);
	return !doc || doc.is_standard ? text : `<span class="or-chosen">● ${text}</span>`;
}

function plain_amount(value) {
	return value ? `<div class="text-right">${Number(value).toLocaleString("en-US")}</div>` : "";
}

function service_name(value) {
	const names = {
		freight: __("Freight"),
		registration: __("Registration of Vehicle"),
		inland_freight: __("Inland Freight"),
		port_charges: __("Port Charges"),
	};
	return frappe.utils.escape_html(names[value] || value || "");
}

function show_review(frm) {
	const wrapper = frm.fields_dict.review_html.$wrapper;
	if (frm.is_new()) {
		wrapper.html(`<p class="text-muted">${__("The review follows when the order is saved.")}</p>`);
		return;
	}
	const note = frm.is_dirty() ? __("There are changes that are not saved; the review is of the saved order.") : "";
	order_review.show_panel(wrapper, frm.doc.name, note, frm.doc);
}

// The server decides who may.
function offer_price_approval(frm) {
	const { offers } = order_review.guarded_form;
	const group = __("Price Approval");
	if (offers(frm, "request_price_approval")) {
		frm.add_custom_button(__("Ask for Approval"), () => ask_price_approval(frm), group);
	}
	if (!offers(frm, "decide_price")) return;
	frm.add_custom_button(__("Approve", null, "Order Review"), () => decide_price(frm, "Approved"), group);
	frm.add_custom_button(__("Reject", null, "Order Review"), () => decide_price(frm, "Rejected"), group);
}

function ask_price_approval(frm) {
	return price_approval_call(frm, "request", {}).then(() =>
		frappe.show_alert({ message: __("The approval of the price is asked for."), indicator: "green" })
	);
}

function decide_price(frm, decision) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) => price_approval_call(frm, "decide", { decision, reason }),
		__(decision === "Approved" ? "Approve Price" : "Reject Price"),
		__("Confirm")
	);
}

function price_approval_call(frm, method, args) {
	return frappe
		.xcall(`order_review.api.price_approval.${method}`, { name: frm.doc.name, ...args })
		.then(() => frm.reload_doc());
}

// What the server will not let this user write is not offered for writing.
function open_own_fields(frm) {
	if (frm.is_new()) return;
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.meta.fields
		.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype) || df.fieldtype === "Table")
		.filter((df) => !frappe.meta.get_docfield("Intent Order", df.fieldname).read_only)
		.forEach((df) => frm.set_df_property(df.fieldname, "read_only", writable.includes(df.fieldname) ? 0 : 1));
}

// Each round against the one before, newest first.
function show_changes(frm) {
	const wrapper = frm.fields_dict.rounds_html.$wrapper.empty();
	if ((frm.doc.rounds || []).length < 2) return;
	frappe.xcall("order_review.api.review_tasks.rounds", { name: frm.doc.name }).then((rounds) => {
		wrapper.html(rounds.map((row) => `<h5>${__("Round {0}", [row.round_no])}</h5>${row.html}`).join(""));
	});
}

function offer_copy(frm) {
	if (!order_review.guarded_form.offers(frm, "copy_for_review")) return;
	frm.add_custom_button(__("Copy for Another Review"), () =>
		frappe
			.xcall("order_review.api.review_tasks.copy_to_revalidate", { name: frm.doc.name })
			.then((name) => frappe.set_route("Form", "Intent Order", name))
	);
}
