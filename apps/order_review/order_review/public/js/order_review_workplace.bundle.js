// The review monitor of the Workplace.
import { createApp } from "vue";
import Monitor from "./workplace/Monitor.vue";
import { open_board } from "./workplace/board";
import { listen } from "./workplace/keys";

window.order_review = window.order_review || {};

const SECONDS_BETWEEN_LOOKS = 60;

// Shows the monitor on a page of the Desk; gives show (with filters asked for by the way here) and rest.
order_review.mount_monitor = function (page) {
	const board = open_board();
	const app = createApp(Monitor, { board });
	app.config.globalProperties.__ = window.__;
	app.mount(page.main.get(0));
	page.set_secondary_action(__("Refresh"), () => board.refresh(), "refresh");
	page.add_inner_button(__("Keyboard"), () => (board.help = true));
	let timer = null;
	let stop_listening = () => {};
	return {
		board,
		show(asked) {
			this.rest();
			asked ? board.ask(asked) : board.refresh();
			timer = setInterval(() => document.hidden || board.busy || board.refresh(), SECONDS_BETWEEN_LOOKS * 1000);
			stop_listening = listen(board);
		},
		rest() {
			clearInterval(timer);
			stop_listening();
		},
	};
};
