// The stock socket.io server with one room: `node server.mjs`. Prints its port. `join` enters, `say` tells the room numbers in turn.
import http from "node:http";
import { Server } from "socket.io";

const PAD = "x".repeat(250);
const server = http.createServer((_asked, answer) => answer.end("ok"));
const hall = new Server(server, { serveClient: false, pingInterval: 25_000, pingTimeout: 60_000 }).of("/opening");
let last = 0;
hall.on("connection", (socket) => {
  socket.on("join", (_case, answer) => { socket.join("T2026-000001|public"); answer({ ok: true, seq: last }); });
  socket.on("say", (first, count) => {
    for (last = first; last < first + count; last++) {
      hall.to("T2026-000001|public").emit("entry", { seq: last, kind: "bench", at: new Date().toISOString(), data: { pad: PAD } });
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
