// The review of an intent order, drawn from the data of order_review.api.review.get_panel.
frappe.provide("order_review");

const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));
const amount = (value) =>
	value == null ? "–" : esc(Number(value).toLocaleString("en-US", { maximumFractionDigits: 2 }));
const signed = (value) => (value > 0 ? "+" : "") + amount(value);

// doc: the order as its form has it, for what covers its errors.
order_review.show_panel = function (wrapper, name, note, doc = {}) {
	return frappe.xcall("order_review.api.review.get_panel", { name }).then((panel) => {
		$(wrapper).html(panel ? draw(panel, note, doc) : empty());
	});
};

function empty() {
	return `<p class="text-muted">${__("The review follows when the order is saved.")}</p>`;
}

function draw(panel, note, doc) {
	return `<div class="or-panel">
		${note ? `<p class="or-note">${esc(note)}</p>` : ""}
		${head(panel, doc)}
		<div class="or-columns">
			<div>${findings(panel, doc)}${conflict(panel)}${repairs(panel)}${choices(panel)}</div>
			<div>${price_box(panel)}${policies(panel)}</div>
		</div>
		${production(panel)}
	</div>`;
}

function pill(text, colour) {
	return `<span class="indicator-pill ${colour}">${esc(text)}</span>`;
}

function head(panel, doc) {
	const own = doc.verdict && doc.verdict === panel.verdict && order_review.verdict.shown("Intent Order", doc);
	const [word, colour] = own || [panel.verdict_label, order_review.verdict.colour(panel.verdict)];
	const parts = [pill(word, colour)];
	if (panel.approval) {
		parts.push(`${__("Approval Level")} <b>${esc(panel.approval.level)}</b> ${esc(panel.approval.name)}`);
	}
	parts.push(`${__("Earliest Delivery")} <b>${esc(frappe.datetime.str_to_user(panel.earliest_delivery))}</b>`);
	return `<div class="or-head">${parts.map((part) => `<span>${part}</span>`).join("")}</div>`;
}

function findings(panel, doc) {
	const title = `<h5>${__("Findings")}</h5>`;
	if (!panel.departments.length) {
		return `${title}<p class="text-muted">${__("Nothing was found.")}</p>`;
	}
	const groups = panel.departments.map(
		(group) => `<div class="or-group"><h6>${esc(group.name)}</h6>${group.findings.map((found) => finding(found, doc)).join("")}</div>`
	);
	return title + groups.join("");
}

function finding(found, doc) {
	const cover = order_review.verdict.covered_by(doc, found.code);
	const options = found.options
		.map((option) => `<li>${esc(option.family)}: ${esc(option.name)} <code>${esc(option.code)}</code></li>`)
		.join("");
	const blocks = found.blocks ? ` · ${__("blocks sending to opinions")}` : "";
	return `<div class="or-finding or-${esc(found.severity)}">
		<div>${pill(found.severity_label, cover ? "orange" : order_review.verdict.colour(found.severity))} <b>${esc(found.message)}</b></div>
		<div class="text-muted small">${esc(found.title)} ${found.ref ? `<code>${esc(found.ref)}</code>` : ""}${blocks}</div>
		${cover ? `<div>✓ ${esc(cover)}</div>` : ""}
		${options ? `<ul>${options}</ul>` : ""}
	</div>`;
}

function conflict(panel) {
	if (!panel.conflict.length) return "";
	const parts = panel.conflict
		.map((part) => `<li>${esc(part.name)} <code>${esc(part.code)}</code></li>`)
		.join("");
	return `<h5>${__("Smallest Conflict")}</h5>
		<p class="text-muted small">${__("These cannot stand together; without any one of them the rest can.")}</p><ul>${parts}</ul>`;
}

function repairs(panel) {
	if (!panel.repairs.length) return "";
	const rows = panel.repairs.map((repair) => {
		const changes = repair.changes.map((change) => `${esc(change.family)}: ${arrow(change)}`).join("<br>");
		return `<tr><td>${changes}</td><td class="text-right">${signed(repair.price_delta)}</td>
			<td class="text-right">${signed(repair.lead_delta)}</td></tr>`;
	});
	return `<h5>${__("Proposed Repairs")}</h5><table class="table table-bordered or-table"><thead><tr><th>${__("Change")}</th>
		<th class="text-right">${__("Price")}</th><th class="text-right">${__("Days")}</th></tr></thead>
		<tbody>${rows.join("")}</tbody></table>`;
}

