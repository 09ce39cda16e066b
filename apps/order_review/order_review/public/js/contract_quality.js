// From a contract that is in force or vetoed to the assessment of its quality.
frappe.ui.form.on("Sales Contract", {
	refresh(frm) {
		if (!order_review.guarded_form.offers(frm, "look_at_quality")) return;
		frm.add_custom_button(__("Quality Assessment"), () => open_assessment(frm.doc.name));
	},
});

// A contract of several salespeople has an assessment for each of them.
async function open_assessment(contract) {
	const doctype = "Contract Quality Assessment";
	if (frappe.user.has_role(["Order Administrator", "Order Supervisor"])) {
		await frappe.xcall("order_review.api.quality.draft", { contract });
	}
	const found = await frappe.db.get_list(doctype, { filters: { sales_contract: contract }, fields: ["name"] });
	if (found.length > 1) return frappe.set_route("List", doctype, { sales_contract: contract });
	if (found.length) return frappe.set_route("Form", doctype, found[0].name);
	frappe.msgprint(__("The quality of this contract is not assessed yet."));
}
