// Keys of the monitor: they act while its page is shown, outside fields and dialogs.
export const KEYS = [
	["j ↓", () => __("Next row")],
	["k ↑", () => __("Row before")],
	["Enter", () => __("Open", null, "Order Review")],
	["x", () => __("Select")],
	["r", () => __("Receive submitted orders")],
	["a", () => __("Assign to an order administrator")],
	["m", () => __("Remind who holds it")],
	["e", () => __("Escalate")],
	["o", () => __("Overdue only, or all again")],
	["/", () => __("Search")],
	["1 … 8", () => __("Lists")],
	["Esc", () => __("Clear selection and filters")],
	["?", () => __("This help")],
];

const STEPS = {
	j: (board) => board.move(1),
	ArrowDown: (board) => board.move(1),
	k: (board) => board.move(-1),
	ArrowUp: (board) => board.move(-1),
	Enter: (board, event) => board.open(board.current, event.ctrlKey || event.metaKey),
	x: (board) => board.toggle(),
	r: (board) => board.receive(),
	a: (board) => board.assign(),
	m: (board) => board.remind(),
	e: (board) => board.remind(true),
	o: (board) => board.filter({ due: board.filters.due === "overdue" ? "" : "overdue" }),
	"/": () => document.querySelector(".orw-search").focus(),
	"?": (board) => (board.help = !board.help),
	Escape: (board) => leave(board),
};

// Listens until the function it gives is called.
export function listen(board) {
	const heard = (event) => press(board, event);
	document.addEventListener("keydown", heard, true);
	return () => document.removeEventListener("keydown", heard, true);
}

function press(board, event) {
	if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== "Enter")) return;
	if (document.querySelector(".modal.show") || is_elsewhere(event)) return;
	const tab = Number(event.key);
	const tabs = ["mine", "all", ...board.choices.panes.map((pane) => pane.key)];
	const step = tab >= 1 && tab <= tabs.length ? () => board.open_tab(tabs[tab - 1]) : STEPS[event.key];
	if (!step) return;
	event.preventDefault();
	event.stopPropagation();
	step(board, event);
}

// In a field keys are letters; on a button or link Enter is the button's own.
function is_elsewhere({ target, key }) {
	if (target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName)) {
		if (key !== "Escape") return !(target.type === "checkbox" && key !== " ");
		target.blur();
		return false;
	}
	return key === "Enter" && ["BUTTON", "A"].includes(target.tagName);
}

function leave(board) {
	if (board.help) board.help = false;
	else if (board.selected.size) board.selected.clear();
	else if (board.is_filtered) board.clear_filters();
}
