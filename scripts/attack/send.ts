import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The response; status 0 when the connection ended without one. */
export type Sent = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  milliseconds: number;
};

export type Sending = {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Timeout of the response. */
  withinMs?: number;
};

const NOTHING: Omit<Sent, "milliseconds"> = { status: 0, headers: {}, text: "" };

/** Sends one request on a separate connection, with the exact given path. */
export function send(url: string, path: string, sending: Sending = {}): Promise<Sent> {
  const { method = "GET", headers = {}, body, withinMs = 20_000 } = sending;
  const started = performance.now();
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const end = (answer: Omit<Sent, "milliseconds">) => {
      resolve({ ...answer, milliseconds: performance.now() - started });
    };
    const asking = request({ hostname, port, path, method, headers, agent: false });
    asking.setTimeout(withinMs, () => asking.destroy());
    asking.on("error", () => end(NOTHING));
    asking.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => end(NOTHING));
      response.on("end", () => {
        const { statusCode: status = 0, headers: given } = response;
        end({ status, headers: given, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    asking.end(body);
  });
}

/** A client's view of a long request: bytes sent, and the text received before the end. */
export type Poured = { bytes: number; text: string; milliseconds: number };

/**
 * Writes to a connection as long as the server accepts it, and reads the response.
 *
 * @param pieces each written when the previous one was accepted
 * @param withinMs timeout
 */
export async function pour(
  url: string,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  withinMs: number,
): Promise<Poured> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  const socket = connect({ host: hostname, port: Number(port) });
  const ended = new Promise<number>((resolve) => {
    socket.once("close", () => resolve(performance.now() - started));
  });
  const giveUp = setTimeout(() => socket.destroy(), withinMs);
  let text = "";
  let bytes = 0;
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  for await (const piece of pieces) {
    if (socket.destroyed || text !== "") break;
    bytes += piece.length;
    if (socket.write(piece)) continue;
    await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), ended]);
  }
  const milliseconds = await ended;
  clearTimeout(giveUp);
  return { bytes, text, milliseconds };
}

/** A request head, then one byte at intervals, without end. */
export async function* trickle(head: string, everyMs: number): AsyncGenerator<Buffer> {
  yield Buffer.from(head, "latin1");
  for (let sent = 0; sent < 100; sent += 1) {
    await sleep(everyMs);
    yield Buffer.from("x");
  }
}

/** A request head, then a body of the given size in pieces of 64 kB, chunked if the head says so. */
export function* flood(head: string, total: number, chunked: boolean): Generator<Buffer> {
  yield Buffer.from(head, "latin1");
  const part = Buffer.alloc(65_536, "x");
  const framed = Buffer.concat([Buffer.from("10000\r\n"), part, Buffer.from("\r\n")]);
  for (let sent = 0; sent < total; sent += part.length) yield chunked ? framed : part;
}
