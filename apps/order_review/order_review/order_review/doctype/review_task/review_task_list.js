frappe.listview_settings["Review Task"] = {
	add_fields: ["status", "opinion", "due_at", "department", "reference_name", "paused_since", "is_overruled"],
	has_indicator_for_draft: 1,
	// Reviewers see what waits for their department; others what waits for anybody.
	filters: own_open_tasks(),
	onload(listview) {
		order_review.add_quick_filters(listview, [
			[__("Open for Me"), own_open_tasks],
			[__("Open", null, "Order Review"), [["status", "=", "Open"]]],
			[__("Overdue", null, "Order Review"), () => [["status", "=", "Open"], ["due_at", "<", frappe.datetime.now_datetime()]]],
			[__("Answered by Me"), () => [["user", "=", frappe.session.user]]],
			[__("Objections"), [["opinion", "=", "Object"], ["status", "=", "Answered"]]],
			[__("All", null, "Order Review"), []],
		]);
		listview.page.add_inner_button(__("Review Monitor"), () => frappe.set_route("review-monitor"));
	},
	formatters: {
		opinion: (value) => (value ? __(value, null, "Review Task") : "–"),
		due_at: (value, _df, doc) => order_review.due_text(value, doc.status === "Open" && !doc.paused_since),
	},
	get_indicator(doc) {
		const is_open = doc.status === "Open";
		const late = is_open && doc.due_at && !doc.paused_since && doc.due_at < frappe.datetime.now_datetime();
		const colours = { Open: "blue", Answered: "green", Withdrawn: "gray", Cancelled: "gray", Void: "orange" };
		const note = late ? ` · ${__("Overdue", null, "Order Review")}` : is_open && doc.paused_since ? ` · ${__("Paused")}` : "";
		const colour = late || (doc.status === "Answered" && doc.opinion === "Object" && !doc.is_overruled) ? "red" : colours[doc.status];
		return [__(doc.status, null, "Review Task") + note, colour, `status,=,${doc.status}`];
	},
};

function own_open_tasks() {
	const open = [["status", "=", "Open"]];
	const reviewers = [
		"Technical Reviewer", "Finance Reviewer", "Planning Reviewer", "Supply Reviewer", "Marketing Planner", "Market Management Officer",
		"Quality Reviewer", "Service Reviewer", "Production Management Reviewer",
	]; // prettier-ignore
	const own = reviewers.filter((role) => frappe.user.has_role(role));
	return own.length && frappe.session.user !== "Administrator" ? [...open, ["role", "in", own]] : open;
}
