import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import {
  endReconciliationByImport,
  markThrough,
} from "#app/orders/reconcile/reconciliation-runs.server.ts";
import {
  countUnnamed,
  type LoadingImport,
  markDone,
  markFailed,
  markLoading,
  markRunning,
  openImport,
  type OrderImport,
} from "#app/orders/store/order-imports.server.ts";
import {
  beginImportUnits,
  currentUnits,
  unitsOfImport,
} from "#app/orders/store/order-units.server.ts";
import { forgetNotExported } from "#app/orders/store/unreadable-orders.server.ts";
import { setProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { refreshShop } from "#app/shop/install.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { awaitBulkOperation } from "#app/shopify/bulk/await-operation.server.ts";
import type { BulkOperation } from "#app/shopify/bulk/start-operation.server.ts";
import { startOrdersExport } from "#app/shopify/resources/orders.server.ts";

import { type ImportContext, loadLines } from "./load-lines.server.ts";
import { forgetSeen, removeUnseen } from "./seen-orders.server.ts";

/** From this many lines on, the planner's statistics are refreshed. */
const LINES_TO_ANALYZE = 10_000;

/**
 * Imports a shop's whole order history, or resumes where an earlier attempt stopped: each step is
 * recorded before the next begins, so it may be killed at any point. Enqueues scoring at the end.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runImport(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const admin = adminClient(shop);
  await refreshShop(admin);
  let job = await openImport(shop);
  const units = await (job.state === "intended" ? beginImportUnits : unitsOfImport)(shop);
  const context = { admin, units, signal };
  log.info({ shop, import: job.id, state: job.state }, "importing orders");
  if (job.state === "intended") {
    signal?.throwIfAborted();
    await setProgress(shop, "import", { state: "running", done: 0, total: null });
    await start(job, context);
    job = await openImport(shop);
  }
  if (job.state === "intended") throw new Error(`Import ${job.id} did not start`);
  const operation = await awaitExport(job, context);
  if (job.state === "running") {
    await markLoading(job, Number(operation.objectCount));
    job = await openImport(shop);
  }
  if (job.state !== "loading") throw new Error(`Import ${job.id} has nothing to load`);
  const lines = await failingLostExport(job, () => loadLines(job, operation, context));
  await finish(job, lines);
}

async function start(job: OrderImport, { admin, signal }: ImportContext): Promise<void> {
  const started = await startOrdersExport(admin, { intentId: job.id, signal });
  if (started.kind !== "refused") return markRunning(job, started.id);
  const found = started.errors.map((error) => error.message).join("; ");
  await markFailed(job, "shopify-rejected");
  throw new AppError("shopify-rejected", `${job.shop}: the orders export was refused: ${found}`, {
    retryable: false,
  });
}

async function awaitExport(
  job: Exclude<OrderImport, { state: "intended" }>,
  { admin, signal }: ImportContext,
): Promise<BulkOperation> {
  const operation = await failingLostExport(job, () =>
    awaitBulkOperation(admin, job.bulkOperationId, {
      signal,
      onProgress: (done) =>
        setProgress(job.shop, "import", { state: "running", done, total: null }),
    }),
  );
  if (operation.status === "COMPLETED") return operation;
  const denied = operation.errorCode === "ACCESS_DENIED";
  const error = new AppError(
    denied ? "shopify-access-denied" : "shopify-bulk-failed",
    `${job.shop}: the orders export ended as ${operation.status} (${operation.errorCode ?? "-"})`,
    { retryable: !denied },
  );
  await markFailed(job, error.code);
  throw error;
}

/**
 * Marks the import failed when its export is lost or unreadable, so that the next attempt starts a
 * new one.
 */
async function failingLostExport<Result>(
  job: OrderImport,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    const lost = ["shopify-bulk-failed", "shopify-unreadable"];
    if (error instanceof AppError && lost.includes(error.code)) await markFailed(job, error.code);
    throw error;
  }
}

async function finish(job: LoadingImport, lines: number): Promise<void> {
  const { shop } = job;
  const checked = await inTransaction(async (client) => {
    const unnamed = await countUnnamed(client, job);
    // Orders missing from the export are deleted only when it covers all orders (not only the last
    // 60 days) and each line names its order: a line without an id may be any of the missing ones.
    const removes = job.fullHistory && unnamed === 0;
    const removed = removes ? await removeUnseen(client, job) : 0;
    if (removes) await forgetNotExported(client, job);
    await forgetSeen(client, shop);
    const found = { ...(await markDone(client, job)), removed };
    await markThrough(client, shop, job.asOf);
    await enqueue("scoring.run", { shop }, { client });
    // Handles the webhooks that came during the import.
    await enqueue("orders.follow", { shop }, { client });
    log.info({ shop, import: job.id, lines, unnamed, ...found }, "orders imported");
    return endReconciliationByImport(client, shop, found);
  });
  // Applies a change of the shop's units during the import.
  await currentUnits(shop);
  // Otherwise the planner plans the scoring's query for a small table.
  if (lines >= LINES_TO_ANALYZE) await pool.query("analyze orders");
  await setProgress(shop, "import", { state: "done", done: lines, total: lines });
  if (checked) await setProgress(shop, "check", { state: "done", done: lines, total: lines });
}
