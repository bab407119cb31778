import { setTimeout as sleep } from "node:timers/promises";

import { env } from "#app/lib/env.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { LineSplitter, textLines } from "#app/lib/line-splitter.ts";
import { Deadline } from "#app/shopify/api/deadline.ts";
import { type Failure, parseRetryAfter, retryDelay } from "#app/shopify/api/retry.ts";
import { shopifyFetch } from "#app/shopify/fetch.server.ts";

/** Like {@link readLineBytes}, as texts. */
export async function* readLines(url: string, signal?: AbortSignal): AsyncGenerator<string[]> {
  for await (const bytes of readLineBytes(url, signal)) yield textLines(bytes);
}

/**
 * Streams the whole lines of a result file, with newlines between them, as they arrive. It holds
 * one batch and one unfinished line in memory. A download that breaks or stalls is resumed.
 *
 * @throws AppError shopify-unreachable when it keeps breaking, shopify-bulk-failed when the file is
 * gone, shopify-unreadable when a line is too long
 */
export async function* readLineBytes(url: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const splitter = new LineSplitter();
  for (let attempt = 1; ; attempt += 1) {
    const before = splitter.finishedBytes;
    try {
      for await (const chunk of download(url, before, signal)) {
        yield* splitter.pushBytes(chunk);
      }
      const last = splitter.endBytes();
      if (last.length > 0) yield last;
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RangeError) throw unreadable(error.message, error);
      if (!(error instanceof BrokenDownload)) throw error;
      splitter.forgetRest();
      // Attempts count from the last progress.
      if (splitter.finishedBytes > before) attempt = 1;
      const wait = retryDelay(error.failure, attempt, Math.random());
      if (wait === null) throw unreachable(error);
      await sleep(wait, undefined, { signal });
    }
  }
}

class BrokenDownload extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super("The download of a result file broke", { cause });
    this.failure = failure;
  }
}

async function* download(
  url: string,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const deadline = new Deadline(env.ADMIN_API_TIMEOUT_MS, signal);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    const response = await open(url, from, deadline);
    // A server that ignores the range sends the file from its beginning.
    let skip = response.status === 206 ? 0 : from;
    reader = response.body?.getReader();
    for (;;) {
      const chunk = await nextChunk(reader, deadline);
      if (chunk === undefined) return;
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
  } finally {
    deadline.end();
    // Not awaited: a stuck connection may never end.
    reader?.cancel().catch(() => undefined);
  }
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  deadline: Deadline,
): Promise<Uint8Array | undefined> {
  if (reader === undefined) return undefined;
  try {
    return (await deadline.wait(reader.read())).value;
  } catch (error) {
    throw new BrokenDownload({ kind: "network" }, error);
  }
}

async function open(url: string, from: number, deadline: Deadline): Promise<Response> {
  const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
  let response: Response;
  try {
    response = await deadline.wait(shopifyFetch(url, { headers, signal: deadline.signal }));
  } catch (error) {
    throw new BrokenDownload({ kind: "network" }, error);
  }
  if (response.ok) return response;
  response.body?.cancel().catch(() => undefined);
  // The range starts at the end of the file: everything has been read.
  if (response.status === 416) return new Response(null, { status: 200 });
  if (response.status === 429 || response.status >= 500) {
    const retryAfterMs = parseRetryAfter(response.headers.get("Retry-After"), Date.now());
    throw new BrokenDownload({ kind: "server", retryAfterMs }, undefined);
  }
  // Shopify keeps files for seven days; the operation has to be run again.
  throw new AppError("shopify-bulk-failed", `A result file is gone: HTTP ${response.status}`, {
    retryable: true,
  });
}

function unreadable(found: string, cause: unknown): AppError {
  return new AppError("shopify-unreadable", `A result file cannot be read: ${found}`, {
    retryable: false,
    cause,
  });
}

function unreachable(cause: unknown): AppError {
  return new AppError("shopify-unreachable", "A result file could not be downloaded", {
    retryable: true,
    cause,
  });
}
