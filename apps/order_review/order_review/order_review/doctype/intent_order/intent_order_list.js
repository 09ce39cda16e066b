const OPEN_STATES = ["Submitted", "Received", "Under Opinions", "Consolidating", "Price Approval", "Returned"];

frappe.listview_settings["Intent Order"] = {
	add_fields: ["status", "verdict", "docstatus", "due_at", "owner_oa", "has_objections"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	onload(listview) {
		order_review.add_quick_filters(listview, intent_order_filters());
		if (frappe.model.can_read("Review Task")) {
			listview.page.add_inner_button(__("Review Monitor"), () => frappe.set_route("review-monitor"));
		}
	},
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Submitted: "blue",
			Received: "blue",
			"Under Opinions": "cyan",
			Consolidating: "purple",
			"Price Approval": "orange",
			Valid: "green",
			Converted: "darkgrey",
			Returned: "yellow",
			Vetoed: "red",
			Expired: "darkgrey",
			Withdrawn: "darkgrey",
		};
		const late = OPEN_STATES.includes(doc.status) && doc.due_at && doc.due_at < frappe.datetime.now_datetime();
		if (late) return [`${__(doc.status, null, "Intent Order")} · ${__("Overdue", null, "Order Review")}`, "red", `status,=,${doc.status}`];
		return [__(doc.status, null, "Intent Order"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		due_at: (value, _df, doc) => order_review.due_text(value, OPEN_STATES.includes(doc.status)),
		verdict: (value, _df, doc) => order_review.verdict.pill("Intent Order", doc),
	},
};

// What a role asks for most comes first.
function intent_order_filters() {
	const mine = [__("In My Hands"), () => [["owner_oa", "=", frappe.session.user], ["status", "in", OPEN_STATES]]];
	const sales = [__("Returned to Sales"), [["status", "=", "Returned"]]];
	const common = [
		[__("To Receive", null, "Order Review"), [["status", "=", "Submitted"]]],
		[__("Under Review"), [["status", "in", OPEN_STATES]]],
		[__("Overdue", null, "Order Review"), () => [["status", "in", OPEN_STATES], ["due_at", "<", frappe.datetime.now_datetime()]]],
		[__("With Objections"), [["has_objections", "=", 1], ["status", "in", OPEN_STATES]]],
		[__("Valid, Expiring Within a Week"), () => [["status", "=", "Valid"], ["valid_until", "<=", frappe.datetime.add_days(frappe.datetime.get_today(), 7)]]],
		[__("All", null, "Order Review"), []],
	];
	if (order_review.has_any_role("Order Administrator", "Order Supervisor")) return [mine, ...common, sales];
	return [sales, ...common];
}
