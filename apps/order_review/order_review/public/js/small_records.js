// Buttons on every form of a process: log a call, report an exception, give somebody a task; what was said, below.
const ABOUT = [
	"Intent Order",
	"Sales Contract",
	"Production Configuration",
	"Special Option Request",
	"Review Task",
	"Technical Issue",
	"Delivery Date Commitment",
	"Livery Design",
	"Contract Quality Assessment",
	"Customer",
];
const ASSIGNERS = ["Order Supervisor", "Sales Operations Manager", "Market Department Manager", "Marketing VP"];
const CHANNELS = ["Call", "E-mail", "Fax", "Visit", "Message"];
const PARTIES = ["Customer", "Dealer", "Salesperson", "Supplier", "Department", "Other"];

const RECORDS = [
	"Customer Requirement Record",
	"Communication Log",
	"Exception Report",
	"Configuration Enquiry",
	"Training Session",
	"Qualification Record",
	"Satisfaction Rating",
	"Delivery Date Commitment",
];

// A select that is read only is drawn without the DocType its words belong to.
for (const doctype of RECORDS) {
	frappe.ui.form.on(doctype, {
		setup() {
			const fields = Object.values(frappe.meta.docfield_map[doctype] || {});
			const said = fields.filter((df) => df.fieldtype === "Select" || ["DocType", "Role"].includes(df.options));
			order_review.guarded_form.say_options(doctype, ...said.map((df) => df.fieldname));
		},
	});
}

for (const doctype of ABOUT) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new()) return;
			add_buttons(frm);
			show_calls(frm);
			if (doctype === "Intent Order") ask_rating(frm);
		},
	});
}

function add_buttons(frm) {
	const group = __("Note Down");
	if (frappe.model.can_create("Communication Log")) frm.add_custom_button(__("Log a Call"), () => log_call(frm), group);
	if (frappe.model.can_create("Exception Report")) {
		const reference = { reference_doctype: frm.doctype, reference_name: frm.doc.name };
		frm.add_custom_button(__("Report an Exception"), () => frappe.new_doc("Exception Report", reference), group);
	}
	if (frm.doctype === "Intent Order" && frappe.model.can_create("Customer Requirement Record")) {
		const fresh = () => frappe.new_doc("Customer Requirement Record", { intent_order: frm.doc.name });
		frm.add_custom_button(__("Customer Requirement Record"), fresh, group);
	}
	if (frappe.user.has_role(ASSIGNERS)) frm.add_custom_button(__("Assign a Task"), () => assign_task(frm), group);
}

function choices(values, context) {
	return values.map((value) => ({ value, label: __(value, null, context) }));
}

function log_call(frm) {
	const context = "Communication Log";
	const dialog = new frappe.ui.Dialog({
		title: __("Log a Call"),
		fields: [
			{ fieldname: "channel", fieldtype: "Select", label: __("Channel", null, "Order Review"), options: choices(CHANNELS, context), default: "Call", reqd: 1 },
			{ fieldname: "party", fieldtype: "Select", label: __("With", null, context), options: choices(PARTIES, context), default: "Customer", reqd: 1 },
			{ fieldname: "contact_person", fieldtype: "Data", label: __("Contact Person", null, "Order Review") },
			{ fieldtype: "Column Break" },
			{ fieldname: "direction", fieldtype: "Select", label: __("Direction"), options: choices(["Outgoing", "Incoming"], context), default: "Outgoing", reqd: 1 },
			{ fieldname: "occurred_at", fieldtype: "Datetime", label: __("Time of the Contact"), default: frappe.datetime.now_datetime(), reqd: 1 },
			{ fieldname: "follow_up_on", fieldtype: "Date", label: __("Follow Up On") },
			{ fieldtype: "Section Break" },
			{ fieldname: "subject", fieldtype: "Data", label: __("Subject", null, context), reqd: 1 },
			{ fieldname: "content", fieldtype: "Text", label: __("What Was Said"), reqd: 1 },
			{ fieldname: "follow_up", fieldtype: "Small Text", label: __("What Follows") },
		],
		primary_action_label: __("Save"),
		primary_action(values) {
			frappe
				.xcall("order_review.api.small_records.log_call", { doctype: frm.doctype, name: frm.doc.name, values })
				.then(() => {
					dialog.hide();
					show_calls(frm);
					frappe.show_alert({ message: __("Logged."), indicator: "green" });
				});
		},
	});
	dialog.show();
}

