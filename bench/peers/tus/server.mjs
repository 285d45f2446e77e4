// The stock tus server over its file store: `node server.mjs FOLDER`. Prints its port. It neither hashes nor syncs.
import http from "node:http";
import { Server } from "@tus/server";
import { FileStore } from "@tus/file-store";

const tus = new Server({ path: "/uploads", datastore: new FileStore({ directory: process.argv[2] }) });
const server = http.createServer((asked, answer) => (asked.url.startsWith("/uploads") ? tus.handle(asked, answer) : answer.end("ok")));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
