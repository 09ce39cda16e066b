// The verdict of a review beside the status: an error that is covered by a condition or an approval is no open one.
frappe.provide("order_review.verdict");

const COLOURS = { clear: "green", advice: "orange", error: "red", warning: "orange" };
// Nothing comes into these states with an error that nobody let pass.
const PAST_ERRORS = {
	"Intent Order": ["Valid", "Converted"],
	"Sales Contract": ["Approved for Signing", "Seal Pending", "Signed", "Effective", "In Fulfilment", "Completed"],
};

order_review.verdict.colour = (verdict) => COLOURS[verdict] || "gray";

const covered = (doc) => (doc.__onload && doc.__onload.settled) || {};

// What covers a finding, in words; empty when it is open.
order_review.verdict.covered_by = (doc, code) => covered(doc)[code] || "";

function is_covered(doctype, doc) {
	if (doc.verdict !== "error") return false;
	if ((PAST_ERRORS[doctype] || []).includes(doc.status)) return true;
	const errors = (doc.findings || []).filter((row) => row.severity === "error");
	return errors.length > 0 && errors.every((row) => row.code in covered(doc));
}

// Nothing is clear while the price still waits for its approval; the server says who is told, and when.
const lacks_approval = (doc) => Boolean(doc.__onload && doc.__onload.lacks_approval);

// Word and colour of a document's verdict.
order_review.verdict.shown = function (doctype, doc) {
	if (doc.verdict !== "error" && lacks_approval(doc)) return [__("Price Not Approved"), "orange"];
	if (is_covered(doctype, doc)) return [__("Errors Covered"), "orange"];
	return [__(doc.verdict, null, "Intent Order"), order_review.verdict.colour(doc.verdict)];
};

order_review.verdict.pill = function (doctype, doc) {
	if (!doc.verdict) return "";
	const [word, colour] = order_review.verdict.shown(doctype, doc);
	return `<span class="indicator-pill ${colour}">${word}</span>`;
};

// While it is reviewed, what a department says against it counts more than what the computer found.
function is_objected(doc) {
	return ["Under Opinions", "Consolidating"].includes(doc.status) && Boolean(doc.__onload && doc.__onload.objected);
}

// Status and verdict at the head of a form.
order_review.verdict.show = function (frm) {
	if (frm.is_new() || !frm.doc.verdict) return;
	const [word, colour] = is_objected(frm.doc) ? [__("Objections Stand"), "red"] : order_review.verdict.shown(frm.doctype, frm.doc);
	frm.page.set_indicator(`${__(frm.doc.status, null, frm.doctype)} · ${word}`, colour);
};
