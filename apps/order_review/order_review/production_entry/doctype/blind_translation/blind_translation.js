frappe.ui.form.on("Blind Translation", {
	setup(frm) {
		order_review.guarded_form.say_options("Blind Translation", "status");
		frappe.meta.docfield_map["Blind Translation"].reasons.formatter = reasons_text;
	},

	refresh(frm) {
		if (frm.is_new()) return;
		order_review.guarded_form.open_own_fields(frm);
		show_sold(frm);
		show_result(frm);
		offer_numbers(frm);
		const { offers } = order_review.guarded_form;
		if (((frm.doc.__onload && frm.doc.__onload.offers) || []).includes("hand_in")) {
			frm.add_custom_button(__("Hand In"), () => hand_in(frm)).addClass("btn-primary");
		}
		if (offers(frm, "fill_in")) frm.add_custom_button(__("Fill In for the Auditor"), () => fill_in(frm));
		if (offers(frm, "assign")) frm.add_custom_button(__("Assign to"), () => assign(frm));
	},
});

const text = (value) => frappe.utils.escape_html(String(value ?? ""));

function reasons_text(value) {
	const words = {
		special: __("Special Option"),
		new_option: __("New Option"),
		first_of_model: __("First of the Model"),
		high_value: __("High Value"),
	};
	return String(value || "").split(", ").filter(Boolean).map((one) => text(words[one] || one)).join(" · ");
}

// What the contract line says, and nothing of what is built for it.
function show_sold(frm) {
	const sold = JSON.parse(frm.doc.sold || "{}");
	const name = frappe.boot.lang.startsWith("zh") ? "name_zh" : "name_en";
	const options = (sold.options || []).map(
		(row) => `<div style="break-inside: avoid">${row.is_standard ? "" : "<b>● "}${text(row.vehicle_option)} ${text(row[name])}${row.is_standard ? "" : "</b>"}</div>`
	);
	const specials = (sold.specials || []).map((row) => `<div><b>★ ${text(row.request_no)} ${text(row.name_zh)}</b> ${text(row.drawing_no)} ${text(row.contract_text)}</div>`);
	frm.fields_dict.sold_html.$wrapper.html(
		`<p>${text(sold.model)} × ${text(sold.qty)} · ${text(sold.grade)}</p><div style="columns: 3; column-gap: 2rem">${[...specials, ...options].join("")}</div>`
	);
}

function show_result(frm) {
	const wrapper = frm.fields_dict.result_html.$wrapper;
	if (frm.doc.status !== "Handed In") return wrapper.empty();
	const held = (lines) => lines.map(([number, qty]) => text(`${number} × ${qty}`)).join("<br>") || "–";
	const rows = JSON.parse(frm.doc.result || "[]").map(
		(row) => `<tr class="${row.agrees ? "" : "table-warning"}"><td>${row.agrees ? "✓" : "✗"}</td><td>${text(row.slot)}</td><td>${held(row.first)}</td><td>${held(row.second)}</td></tr>`
	);
	wrapper.html(`<table class="table table-sm"><thead><tr><th></th><th>${__("Slot")}</th><th>${__("Translator")}</th><th>${__("Auditor", null, "Order Review")}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`);
}

// The numbers the catalogue knows for a slot are offered as they are typed.
function offer_numbers(frm) {
	if (frm.doc.status !== "Open") return;
	frm.fields_dict.lines.grid.wrapper.off("focusin.numbers").on("focusin.numbers", "input[data-fieldname=assembly_no]", (event) => {
		const row = frm.fields_dict.lines.grid.grid_rows_by_docname[$(event.target).closest(".grid-row").data("name")];
		if (!row || event.target.dataset.offered) return;
		event.target.dataset.offered = "1";
		frappe.xcall("order_review.api.production_configuration.candidates", { name: frm.doc.name, slot: row.doc.slot }).then((found) => {
			const list = new Awesomplete(event.target, { minChars: 0, maxItems: 50 });
			list.list = found.map((one) => ({ label: `${one.value} ${one.description}`, value: one.value }));
			list.evaluate();
			event.target.addEventListener("awesomplete-selectcomplete", () => frappe.model.set_value(row.doc.doctype, row.doc.name, "assembly_no", event.target.value));
		});
	});
}

const CALL = "order_review.api.production_configuration";

// The supervisor gives a sheet to another auditor.
function assign(frm) {
	const { name } = frm.doc;
	frappe.xcall(`${CALL}.blind_auditors`, { name }).then((options) => {
		if (!options.length) {
			return frappe.msgprint(__("Nobody who audits is there and had no hand in the translation. Register a delegate of the auditor first."));
		}
		const field = { fieldname: "user", fieldtype: "Select", label: __("Auditor", null, "Order Review"), options, reqd: 1 };
		const call = ({ user }) => frappe.xcall(`${CALL}.assign_blind`, { name, user }).then(() => frm.reload_doc());
		return frappe.prompt(field, call, __("Assign to"), __("Assign", null, "Order Review"));
	});
}

// A delegate without the role of the auditor writes here and not in the form.
function fill_in(frm) {
	const data = (frm.doc.lines || []).map(({ slot, slot_name, assembly_no, qty }) => ({ slot, slot_name, assembly_no, qty }));
	const column = (fieldname, fieldtype, label, read_only) => ({ fieldname, fieldtype, label, read_only, in_list_view: 1 });
	const fields = [
		column("slot", "Data", __("Slot"), 1),
		column("slot_name", "Data", __("Name"), 1),
		column("assembly_no", "Data", __("Assembly Number"), 0),
		column("qty", "Float", __("Quantity"), 0),
	];
	const dialog = new frappe.ui.Dialog({
		title: __("Fill In for the Auditor"),
		size: "extra-large",
		fields: [{ fieldname: "lines", fieldtype: "Table", label: __("Lines"), fields, data }],
		primary_action_label: __("Save"),
		primary_action: ({ lines }) =>
			frappe.xcall(`${CALL}.fill_in`, { name: frm.doc.name, lines }).then(() => {
				dialog.hide();
				frm.reload_doc();
			}),
	});
	dialog.show();
}

function hand_in(frm) {
	const empty = (frm.doc.lines || []).filter((row) => !row.assembly_no).length;
	const ask = __("{0} slots are left empty. Hand it in? From then on both translations are seen by both.", [empty]);
	const call = () => frappe.xcall("order_review.api.production_configuration.hand_in", { name: frm.doc.name });
	frappe.confirm(ask, () => {
		const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
		saved.then(call).then((found) => {
			frappe.show_alert({ message: __("{0} of {1} slots agree.", [found.equal, found.checked]), indicator: "green" });
			frm.reload_doc();
		});
	});
}
