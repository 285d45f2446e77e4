// The button that calls the host: one press, no reason; the page shows since when the call waits, and that it was seen to.
import { announce, toast } from "./dom.js";
import { post } from "./http.js";
import { say } from "./texts.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-host-call]");
  if (!button || button.disabled) return;
  const region = button.closest("[data-live]");
  button.disabled = true;
  try {
    await post(button.dataset.hostCall, {});
    announce(say("host.called"));
    if (region) window.htmx.trigger(region, "refresh");
  } catch (fault) {
    button.disabled = false;
    toast(fault.message, "bad");
  }
});
