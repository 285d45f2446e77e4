// Reads what the offline sealer leaves: `sealed.json` with the statements and boxes, and one `.age` file per envelope, each checked by its digest.
import { run } from "./seal-job.js";
import { Unfit } from "./zip.js";

const FORMAT = "gongheng/sealed/v1";

/** `{env: {body, bidder_box, share_boxes, blob}}`; throws Unfit naming what is wrong. */
export async function readSealedSet(files, place) {
  const note = files.find((file) => file.name === "sealed.json");
  if (!note) throw new Unfit("seal.set_missing", { name: "sealed.json" });
  const set = await note.text().then(JSON.parse).catch(() => null);
  if (set?.format !== FORMAT) throw new Unfit("seal.set_format");
  const fits = set.case === place.case && set.lot === place.lot && set.bidder === place.bidder && set.ver === place.ver && set.purpose === place.purpose;
  if (!fits) throw new Unfit("seal.set_other", { ver: place.ver });
  const found = {};
  for (const env of place.envs) {
    const body = set.statements.find((statement) => statement.type === "seal" && statement.body.env === env)?.body;
    const blob = files.find((file) => file.name === set.files[env]);
    if (!body || !blob) throw new Unfit("seal.set_missing", { name: set.files?.[env] ?? `${env}.age` });
    const { ct_sha256: digest, ct_size: length } = await run("digest", { file: blob });
    if (digest !== body.ct_sha256 || length !== body.ct_size) throw new Unfit("seal.set_digest", { name: blob.name });
    const boxes = set.boxes[env];
    found[env] = { body, bidder_box: boxes.bidder, share_boxes: body.shares.map(({ role }) => ({ role, box: boxes.shares[role] })), blob, target: "" };
  }
  return found;
}
