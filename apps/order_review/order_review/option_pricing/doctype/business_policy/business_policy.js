frappe.ui.form.on("Business Policy", {
	refresh(frm) {
		if (frm.is_new()) return;
		const waiting = frm.doc.approval_status === "Requested";
		if (waiting || frm.doc.status !== "draft") frm.disable_form();
		if (waiting) frm.set_intro(__("Waits for approval; it stands still until then."), "blue");
		else if (frm.doc.superseded_by) frm.set_intro(__("Superseded by {0}.", [frm.doc.superseded_by]), "orange");
		add_steps(frm);
	},
});

function add_steps(frm) {
	const may = (frm.doc.__onload || {}).may || [];
	const group = __("Approval");
	if (may.includes("request")) frm.add_custom_button(__("Request Approval"), () => take(frm, "request"), group);
	if (may.includes("approve")) {
		frm.add_custom_button(__("Approve and Release"), () => {
			frappe.confirm(__("A released policy never changes. Release {0}?", [frm.doc.name]), () => take(frm, "approve"));
		}, group);
	}
	for (const [step, label] of [
		["reject", __("Reject", null, "Order Review")],
		["withdraw", __("Withdraw Request")],
		["suspend", __("Suspend")],
		["resume", __("Resume")],
	]) {
		if (may.includes(step)) frm.add_custom_button(label, () => with_reason(frm, step), group);
	}
	if (may.includes("new_version")) frm.add_custom_button(__("New Version"), () => new_version(frm), group);
	if (frm.doc.status === "draft" && frappe.model.can_read("Price Rehearsal")) {
		frm.add_custom_button(__("Rehearse on Orders"), () => order_review.rehearse(frm));
	}
}

function take(frm, step, reason) {
	frappe
		.xcall("order_review.api.prices.take_step", { doctype: frm.doctype, name: frm.doc.name, step, reason })
		.then(() => frm.reload_doc());
}

function with_reason(frm, step) {
	frappe.prompt({ fieldname: "reason", label: __("Reason"), fieldtype: "Small Text", reqd: 1 }, ({ reason }) => take(frm, step, reason));
}

function new_version(frm) {
	const fields = [
		{ fieldname: "code", label: __("Code"), fieldtype: "Data", reqd: 1, default: `${frm.doc.name}-V${(frm.doc.version_no || 1) + 1}` },
		{ fieldname: "valid_from", label: __("Valid From"), fieldtype: "Date", reqd: 1 },
		{ fieldname: "valid_to", label: __("Valid To"), fieldtype: "Date", reqd: 1, default: frm.doc.valid_to },
	];
	frappe.prompt(fields, (values) => {
		frappe
			.xcall("order_review.api.prices.new_policy_version", { source: frm.doc.name, ...values })
			.then((name) => frappe.set_route("Form", "Business Policy", name));
	}, __("New Version of {0}", [frm.doc.name]));
}
