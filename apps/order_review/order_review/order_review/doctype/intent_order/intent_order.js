frappe.ui.form.on("Intent Order", {
	setup(frm) {
		show_option_names();
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
		if (frm.doc.model) load_model(frm);
	},

	refresh(frm) {
		show_verdict(frm);
		show_review(frm);
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

function load_model(frm) {
	const { model, order_date } = frm.doc;
	return frappe.xcall("order_review.api.configuration.get_defaults", { model, order_date }).then((defaults) => {
		frm.model_defaults = defaults;
		frm.set_df_property("grade", "options", defaults.grades);
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

// Rows show the option's name in the user's language; chosen ones carry a mark.
function show_option_names() {
	const name = frappe.boot.lang.startsWith("zh") ? "name_zh" : "name_en";
	frappe.meta.docfield_map["Intent Order Option"].vehicle_option.formatter = (value, df, options, doc) => {
		if (!value) return "";
		const text = frappe.utils.escape_html(`${value} ${(doc && doc[name]) || ""}`);
		return !doc || doc.is_standard ? text : `<span class="or-chosen">● ${text}</span>`;
	};
}

function show_verdict(frm) {
	if (frm.is_new() || !frm.doc.verdict) return;
	frm.page.set_indicator(
		`${__(frm.doc.status, null, "Intent Order")} · ${__(frm.doc.verdict, null, "Intent Order")}`,
		order_review.verdict_colour(frm.doc.verdict)
	);
}

function show_review(frm) {
	const wrapper = frm.fields_dict.review_html.$wrapper;
	if (frm.is_new()) {
		wrapper.html(`<p class="text-muted">${__("The review follows when the order is saved.")}</p>`);
		return;
	}
	const note = frm.is_dirty() ? __("There are changes that are not saved; the review is of the saved order.") : "";
	order_review.show_panel(wrapper, frm.doc.name, note);
}