function arrow(change) {
	const side = (option) => (option ? `${esc(option.name)} <code>${esc(option.code)}</code>` : "–");
	return `${side(change.from)} → ${side(change.to)}`;
}

function choices(panel) {
	const rows = panel.special_choices.map(
		(option) => `<tr><td>${esc(option.family)}</td><td>${esc(option.name)}</td><td><code>${esc(option.code)}</code></td></tr>`
	);
	const rest = panel.option_count - rows.length;
	const table = rows.length ? `<table class="table table-bordered or-table"><tbody>${rows.join("")}</tbody></table>` : "";
	return `<h5>${__("Options Other Than Standard")}</h5>${table}
		<p class="text-muted small">${__("{0} further options are standard.", [rest])}</p>`;
}

function price_box(panel) {
	if (!panel.figures.length) {
		return `<h5>${__("Price per Vehicle")}</h5><p class="text-muted">${__("No price can be told.")}</p>`;
	}
	return `<h5>${__("Price per Vehicle")}</h5><table class="table table-bordered or-table or-price"><tbody>
		${panel.figures.map(figure).join("")}</tbody></table>`;
}

function figure(row) {
	const percent = row.figure === "deviation_pct";
	const steps = row.steps
		.map(
			(step) => `<tr><td>${esc(step.name || step.ref)} ${step.name ? `<code>${esc(step.ref)}</code>` : ""}
				<div class="text-muted">${esc(step.detail)}</div></td><td class="text-right">${amount(step.amount)}</td></tr>`
		)
		.join("");
	const label = steps
		? `<details><summary>${esc(row.label)}</summary><table class="or-steps">${steps}</table></details>`
		: esc(row.label);
	const strong = ["configured_list", "review_price", "negotiated"].includes(row.figure) ? " class='or-strong'" : "";
	return `<tr${strong}><td class="or-letter">${esc(row.letter)}</td><td>${label}</td>
		<td class="text-right">${percent ? signed(row.amount) + " %" : amount(row.amount)}</td></tr>`;
}

const POLICY_COLOURS = { counts: "green", not_claimed: "blue", shadowed: "orange" };

function policies(panel) {
	if (!panel.policies.length) return "";
	const rows = panel.policies.map(
		(policy) => `<tr><td>${esc(policy.name)} <code>${esc(policy.code)}</code>
			<div class="text-muted">${esc(policy.why)}</div></td>
			<td>${pill(policy.state_label, POLICY_COLOURS[policy.state] || "gray")}</td>
			<td class="text-right">${policy.amount == null ? "" : amount(policy.amount)}</td></tr>`
	);
	return `<details class="or-policies"><summary><b>${__("Why This Discount, Why Not That")}</b></summary>
		<table class="table table-bordered or-table"><tbody>${rows.join("")}</tbody></table></details>`;
}

function production(panel) {
	if (!panel.production) return "";
	const { lines, gaps, doubles } = panel.production;
	const rows = lines.map(
		(line) => `<tr><td>${esc(line.slot_name)}</td><td><code>${esc(line.assembly)}</code></td>
			<td class="text-right">${amount(line.qty)}</td><td>${esc(line.options.join(", "))}</td></tr>`
	);
	const faults = [
		gaps.length ? `${__("Slots without assembly")}: ${esc(gaps.join(", "))}` : "",
		doubles.length ? `${__("Slots filled twice")}: ${esc(doubles.map((d) => d.slot || d).join(", "))}` : "",
	].filter(Boolean);
	return `<details class="or-production"><summary><b>${__("Production Configuration")}</b>
		${__("{0} assemblies", [lines.length])} ${faults.length ? pill(faults.join(" · "), "red") : ""}</summary>
		<table class="table table-bordered or-table"><thead><tr><th>${__("Slot")}</th><th>${__("Assembly")}</th>
		<th class="text-right">${__("Quantity")}</th><th>${__("From Options")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></details>`;
}