function assign_task(frm) {
	frappe.prompt(
		[
			{ fieldname: "user", fieldtype: "Link", options: "User", label: __("Assigned To", null, "Order Review"), reqd: 1, get_query: () => ({ filters: { enabled: 1, user_type: "System User" } }) },
			{ fieldname: "text", fieldtype: "Small Text", label: __("What Is to Be Done"), reqd: 1 },
			{ fieldname: "due", fieldtype: "Date", label: __("Due Date", null, "Order Review"), reqd: 1, default: frappe.datetime.add_days(frappe.datetime.get_today(), 2) },
		],
		({ user, text, due }) =>
			frappe
				.xcall("order_review.api.small_records.assign_task", { doctype: frm.doctype, name: frm.doc.name, user, text, due })
				.then(() => {
					frappe.show_alert({ message: __("The task is given to {0}.", [frappe.user.full_name(user)]), indicator: "green" });
					frm.reload_doc();
				}),
		__("Assign a Task"),
		__("Assign", null, "Order Review")
	);
}

// The newest calls, as a section above the fields.
function show_calls(frm) {
	const { doctype } = frm;
	const { name } = frm.doc;
	frappe.xcall("order_review.api.small_records.calls", { doctype, name }).then((rows) => {
		frm.$or_calls && frm.$or_calls.remove();
		if (!rows.length || frm.doc.name !== name) return;
		const escape = frappe.utils.escape_html;
		const lines = rows.slice(0, 5).map((row) => {
			const due = row.follow_up_on && !row.is_done ? ` · <b>${__("Follow Up On")} ${frappe.datetime.str_to_user(row.follow_up_on)}</b>` : "";
			const who = [__(row.party, null, "Communication Log"), row.contact_person].filter(Boolean).map(escape).join(" ");
			return `<tr><td style="white-space: nowrap">${frappe.datetime.str_to_user(row.occurred_at).slice(0, 16)}</td>
				<td>${__(row.channel, null, "Communication Log")} ${row.direction === "Incoming" ? "←" : "→"} ${who}</td>
				<td><a href="/app/communication-log/${encodeURIComponent(row.name)}">${escape(row.subject)}</a>${due}</td>
				<td>${escape(frappe.user.full_name(row.owner) || row.owner)}</td></tr>`;
		});
		const more = rows.length > 5 ? `<a href="/app/communication-log?reference_name=${encodeURIComponent(name)}">${__("All Calls")}</a>` : "";
		frm.$or_calls = frm.dashboard.add_section(`<table class="table table-sm">${lines.join("")}</table>${more}`, __("Communication", null, "Order Review"));
		frm.dashboard.show();
	});
}

// The review is closed: the salesperson who submitted the order is asked once how it went.
function ask_rating(frm) {
	if (!["Valid", "Vetoed", "Converted", "Expired"].includes(frm.doc.status)) return;
	const reference = { doctype: frm.doctype, name: frm.doc.name };
	frappe.xcall("order_review.api.small_records.rating_waiting", reference).then((rating) => {
		frm.$or_rating && frm.$or_rating.remove();
		if (!rating) return;
		const stars = [1, 2, 3, 4, 5].map((score) => `<button class="btn btn-default btn-sm" data-score="${score}">${"★".repeat(score)}</button>`);
		const words = __("How satisfied are you with this review?");
		frm.$or_rating = frm.dashboard.add_section(`<p>${words} <small class="text-muted">${__("5 very satisfied, 1 not satisfied")}</small></p><p class="btn-group">${stars.join("")}</p>`, __("Satisfaction Rating"));
		frm.dashboard.show();
		frm.$or_rating.find("button").on("click", (event) => rate(frm, rating, Number(event.currentTarget.dataset.score)));
	});
}

function rate(frm, name, score) {
	frappe.prompt(
		{ fieldname: "comment", fieldtype: "Small Text", label: __("Comment", null, "Order Review"), reqd: score <= 2 ? 1 : 0 },
		({ comment }) =>
			frappe.xcall("order_review.api.small_records.rate", { name, score, comment: comment || "" }).then(() => {
				frappe.show_alert({ message: __("Thank you."), indicator: "green" });
				frm.reload_doc();
			}),
		"★".repeat(score),
		__("Send", null, "Order Review")
	);
}
