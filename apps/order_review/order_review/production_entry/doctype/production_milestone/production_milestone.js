frappe.ui.form.on("Production Milestone", {
	refresh(frm) {
		const late = !frm.doc.reached_on && frm.doc.planned_on < frappe.datetime.get_today();
		const state = frm.doc.reached_on ? ["Reached", "green"] : late ? ["Overdue", "red"] : ["Planned", "blue"];
		frm.page.set_indicator(__(state[0], null, "Order Review"), state[1]);
		if (!frm.doc.reached_on && frm.perm[0].write) {
			frm.add_custom_button(__("Reached Today"), () => {
				frm.set_value("reached_on", frappe.datetime.get_today());
				frm.save();
			}).addClass("btn-primary");
		}
		if (!frm.is_new()) {
			frm.add_custom_button(__("Open {0}", [frm.doc.sales_contract], "Order Review"), () =>
				frappe.set_route("Form", "Sales Contract", frm.doc.sales_contract)
			);
		}
	},
});
