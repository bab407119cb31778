import { inTransaction } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import { setProgress } from "#app/jobs/progress.server.ts";
import { readJsonLines } from "#app/shopify/bulk.server.ts";
import type { BulkOperation } from "#app/shopify/bulk-start.server.ts";
import type { AdminApi } from "#app/shopify/client.server.ts";
import { currencyDigits } from "#app/shopify/money.ts";
import { parseExportedOrder } from "#app/shopify/orders.ts";
import type { ShopRow } from "#app/shop/install.server.ts";

import { markLoaded, type OrderImport } from "./import-state.server.ts";
import { normaliseOrder, type ShopUnits, type StoredOrder } from "./normalise.ts";
import { shopCalendar } from "./shop-day.ts";
import { storeOrders } from "./store.server.ts";

/** Lines stored in one transaction: large enough for sets to pay, small enough to lose and repeat. */
export const LINES_PER_CHUNK = 5_000;

/** What the steps of an import share. */
export type ImportContext = {
  admin: AdminApi;
  shopRow: ShopRow;
  signal: AbortSignal | undefined;
};

type Loading = Extract<OrderImport, { state: "loading" }>;

/**
 * Stores the lines of the export that are not stored yet, chunk by chunk; each chunk commits
 * together with the count of lines, so that none is lost or loaded twice.
 *
 * @returns the number of lines in the file
 */
export async function loadLines(
  job: Loading,
  operation: BulkOperation,
  { shopRow, signal }: ImportContext,
): Promise<number> {
  const units = {
    dayOf: shopCalendar(shopRow.timeZone),
    digits: currencyDigits(shopRow.currency),
  };
  let line = 0;
  let orders: StoredOrder[] = [];
  for await (const batch of readJsonLines(operation, signal)) {
    for (const text of batch) {
      line += 1;
      if (line <= job.linesLoaded) continue;
      orders.push(readOrder(text, line, units));
      if (orders.length < LINES_PER_CHUNK) continue;
      await storeChunk(job, orders, line);
      signal?.throwIfAborted();
      orders = [];
    }
  }
  if (orders.length > 0) await storeChunk(job, orders, line);
  return line;
}

function readOrder(text: string, line: number, units: ShopUnits): StoredOrder {
  try {
    return normaliseOrder(parseExportedOrder(text), units);
  } catch (cause) {
    // The line itself is not quoted, and a syntax error would: it belongs to a customer.
    throw new AppError("shopify-unreadable", `Line ${line} of the orders export is no order`, {
      retryable: false,
      cause: cause instanceof SyntaxError ? undefined : cause,
    });
  }
}

async function storeChunk(job: Loading, orders: StoredOrder[], line: number): Promise<void> {
  await inTransaction(async (client) => {
    await storeOrders(client, job.shop, { orders, seenAt: job.startedAt });
    await markLoaded(client, job, line);
  });
  await setProgress(job.shop, "import", {
    state: "running",
    done: line,
    total: Math.max(line, job.objectCount),
  });
}
