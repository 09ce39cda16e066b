frappe.ui.form.on("Review Task", {
	setup() {
		const verdicts = ["verdict_feasible", "verdict_ccc", "verdict_grade", "price_ok", "deposit_ok", "credit_ok"];
		order_review.guarded_form.say_options("Review Task", "status", "process_name", "reference_doctype", "role", "opinion", "condition_before", ...verdicts);
	},

	refresh(frm) {
		frm.disable_save();
		show_state(frm);
		show_absent(frm);
		show_sheet(frm);
		const { offers } = order_review.guarded_form;
		if (offers(frm, "assign")) {
			frm.add_custom_button(__("Assign", null, "Order Review"), () => assign(frm));
		}
		if (offers(frm, "withdraw")) {
			frm.add_custom_button(__("Withdraw Opinion"), () => with_reason(frm, "withdraw", __("Withdraw Opinion")));
		}
		if (offers(frm, "overrule")) {
			frm.add_custom_button(__("Overrule"), () => with_reason(frm, "overrule", __("Overrule")));
		}
	},
});

const DEPARTMENT_FIELDS = {
	TECH: ["verdict_feasible", "verdict_ccc", "verdict_grade", "|", "evidence_feasible", "evidence_ccc", "evidence_grade"],
	FIN: ["price_ok", "deposit_ok", "credit_ok"],
	PLAN: ["proposed_date"],
};
const OPINION_FIELDS = {
	"Agree With Condition": ["condition_text", "condition_responsible", "condition_due", "condition_before"],
	Object: ["reason_code", "acceptable_if"],
};

function absent_name(frm) {
	return frm.doc.__onload && frm.doc.__onload.acting_for;
}

function show_absent(frm) {
	const { status, on_behalf_of, user } = frm.doc;
	frm.set_intro(); // a form that is drawn again says it once
	if (status === "Open" && absent_name(frm)) frm.set_intro(__("You act for {0} here.", [absent_name(frm)]), "blue");
	if (on_behalf_of) {
		frm.set_intro(__("{0} acting for {1}", [frappe.user.full_name(user), frappe.user.full_name(on_behalf_of)]), "blue");
	}
}

function assign(frm) {
	const query = "order_review.api.review_tasks.search_users";
	const get_query = () => ({ query, filters: { task: frm.doc.name } });
	frappe.prompt(
		{ fieldname: "user", fieldtype: "Link", options: "User", label: __("Assigned To", null, "Order Review"), reqd: 1, get_query },
		({ user }) =>
			frappe.xcall("order_review.api.review_tasks.assign", { name: frm.doc.name, user }).then(() => frm.reload_doc()),
		__("Assign", null, "Order Review"),
		__("Assign", null, "Order Review")
	);
}

// Identical orders that wait for the same department are answered along with this one.
function offer_identical(frm) {
	return frappe.xcall("order_review.api.review_tasks.identical", { name: frm.doc.name });
}

function show_state(frm) {
	const { status, opinion, due_at, paused_since, is_overruled } = frm.doc;
	const waits = status === "Open" && paused_since;
	const late = status === "Open" && !waits && due_at && due_at < frappe.datetime.now_datetime();
	const word = opinion && status === "Answered" ? opinion : status;
	const note = waits ? __("Waits for an Answer") : late ? __("Overdue", null, "Order Review") : is_overruled ? __("Overruled") : "";
	const text = __(word, null, "Review Task") + (note ? ` · ${note}` : "");
	const answered = opinion !== "Object" ? "green" : is_overruled ? "orange" : "red";
	const colours = { Open: waits ? "orange" : late ? "red" : "blue", Answered: answered };
	frm.page.set_indicator(text, colours[status] || "gray");
}

// What is judged, and beside it the answer, so that nothing has to be remembered.
function show_sheet(frm) {
	const answers = order_review.guarded_form.offers(frm, "answer");
	const desk = $(`<div class="or-desk ${answers ? "" : "or-desk-read"}"><div></div>${answers ? `<div class="or-answer"></div>` : ""}</div>`);
	frm.get_field("sheet_html").$wrapper.empty().append(desk);
	order_review.show_task_sheet(desk.children().get(0), frm.doc.name);
	if (answers) offer_identical(frm).catch(() => []).then((rows) => ask_opinion(frm, desk.find(".or-answer"), rows));
}

// The fields of the department and of the opinion; the server checks what must be filled in.
function opinion_fields(frm, identical, who) {
	const field = (name, depends_on) => {
		if (name === "|") return { fieldtype: "Column Break" };
		if (name === "condition_responsible") return { ...who.field, depends_on };
		const { fieldtype: stored, label, options } = frappe.meta.get_docfield("Review Task", name);
		const fieldtype = name.startsWith("evidence_") ? "Data" : stored; // one line each, so that all are in sight
		const get_query = name === "reason_code" ? () => ({ filters: { kind: "Objection", is_active: 1 } }) : undefined;
		return { fieldname: name, fieldtype, label: __(label, null, "Review Task"), options: translated(fieldtype, options), depends_on, get_query };
	};
	return [
		{ ...field("opinion"), reqd: 1 },
		{ fieldtype: "Section Break" },
		...(DEPARTMENT_FIELDS[frm.doc.department] || []).map((name) => field(name, "eval:doc.opinion != 'Not Concerned'")),
		{ fieldtype: "Section Break" },
		...Object.entries(OPINION_FIELDS).flatMap(([opinion, names]) => names.map((name) => field(name, `eval:doc.opinion == '${opinion}'`))),
		field("note"),
		...identical_fields(identical),
	];
}

function ask_opinion(frm, wrapper, identical) {
	const title = absent_name(frm) ? `${__("Give Opinion")} · ${__("Acting for {0}", [absent_name(frm)])}` : __("Give Opinion");
	wrapper.html(`<h5>${frappe.utils.escape_html(title)}</h5><div></div><button type="button" class="btn btn-primary btn-sm">${__("Give Opinion")}</button>`);
	const { reference_doctype, reference_name } = frm.doc;
	const who = order_review.reviewed_form.responsible_field(reference_doctype, reference_name, "condition_responsible");
	const group = new frappe.ui.FieldGroup({ fields: opinion_fields(frm, identical, who), body: wrapper.children("div").get(0) });
	group.make();
	who.fill(group.get_field("condition_responsible"));
	wrapper.children("button").on("click", () => {
		const given = group.get_values();
		if (given) send_opinion(frm, given);
	});
}

function send_opinion(frm, { others = [], ...answer }) {
	return frappe
		.xcall("order_review.api.review_tasks.answer_identical", { name: frm.doc.name, others, answer })
		.then((result) => frm.reload_doc().then(() => show_result(result)));
}

function identical_fields(rows) {
	if (!rows.length) return [];
	const options = rows.map((row) => ({ label: `${row.reference_name} ${row.title || ""} × ${row.qty}`, value: row.name, checked: 0 }));
	return [
		{ fieldtype: "Section Break", label: __("Identical Orders: Answer These Too") },
		{ fieldname: "others", fieldtype: "MultiCheck", options, select_all: true, columns: 1 },
	];
}

function show_result({ answered, refused }) {
	if (answered.length > 1) frappe.show_alert({ message: __("{0} orders were answered.", [answered.length]), indicator: "green" });
	if (!refused.length) return;
	const escape = frappe.utils.escape_html;
	const lines = refused.map((row) => `<li><b>${escape(row.document || row.task)}</b>: ${escape(row.reason)}</li>`);
	frappe.msgprint({ title: __("Not Answered"), indicator: "orange", message: `<ul>${lines.join("")}</ul>` });
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
