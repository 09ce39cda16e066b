frappe.ui.form.on("Delegation", {
	setup(frm) {
		const people = () => ({ filters: { enabled: 1, user_type: "System User", name: ["not in", frappe.STANDARD_USERS || ["Administrator", "Guest"]] } });
		frm.set_query("user", people);
		frm.set_query("delegate", people);
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.user && frappe.session.user !== "Administrator") frm.set_value("user", frappe.session.user);
	},

	refresh(frm) {
		if (frm.is_new()) return;
		const [word, colour] = order_review.delegation_indicator(frm.doc);
		frm.page.set_indicator(word, colour);
	},
});
