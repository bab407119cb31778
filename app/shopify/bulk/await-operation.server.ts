import { setTimeout as sleep } from "node:timers/promises";
import { now } from "#app/lib/clock.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import { BULK_OPERATION, type BulkOperation } from "./start-operation.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { readLineBytes, readLines } from "./download-lines.server.ts";
import { readResultLine, type LineOutcome } from "#app/shopify/api/user-errors.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

const FIRST_LOOK_MS = 500;
const LAST_LOOK_MS = 15_000;
const GROWTH = 1.3;
/** Shopify ends a query after ten days and a mutation after one: what says to go on after that is stuck. */
const LONGEST_MS = 11 * 86_400_000;
/** How often we look whether Shopify has announced the end; that costs no points. */
const ANNOUNCEMENT_MS = 500;

export type AwaitOptions = {
  signal?: AbortSignal;
  /** Told after each look how many objects have been processed. */
  onProgress?: (objects: number) => Promise<void>;
};

/**
 * Waits until a bulk operation has ended, looking less and less often; the webhook that announces
 * the end cuts the wait short.
 *
 * @returns the ended operation, with `url` (null when there was nothing) and `partialDataUrl`
 * @throws AppError shopify-bulk-failed when Shopify no longer knows it, or says for longer than it may
 * run that it runs
 */
export async function awaitBulkOperation(
  admin: AdminApi,
  id: string,
  { signal, onProgress }: AwaitOptions = {},
): Promise<BulkOperation> {
  let interval = FIRST_LOOK_MS;
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
    interval = Math.min(LAST_LOOK_MS, interval * GROWTH);
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
 * @throws AppError shopify-bulk-failed when the operation ended otherwise
 */
export async function* readJsonLines(
  operation: BulkOperation,
  signal?: AbortSignal,
): AsyncGenerator<string[]> {
  const url = resultOf(operation);
  if (url) yield* readLines(url, signal);
}

/** As {@link readJsonLines}, as bytes with newlines between the lines. */
export async function* readJsonBytes(
  operation: BulkOperation,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const url = resultOf(operation);
  if (url) yield* readLineBytes(url, signal);
}

/** Where the result of a query is; nowhere when it found nothing. */
function resultOf({ id, status, errorCode, url }: BulkOperation): string | null | undefined {
  if (status !== "COMPLETED") throw failed(`${id} ended as ${status} (${errorCode ?? "-"})`);
  return url as string | null | undefined;
}

/** More lines of a result than so many, and than this share, are no longer single ones that cannot be read. */
const ODD_LINES = 10;
const ODD_SHARE = 0.01;

/**
 * What came of each line of a bulk mutation, in batches. An operation that did not complete has
 * outcomes of only some lines: those without one may or may not have been done. Nor has a line whose
 * outcome cannot be read.
 *
 * @throws AppError shopify-unreadable when that is so of more than single lines
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
    if (unreadable > Math.max(ODD_LINES, ODD_SHARE * read)) {
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

/** Whether the webhook that announces the end of the bulk operation has come. */
export async function wasAnnounced(shop: ShopDomain, operationId: string): Promise<boolean> {
  const result = await pool.query(
    `select 1 from webhook_inbox
      where shop = $1 and topic = 'bulk_operations/finish' and resource_id = $2 limit 1`,
    [shop, operationId],
  );
  return result.rowCount !== 0;
}
