import { setTimeout as sleep } from "node:timers/promises";

import type { Check } from "../check.ts";
import { flood, pour, type Poured, send, trickle } from "../send.ts";
import { ask, type Stage } from "../stage.ts";

const CLIENTS = 10;
const BYTES = 200_000_000;
/** Bytes beyond a limit that buffers on the way may accept; a server that reads the body accepts all. */
const TAKEN_BYTES = 20_000_000;
const MEMORY_BYTES = 100_000_000;
/** The limit while other checks are running; the bench measures it alone. */
const ANSWER_MS = 1_500;
const CUT_OFF_MS = 20_000;

const targets = ["/webhooks/orders", "/webhooks/none", "/app?index", "/healthz", "/assets/none.js"];

const head = (path: string, length: string) =>
  `POST ${path} HTTP/1.1\r\nHost: encore\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
const announced = `Content-Length: ${BYTES}`;
const chunked = "Transfer-Encoding: chunked";

/** Complains if a connection was not closed with that status, in time, with few bytes accepted. */
function unlessCutOff(
  what: string,
  status: number,
  { bytes, text, milliseconds }: Poured,
): string[] {
  const said = text.slice(0, 12);
  const complaints: string[] = [];
  if (text !== "" && !said.startsWith(`HTTP/1.1 ${status}`)) complaints.push(`answered ${said}`);
  if (milliseconds > CUT_OFF_MS)
    complaints.push(`open after ${(milliseconds / 1000).toFixed(0)} s`);
  if (bytes > TAKEN_BYTES) complaints.push(`${(bytes / 1e6).toFixed(0)} MB were taken`);
  return complaints.map((complaint) => `${what}: ${complaint}`);
}

async function slow(stage: Stage): Promise<string[]> {
  const cases = [stage.appUrl, ...stage.operationsUrls].flatMap((url) => [
    { url, what: "a body", bytes: head("/webhooks/orders", "Content-Length: 1000") },
    { url, what: "a chunked body", bytes: `${head("/app?index", chunked)}1000\r\n` },
    { url, what: "headers", bytes: "GET /healthz HTTP/1.1\r\nHost: encore\r\nX-Slow: " },
  ]);
  const found = await Promise.all(
    cases.map(async ({ url, what, bytes }) => {
      const poured = await pour(url, trickle(bytes, 5_000), CUT_OFF_MS + 5_000);
      // The operations port answers at once and closes the connection: it reads no bodies.
      const status = url === stage.appUrl || what === "headers" ? 408 : 405;
      return unlessCutOff(`${what} of one byte every 5 s at ${url}`, status, poured);
    }),
  );
  return found.flat();
}

async function memory(url: string): Promise<number> {
  const { text } = await send(url, "/metrics");
  return Number(/^encore_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

/** Maximum wait of other clients meanwhile. */
async function slowestAnswer(stage: Stage, until: Promise<unknown>): Promise<number> {
  let slowest = 0;
  let over = false;
  void until.then(() => (over = true));
  while (!over) {
    const health = await send(stage.appUrl, "/healthz");
    const page = await ask(stage.own, "/app/progress");
    if (health.status !== 200 || page.status !== 200) return Infinity;
    slowest = Math.max(slowest, health.milliseconds, page.milliseconds);
    await sleep(20);
  }
  return slowest;
}

async function large(stage: Stage): Promise<string[]> {
  const [operations = ""] = stage.operationsUrls;
  const before = await memory(operations);
  const pouring = Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const found: string[] = [];
      for (const path of targets) {
        const framing = client % 2 === 0 ? announced : chunked;
        const bytes = flood(head(path, framing), BYTES, framing === chunked);
        const poured = await pour(stage.appUrl, bytes, CUT_OFF_MS);
        found.push(...unlessCutOff(`200 MB to ${path}, ${framing}`, 413, poured));
      }
      return found;
    }),
  );
  const slowest = await slowestAnswer(stage, pouring);
  const complaints = (await pouring).flat();
  const grown = (await memory(operations)) - before;
  if (slowest > ANSWER_MS) complaints.push(`others waited ${slowest.toFixed(0)} ms`);
  if (grown > MEMORY_BYTES) complaints.push(`memory grew by ${(grown / 1e6).toFixed(0)} MB`);
  return complaints;
}

export const slowBodies: Check = {
  holds: "connections that send one byte every 5 s are closed",
  run: slow,
};

export const bodies: Check[] = [
  {
    holds:
      "ten clients that send 200 MB each are disconnected at once, without delaying others or growing memory",
    run: large,
  },
];
