frappe.listview_settings["Satisfaction Rating"] = {
	add_fields: ["status", "score"],
	has_indicator_for_draft: 1,
	formatters: {
		round_outcome: (value) => __(value || "", null, "Intent Order"),
		score: (value) => (value ? "★".repeat(Number(value)) : "–"),
	},
	get_indicator(doc) {
		const label = __(doc.status, null, "Satisfaction Rating");
		const low = doc.score && Number(doc.score) <= 2;
		return [label, low ? "red" : doc.status === "Asked" ? "orange" : "green", `status,=,${doc.status}`];
	},
};
