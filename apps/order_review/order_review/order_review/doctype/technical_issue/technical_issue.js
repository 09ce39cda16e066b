frappe.ui.form.on("Technical Issue", {
	setup(frm) {
		order_review.guarded_form.say_options("Technical Issue", "status", "kind", "reference_doctype");
		frm.set_query("answer_option", () => ({ filters: { family: frm.doc.family } }));
	},
	refresh(frm) {
		open_own_fields(frm);
		if (frm.is_new()) return;
		offer_steps(frm);
	},
});

const ISSUE_CALL = "order_review.api.technical_issues";

function offer_steps(frm) {
	const { offers } = order_review.guarded_form;
	if (offers(frm, "answer")) {
		frm.add_custom_button(__("Answer"), () => give_answer(frm)).addClass("btn-primary");
	}
	if (offers(frm, "close")) {
		const is_answered = frm.doc.status === "Answered";
		const close = () => (is_answered ? close_answered(frm) : with_reason(frm, "close", __("Close")));
		frm.add_custom_button(__("Close"), close).toggleClass("btn-primary", is_answered);
	}
	if (offers(frm, "reopen")) {
		frm.add_custom_button(__("Reopen", null, "Order Review"), () => with_reason(frm, "reopen", __("Reopen", null, "Order Review")));
	}
}

function give_answer(frm) {
	const { family, field_name } = frm.doc;
	const fields = [{ fieldname: "answer", fieldtype: "Small Text", label: __("Answer"), reqd: 1 }];
	if (family) {
		const get_query = () => ({ filters: { family } });
		fields.push({ fieldname: "answer_option", fieldtype: "Link", options: "Vehicle Option", label: __("Proposed Option"), get_query });
	} else if (field_name) {
		fields.push({ fieldname: "answer_value", fieldtype: "Data", label: __("Proposed Value") });
	}
	fields.push({ fieldname: "answer_evidence", fieldtype: "Attach", label: __("Evidence of the Answer") });
	frappe.prompt(fields, (answer) => issue_call(frm, "answer", { answer }), __("Answer"), __("Answer"));
}

function close_answered(frm) {
	const proposed = frm.doc.answer_option || frm.doc.answer_value;
	if (!proposed) return issue_call(frm, "close", { accept: false });
	const label = __("Accept the proposed value {0}; the salesperson takes it over when the document is returned", [proposed]);
	frappe.prompt(
		{ fieldname: "accept", fieldtype: "Check", label, default: 1 },
		({ accept }) => issue_call(frm, "close", { accept: Boolean(accept) }),
		__("Close"),
		__("Close")
	);
}

function with_reason(frm, method, title) {
	const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
	frappe.prompt(field, ({ reason }) => issue_call(frm, method, { reason }), title, title);
}

function issue_call(frm, method, args) {
	return frappe.xcall(`${ISSUE_CALL}.${method}`, { name: frm.doc.name, ...args }).then(() => frm.reload_doc());
}

// What the server will not let this user write is not offered for writing.
function open_own_fields(frm) {
	if (frm.is_new()) return;
	const writable = (frm.doc.__onload && frm.doc.__onload.writable) || [];
	frm.meta.fields
		.filter((df) => !frappe.model.no_value_type.includes(df.fieldtype))
		.forEach((df) => frm.set_df_property(df.fieldname, "read_only", writable.includes(df.fieldname) ? 0 : 1));
}
