import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What came back; the status is 0 when the connection ended without an answer. */
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
  /** How long is waited for an answer. */
  withinMs?: number;
};

const NOTHING: Omit<Sent, "milliseconds"> = { status: 0, headers: {}, text: "" };

/** Sends one request on a connection of its own, its path as it is written. */
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

/** What a client saw of a long sending: bytes that went out, and what was said before the end. */
export type Poured = { bytes: number; text: string; milliseconds: number };

/**
 * Writes to a connection for as long as it is taken, and reads what is said.
 *
 * @param pieces each written when the one before was taken
 * @param withinMs when to give up
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

/** A head, and then one byte every so often, without end. */
export async function* trickle(head: string, everyMs: number): AsyncGenerator<Buffer> {
  yield Buffer.from(head, "latin1");
  for (let sent = 0; sent < 100; sent += 1) {
    await sleep(everyMs);
    yield Buffer.from("x");
  }
}

/** A head, and then a body of so many bytes in chunks of 64 kB, as the head says: chunked or not. */
export function* flood(head: string, total: number, chunked: boolean): Generator<Buffer> {
  yield Buffer.from(head, "latin1");
  const part = Buffer.alloc(65_536, "x");
  const framed = Buffer.concat([Buffer.from("10000\r\n"), part, Buffer.from("\r\n")]);
  for (let sent = 0; sent < total; sent += part.length) yield chunked ? framed : part;
}
