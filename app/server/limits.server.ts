import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";

import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";

import { NOT_KEPT, protectiveHeaders } from "./headers.ts";

/** Limits on the size and duration of requests. */
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
  /** Bytes of the request line and headers; Shopify's first request has a token in its address. */
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  /** From the first to the last byte, including the body. */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  /**
   * Time without a byte in either direction: longer than the longest wait for Shopify for a page.
   */
  answerTimeout: 180_000,
  /**
   * Longer than the 60 s of most load balancers: a request sent just when we close the connection
   * would get no response.
   */
  keepAliveTimeout: 75_000,
};

/** Most headers of a request, since some libraries take quadratic time. */
const MAX_HEADERS = 100;
/** How long a refused client has to read the response. */
const LINGER_MS = 1_000;

/** The raw body of a request. */
export type Body = Buffer<ArrayBuffer>;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Node's server with limits: requests that are too large, too slow or not HTTP get a status, and
 * the connection is closed. Every response has the protective headers.
 */
export function limitedServer(listener: Listener, within: Limits = limits): Server {
  const answering = new WeakMap<Socket, ServerResponse>();
  const server = createServer(within, (request, response) => {
    answering.set(request.socket, response);
    for (const [name, value] of Object.entries(protectiveHeaders)) response.setHeader(name, value);
    listener(request, response);
  });
  server.timeout = within.answerTimeout;
  server.maxHeadersCount = MAX_HEADERS;
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const answer = answering.get(socket);
    // Within a response that has begun, another one would be read as part of it.
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
 * Sends a status and closes the connection without reading what the client is still sending. Node's
 * own way would read on, or reset the connection before the client has read the response.
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
 * Reads the body of a request.
 *
 * @param atMost bytes
 * @returns null when it is larger; no more of it is read then
 * @throws Error when the client closes the connection first
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
