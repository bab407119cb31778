import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";

import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";

import { NOT_KEPT, protectiveHeaders } from "./headers.ts";

/** How much of a request is taken, and how long it may take to arrive. */
export type Limits = { answerTimeout: number } & Required<
  Pick<
    ServerOptions,
    | "maxHeaderSize"
    | "headersTimeout"
    | "requestTimeout"
    | "connectionsCheckingInterval"
    | "keepAliveTimeout"
  >
>;

export const limits: Limits = {
  /** Bytes of the first line and the headers; Shopify's first request carries a token in its address. */
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  /** From the first byte to the last, the body included. */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  /** Without a byte in either direction: longer than the longest wait for Shopify while a page is made. */
  answerTimeout: 180_000,
  /**
   * How long an idle connection is kept: longer than by load balancers, most of which keep theirs for
   * 60 s. Whoever sends at the moment at which we close one is never answered.
   */
  keepAliveTimeout: 75_000,
};

/** Of headers; more are not let through: there are libraries that compare each with each. */
const MOST_HEADERS = 100;
/** How long a client that is hung up on has to read why. */
const LINGER_MS = 1_000;

/** A request's body, as it came. */
export type Body = Buffer<ArrayBuffer>;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Node's server with limits: what is too large, too slow or not HTTP is answered with a status and
 * hung up on. Every answer has the protective headers.
 */
export function limitedServer(listener: Listener, within: Limits = limits): Server {
  const answering = new WeakMap<Socket, ServerResponse>();
  const server = createServer(within, (request, response) => {
    answering.set(request.socket, response);
    for (const [name, value] of Object.entries(protectiveHeaders)) response.setHeader(name, value);
    listener(request, response);
  });
  server.timeout = within.answerTimeout;
  server.maxHeadersCount = MOST_HEADERS;
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = answering.get(socket);
    // In the middle of an answer a second one would be taken for a part of it.
    const begun = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (error.code === "ECONNRESET" || begun) socket.destroy();
    else hangUp(socket, statusOf(error.code));
  });
  return server;
}

function statusOf(code: string | undefined): number {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  return code === "HPE_CHUNK_EXTENSIONS_OVERFLOW" ? 413 : 400;
}

/**
 * Answers with a status alone and hangs up, whatever the client is still sending: of that nothing more
 * is read. Node's own end of an answer would read on, or break the connection before the client has
 * seen the answer.
 */
export function hangUp(socket: Socket, status: number): void {
  metrics.httpHungUp.inc({ status: String(status) });
  log.debug({ status }, "hung up");
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const headers = { ...protectiveHeaders, "Cache-Control": NOT_KEPT, "Content-Length": 0 };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}Connection: close\r\n\r\n`,
  );
  socket.pause();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/**
 * The body of a request, read as it comes.
 *
 * @param atMost bytes
 * @returns null when there are more: what came until then is forgotten, and no more is read
 * @throws Error when the client ends the connection first
 */
export async function readBody(request: IncomingMessage, atMost: number): Promise<Body | null> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (Number(length ?? 0) > atMost) return null;
  if (encoding === undefined && Number(length ?? 0) === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > atMost) return null;
    chunks.push(part);
  }
  return Buffer.concat(chunks, bytes);
}
