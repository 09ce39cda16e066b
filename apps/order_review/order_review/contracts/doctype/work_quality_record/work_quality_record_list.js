frappe.listview_settings["Work Quality Record"] = {
	add_fields: ["status", "source", "type_zh", "type_en"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colour = { Recorded: "orange", Void: "darkgrey" }[doc.status] || "gray";
		return [__(doc.status, null, "Work Quality Record"), colour, `status,=,${doc.status}`];
	},
	formatters: {
		work_quality_type(value, df, doc) {
			const name = frappe.boot.lang.startsWith("zh") ? doc.type_zh : doc.type_en;
			return frappe.utils.escape_html(`${value} ${name || ""}`);
		},
	},
};
