frappe.ui.form.on("Special Option Cost", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Special Option Request"), () =>
			frappe.set_route("Form", "Special Option Request", frm.doc.request_no)
		);
		frappe.db.get_value("Special Option Request", frm.doc.request_no, ["status", "option_name", "model"]).then(({ message }) => {
			if (message) open_fields(frm, message);
		});
	},

	markup_pct: preview,
});

// The price is made in Pricing, the real cost is stated afterwards; the server holds to it.
function open_fields(frm, request) {
	const pricing = request.status === "Pricing" && frappe.user.has_role("Marketing Planner");
	const afterwards = ["Priced", "Expired", "Catalogued"].includes(request.status) && frappe.user.has_role("Finance Reviewer");
	["markup_pct", "floor_price", "valid_to", "note"].forEach((name) => frm.set_df_property(name, "read_only", pricing ? 0 : 1));
	["actual_unit_cost", "actual_dev_cost", "actual_qty", "actual_source"].forEach((name) =>
		frm.set_df_property(name, "read_only", afterwards ? 0 : 1)
	);
	frm.toggle_display("actual_section", !["Requested", "Technical", "Costing", "Pricing", "Finance Check"].includes(request.status));
	frm.fields_dict.request_link_html.$wrapper.html(
		`<p><b>${frappe.utils.escape_html(request.option_name)}</b><br>${frappe.utils.escape_html(request.model)} · ${__(request.status, null, "Special Option Request")}</p>`
	);
}

// What the server will compute on saving, shown while typing.
function preview(frm) {
	const { unit_cost = 0, dev_cost = 0, qty = 1, markup_pct = 0 } = frm.doc;
	const price = (unit_cost + dev_cost / (qty || 1)) * (1 + markup_pct / 100);
	frm.set_df_property("list_price", "description", __("On saving about {0}, rounded to 100", [format_currency(price)]));
}
