frappe.ui.form.on("Review Task", {
	refresh(frm) {
		frm.disable_save();
		show_state(frm);
		if (frm.doc.status === "Open" && frappe.user.has_role(frm.doc.role)) {
			frm.add_custom_button(__("Give Opinion"), () => give_opinion(frm)).addClass("btn-primary");
		}
		if (frm.doc.status === "Answered" && frappe.user.has_role(frm.doc.role)) {
			frm.add_custom_button(__("Withdraw Opinion"), () => with_reason(frm, "withdraw", __("Withdraw Opinion")));
		}
		if (may_overrule(frm)) {
			frm.add_custom_button(__("Overrule"), () => with_reason(frm, "overrule", __("Overrule")));
		}
	},
});

const NEVER_OVERRULED = ["TECH", "FIN"];
const DEPARTMENT_FIELDS = {
	TECH: ["verdict_feasible", "evidence_feasible", "verdict_ccc", "evidence_ccc", "verdict_grade", "evidence_grade"],
	FIN: ["price_ok", "deposit_ok", "credit_ok"],
	PLAN: ["proposed_date"],
};
const OPINION_FIELDS = {
	"Agree With Condition": ["condition_text", "condition_responsible", "condition_due", "condition_before"],
	Object: ["reason_code", "acceptable_if"],
};

function may_overrule(frm) {
	const { status, opinion, is_overruled, department } = frm.doc;
	const stands = status === "Answered" && opinion === "Object" && !is_overruled;
	return stands && !NEVER_OVERRULED.includes(department) && frappe.user.has_role("Sales Operations Manager");
}

function show_state(frm) {
	const { status, opinion, due_at } = frm.doc;
	const late = status === "Open" && due_at && due_at < frappe.datetime.now_datetime();
	const word = opinion && status === "Answered" ? opinion : status;
	const text = __(word, null, "Review Task") + (late ? ` · ${__("Overdue")}` : "");
	frm.page.set_indicator(text, late ? "red" : status === "Answered" ? "green" : status === "Open" ? "blue" : "gray");
}

// The fields of the department and of the opinion; the server checks what must be filled in.
function give_opinion(frm) {
	const field = (name, depends_on) => {
		const { fieldtype: stored, label, options } = frappe.meta.get_docfield("Review Task", name);
		const fieldtype = name.startsWith("evidence_") ? "Data" : stored; // one line each, so that all are in sight
		const get_query = name === "reason_code" ? () => ({ filters: { kind: "Objection", is_active: 1 } }) : undefined;
		return { fieldname: name, fieldtype, label: __(label), options: translated(fieldtype, options), depends_on, get_query };
	};
	const fields = [
		{ ...field("opinion"), reqd: 1 },
		...(DEPARTMENT_FIELDS[frm.doc.department] || []).map((name) => field(name, "eval:doc.opinion != 'Not Concerned'")),
		...Object.entries(OPINION_FIELDS).flatMap(([opinion, names]) => names.map((name) => field(name, `eval:doc.opinion == '${opinion}'`))),
		field("note"),
	];
	const dialog = new frappe.ui.Dialog({
		title: __("Give Opinion"),
		fields,
		primary_action_label: __("Give Opinion"),
		primary_action: (answer) =>
			frappe
				.xcall("order_review.api.review_tasks.answer", { name: frm.doc.name, answer })
				.then(() => dialog.hide() || frm.reload_doc()),
	});
	dialog.show();
}

function translated(fieldtype, options) {
	if (fieldtype !== "Select") return options;
	return options.split("\n").map((value) => ({ value, label: value ? __(value, null, "Review Task") : "" }));
}

function with_reason(frm, method, title) {
	frappe.prompt(
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ reason }) =>
			frappe
				.xcall(`order_review.api.review_tasks.${method}`, { name: frm.doc.name, reason })
				.then(() => frm.reload_doc()),
		title,
		title
	);
}
