// A member sits down: the workstation's device and the member's own key both sign, at the workstation that was drawn.
import { signAct, showFault } from "./sign.js";
import { signAsStation, stationDevice } from "./station-device.js";
import { serverNow } from "./clock.js";
import { say } from "./texts.js";

class NotHere extends Error {
  constructor() { super(say("seat.no_device")); this.code = "seat.no_device"; }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-check-in]");
  if (!button || button.disabled) return;
  button.disabled = true;
  const { case: caseId, lot, no, seatCode, site, station } = button.dataset;
  try {
    const device = await stationDevice();
    if (!device) throw new NotHere();
    const at = new Date(serverNow() ?? Date.now()).toISOString();
    const said = { type: "seat.check_in", case: caseId, lot, no: Number(no), seat: seatCode, station, at };
    const body = { no: Number(no), seat: seatCode, site, station, key_id: device.keyId, at, proof: await signAsStation(device, said) };
    const title = button.textContent.trim();
    const viewText = say("seat.check_in", { seat: seatCode, site, station });
    const answer = await signAct({ type: "seat.check_in", case: caseId, lot, round: 0, url: button.dataset.checkIn, body, title, viewText, role: "expert" });
    if (answer !== null) location.reload();
    else button.disabled = false;
  } catch (fault) {
    showFault(button, fault);
    button.disabled = false;
  }
});
