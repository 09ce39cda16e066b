frappe.ui.form.on("Dealer Organisation", {
	setup(frm) {
		frm.set_query("user", "members", () => ({ filters: { ignore_user_type: 1, user_type: "Website User" } }));
	},
});
