import { setTimeout as sleep } from "node:timers/promises";

import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { type LineOutcome, readResultLine } from "#app/shopify/api/user-errors.ts";

import { readLineBytes, readLines } from "./download-lines.server.ts";
import { BULK_OPERATION, type BulkOperation } from "./start-operation.server.ts";

const FIRST_POLL_MS = 500;
const LAST_POLL_MS = 15_000;
const GROWTH = 1.3;
/**
 * Shopify ends queries after ten days and mutations after one; an operation that runs longer is
 * stuck.
 */
const LONGEST_MS = 11 * 86_400_000;
/** How often the inbox is checked for the webhook about the end, which costs no points. */
const ANNOUNCEMENT_MS = 500;

export type AwaitOptions = {
  signal?: AbortSignal;
  /** Called after each poll with the number of objects processed. */
  onProgress?: (objects: number) => Promise<void>;
};

/**
 * Polls a bulk operation until it has ended, at growing intervals; the webhook about its end cuts
 * an interval short.
 *
 * @returns the ended operation, with `url` (null without results) and `partialDataUrl`
 * @throws AppError shopify-bulk-failed when Shopify no longer knows it, or when it runs longer than
 * it may
 */
export async function awaitBulkOperation(
  admin: AdminApi,
  id: string,
  { signal, onProgress }: AwaitOptions = {},
): Promise<BulkOperation> {
  let interval = FIRST_POLL_MS;
  for (;;) {
    const { bulkOperation } = await admin.query(BULK_OPERATION, { id }, { signal });
    if (bulkOperation === null || bulkOperation === undefined) {
      throw failed(`Shopify does not know ${id}`);
    }
    if (hasEnded(bulkOperation)) return bulkOperation;
    if (now().getTime() - Date.parse(String(bulkOperation.createdAt)) > LONGEST_MS) {
      throw failed(`${id} is still ${bulkOperation.status} after 11 days`);
    }
    await onProgress?.(Number(bulkOperation.objectCount));
    await waitForEnd(admin, id, { interval, signal });
    interval = Math.min(LAST_POLL_MS, interval * GROWTH);
  }
}

function hasEnded(operation: BulkOperation): boolean {
  return ["COMPLETED", "FAILED", "CANCELED", "EXPIRED"].includes(operation.status);
}

async function waitForEnd(
  admin: AdminApi,
  id: string,
  { interval, signal }: { interval: number; signal: AbortSignal | undefined },
): Promise<void> {
  const until = Date.now() + interval;
  for (let left = interval; left > 0; left = until - Date.now()) {
    await sleep(Math.min(ANNOUNCEMENT_MS, left), undefined, { signal });
    if (await wasAnnounced(admin.shop, id)) return;
  }
}

/**
 * The lines of a completed query, in batches.
 *
 * @throws AppError shopify-bulk-failed when the operation did not complete
 */
export async function* readJsonLines(
  operation: BulkOperation,
  signal?: AbortSignal,
): AsyncGenerator<string[]> {
  const url = resultUrl(operation);
  if (url) yield* readLines(url, signal);
}

/** Like {@link readJsonLines}, as bytes with newlines between the lines. */
export async function* readJsonBytes(
  operation: BulkOperation,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const url = resultUrl(operation);
  if (url) yield* readLineBytes(url, signal);
}

/** @returns null or undefined when the query found nothing */
function resultUrl({ id, status, errorCode, url }: BulkOperation): string | null | undefined {
  if (status !== "COMPLETED") throw failed(`${id} ended as ${status} (${errorCode ?? "-"})`);
  return url as string | null | undefined;
}

/** Tolerated unreadable lines of a result: the larger of this number and this share. */
const TOLERATED_LINES = 10;
const TOLERATED_SHARE = 0.01;

/**
 * The outcomes of the lines of a bulk mutation, in batches. An operation that did not complete has
 * outcomes for some lines only; a line without an outcome, or with an unreadable one, may or may
 * not have been carried out.
 *
 * @throws AppError shopify-unreadable when too many lines are unreadable
 */
export async function* readBulkResult(
  operation: BulkOperation,
  signal?: AbortSignal,
): AsyncGenerator<LineOutcome[]> {
  const url = operation.url ?? operation.partialDataUrl;
  if (!url) return;
  let read = 0;
  let unreadable = 0;
  for await (const lines of readLines(url, signal)) {
    const outcomes = lines.flatMap((line) => readResultLine(line) ?? []);
    read += lines.length;
    unreadable += lines.length - outcomes.length;
    if (unreadable > Math.max(TOLERATED_LINES, TOLERATED_SHARE * read)) {
      const found = `${unreadable} of ${read} lines of the result of ${operation.id}`;
      throw new AppError("shopify-unreadable", `${found} cannot be read`, { retryable: false });
    }
    yield outcomes;
  }
  if (unreadable > 0)
    log.warn({ operation: operation.id, unreadable }, "result lines cannot be read");
}

function failed(found: string): AppError {
  return new AppError("shopify-bulk-failed", `A bulk operation gave no result: ${found}`, {
    retryable: true,
  });
}

/** Whether the webhook about the end of the bulk operation has arrived. */
export async function wasAnnounced(shop: ShopDomain, operationId: string): Promise<boolean> {
  const result = await pool.query(
    `select 1 from webhook_inbox
      where shop = $1 and topic = 'bulk_operations/finish' and resource_id = $2 limit 1`,
    [shop, operationId],
  );
  return result.rowCount !== 0;
}
