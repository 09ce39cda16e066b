frappe.listview_settings["Price Rehearsal"] = {
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Queued: "gray", Running: "orange", Done: "green", Failed: "red" };
		return [__(doc.status, null, "Price Rehearsal"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
