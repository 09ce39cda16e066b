// What a department judges, on one sheet, drawn from the data of order_review.api.workplace.get_task_sheet.
frappe.provide("order_review");

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));
const COLOURS = { error: "red", warning: "orange" };
const pill = (text, colour) => `<span class="indicator-pill no-indicator-dot ${colour}">${esc(text)}</span>`;
const amount = (value) => (value == null ? "–" : Number(value).toLocaleString("en-US", { maximumFractionDigits: 2 }));
const link = (doctype, name) => `<a href="${frappe.utils.get_form_link(doctype, name)}">${esc(name)}</a>`;

order_review.show_task_sheet = function (wrapper, name) {
	return frappe.xcall("order_review.api.workplace.get_task_sheet", { name }).then((sheet) => $(wrapper).html(draw(sheet)));
};

function draw(sheet) {
	return `<div class="or-panel or-sheet">
		${head(sheet)}
		${changes(sheet.changes)}
		${judged(sheet)}
		${lines_of(sheet.lines)}
		${sheet.findings ? findings(sheet.findings) : ""}
		${sheet.differences ? `<h5>${__("Differences From the Intent Orders")}</h5>${sheet.differences}` : ""}
		${specials(sheet.specials)}
		${figures(sheet.figures)}
		${options(sheet.options)}
		${issues(sheet.issues)}
		${opinions(sheet.opinions)}
		${conditions(sheet.conditions)}
		${facts(__("The Order"), sheet.known, false)}
	</div>`;
}

function head({ document, clock }) {
	const allowed = clock.allowed ? `${amount(clock.used)} / ${amount(clock.allowed)} h` : "";
	const late = clock.is_overdue ? pill(__("Overdue", null, "Order Review"), "red") : clock.is_paused ? pill(__("paused: waits for an answer"), "gray") : "";
	return `<div class="or-head"><span>${esc(document.label)} <b>${link(document.doctype, document.name)}</b></span>
		<span>${esc(document.title)}</span><span>${__("Round {0}", [document.round])} · ${esc(document.status)}</span>
		<span>${__("Hours Used of Allowed")} <b>${allowed}</b> ${late}</span></div>`;
}

function judged({ checks, judged }) {
	return (checks ? `<p class="or-note">${__("To Be Judged")}: ${esc(checks)}</p>` : "") + facts(__("The Department's Part"), judged, true);
}

function facts(title, rows, is_open) {
	if (!rows.length) return "";
	const cells = rows.map((row) => `<div><small class="text-muted">${esc(row.label)}</small><div>${esc(row.value)}</div></div>`).join("");
	const grid = `<div class="or-facts">${cells}</div>`;
	return is_open ? `<h5>${title}</h5>${grid}` : `<details><summary><b>${title}</b></summary>${grid}</details>`;
}

function findings(rows) {
	const own = rows.filter((row) => row.is_own);
	const others = rows.filter((row) => !row.is_own);
	const line = (row) => `<div class="or-finding or-${esc(row.severity)}"><div>${pill(row.severity_label, COLOURS[row.severity])} <b>${esc(row.message)}</b></div>
		<div class="text-muted small">${esc(row.department)} <code>${esc(row.code)} ${esc(row.ref)}</code></div></div>`;
	const rest = others.length ? `<details><summary>${__("Findings of other departments ({0})", [others.length])}</summary>${others.map(line).join("")}</details>` : "";
	const mine = own.length ? own.map(line).join("") : `<p class="text-muted">${__("Nothing was found for this department.")}</p>`;
	return `<h5>${__("Findings")}</h5>${mine}${rest}`;
}

function table(title, heads, rows, hint = "") {
	if (!rows.length) return "";
	return `<h5>${title}</h5><table class="table table-bordered or-table"><thead><tr>${heads.map((text) => `<th>${text}</th>`).join("")}</tr></thead>
		<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</tbody></table>${hint}`;
}

// Lines of a contract, with prices where the department judges them.
function lines_of(rows) {
	const priced = rows.length && "unit_price" in rows[0];
	const heads = [__("Line", null, "Order Review"), __("Vehicle Model"), __("Quantity"), __("Delivery Date", null, "Order Review")];
	const prices = priced ? [__("Price per Vehicle"), __("Review Price"), __("Deviation (%)")] : [];
	const right = (value) => `<div class="text-right">${amount(value)}</div>`;
	const cells = (row) => [esc(row.line_no), esc(row.model), right(row.qty), esc(frappe.datetime.str_to_user(row.delivery_date))];
	const lines = rows.map((row) => [...cells(row), ...(priced ? [right(row.unit_price), right(row.review_price), right(row.deviation_pct)] : [])]);
	return table(__("Lines"), [...heads, ...prices], lines);
}

function specials(rows) {
	const lines = rows.map((row) => [link("Special Option Request", row.request_no), esc(row.name), amount(row.unit_price), esc(row.valid_to), esc(row.lead_days)]);
	return table(__("Special Options"), [__("Request"), __("Name"), __("Price"), __("Valid To"), __("Lead Days")], lines);
}

function options(rows) {
	return table(
		__("Options Other Than Standard"),
		[__("Family", null, "Order Review"), __("Option", null, "Order Review"), __("Code")],
		rows.map((row) => [esc(row.family), esc(row.name), `<code>${esc(row.code)}</code>`])
	);
}

function figures(rows) {
	const lines = rows.map((row) => [esc(row.letter), esc(row.label), `<div class="text-right">${amount(row.amount)}${row.figure === "deviation_pct" ? " %" : ""}</div>`]);
	return table(__("Price per Vehicle"), ["", __("Figure"), __("Amount")], lines);
}

function issues(rows) {
	const lines = rows.map((row) => [
		link("Technical Issue", row.name) + (row.blocking ? ` ${pill(__("Blocks"), "orange")}` : ""),
		esc(row.question),
		esc(row.answer || __(row.status, null, "Technical Issue")),
	]);
	return table(__("Technical Issues and Questions"), [__("Issue"), __("Question", null, "Technical Issue"), __("Answer", null, "Technical Issue")], lines);
}

function opinions(rows) {
	const said = (row) => [row.condition_text, row.acceptable_if, row.note, row.overrule_reason].filter(Boolean).map(esc).join("<br>");
	const short = (text) => `<span class="text-nowrap">${esc(text)}</span>`;
	const lines = rows.map((row) => [
		esc(row.review_round),
		short(row.department_name),
		short(__(row.opinion && row.status === "Answered" ? row.opinion : row.status, null, "Review Task")),
		said(row),
		esc(row.user_text || row.user),
	]);
	return table(__("Opinions of All Departments"), [__("Round"), __("Department"), __("Opinion"), __("Note", null, "Order Review"), __("Answered By")], lines);
}

function conditions(rows) {
	const lines = rows.map((row) => [esc(row.condition_text), esc(row.responsible), esc(row.due_date && frappe.datetime.str_to_user(row.due_date)), esc(row.due_before), esc(row.status)]);
	return table(__("Conditions"), [__("Condition"), __("Responsible", null, "Order Review"), __("Due"), __("To Be Met Before"), __("Status")], lines);
}

function changes(rows) {
	const shown = (value) => (value == null || value === "" ? "–" : esc(typeof value === "string" ? value : JSON.stringify(value)));
	const lines = rows.map((row) => [`${esc(row.label)} ${esc(row.row)}`, shown(row.before), shown(row.after)]);
	return table(__("Changed Since the Last Round"), [__("Field"), __("Before"), __("After")], lines);
}
