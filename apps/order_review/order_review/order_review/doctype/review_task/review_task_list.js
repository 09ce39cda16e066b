frappe.listview_settings["Review Task"] = {
	add_fields: ["status", "opinion", "due_at"],
	has_indicator_for_draft: 1,
	formatters: {
		opinion: (value) => (value ? __(value, null, "Review Task") : "–"),
		due_at: (value) => (value ? moment(value).format("MM-DD HH:mm") : "–"),
	},
	get_indicator(doc) {
		const late = doc.status === "Open" && doc.due_at && doc.due_at < frappe.datetime.now_datetime();
		const colours = { Open: "blue", Answered: "green", Withdrawn: "gray", Cancelled: "gray", Void: "orange" };
		const label = __(doc.status, null, "Review Task") + (late ? ` · ${__("Overdue")}` : "");
		const colour = late || (doc.status === "Answered" && doc.opinion === "Object") ? "red" : colours[doc.status];
		return [label, colour, `status,=,${doc.status}`];
	},
};
