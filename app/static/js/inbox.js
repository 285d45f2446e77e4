// How many messages wait, asked once a minute while the page is looked at; where the inbox itself stands open, it is fetched again.
import { get } from "./http.js";
import { announce } from "./dom.js";
import { say } from "./texts.js";

const EVERY = 60_000;
const bell = document.querySelector("[data-unread]");

async function look() {
  if (document.visibilityState !== "visible") return;
  const answer = await get("/inbox/unread", { quiet: true }).catch(() => null);
  if (!answer || String(answer.unread) === bell.dataset.unread) return;
  const came = answer.unread > Number(bell.dataset.unread);
  bell.dataset.unread = answer.unread;
  const count = bell.querySelector(".count");
  count.textContent = answer.unread > 98 ? "99+" : answer.unread;
  count.hidden = !answer.unread;
  if (came) announce(say("inbox.new", { count: answer.unread }));
  const list = document.querySelector("#inbox");
  if (list) window.htmx.trigger(list, "refresh");
}

if (bell) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
