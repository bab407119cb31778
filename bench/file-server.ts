// Serves a file over HTTP as Shopify's storage does: with ranges, so that a broken download can resume.
// It serves from memory and in a separate process, because in production the storage takes no CPU of the
// importing machine.
//   node --import tsx bench/file-server.ts FILE
// Prints its port, and ends with its standard input.
import { closeSync, openSync, readSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const PIECE_BYTES = 1 << 20;

const pieces: Buffer[] = [];
const input = openSync(process.argv[2] ?? "", "r");
for (let read = PIECE_BYTES; read === PIECE_BYTES;) {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  read = readSync(input, piece);
  pieces.push(piece.subarray(0, read));
}
closeSync(input);
const size = pieces.reduce((sum, piece) => sum + piece.length, 0);

function* piecesFrom(start: number): Generator<Buffer> {
  for (let at = start; at < size; at += PIECE_BYTES - (at % PIECE_BYTES)) {
    yield pieces[Math.floor(at / PIECE_BYTES)].subarray(at % PIECE_BYTES);
  }
}

const server = createServer((request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.writeHead(from === 0 ? 200 : 206, { "content-length": size - from });
  // The client may disconnect half-way.
  pipeline(Readable.from(piecesFrom(from)), response).catch(() => undefined);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().once("end", () => process.exit(0));
