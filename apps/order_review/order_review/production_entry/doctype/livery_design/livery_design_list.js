frappe.listview_settings["Livery Design"] = {
	add_fields: ["status", "needed_by"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { "To Design": "orange", Draft: "purple", "To Confirm": "blue", Confirmed: "green", Frozen: "darkgrey" };
		const open = !["Confirmed", "Frozen"].includes(doc.status);
		const late = open && doc.needed_by && doc.needed_by < frappe.datetime.get_today();
		const label = __(doc.status, null, "Livery Design");
		return [late ? `${label} · ${__("Overdue", null, "Order Review")}` : label, late ? "red" : colours[doc.status], `status,=,${doc.status}`];
	},
};
