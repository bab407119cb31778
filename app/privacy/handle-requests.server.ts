import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { forgetOtherProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { removeFromErasedCustomer } from "#app/writeback/remove-from-erased.server.ts";

import { eraseCustomer } from "./erasure/erase-customer.server.ts";
import { eraseLeftovers } from "./erasure/erase-shop.server.ts";
import { hasWorkEnded, haveTasksEnded } from "./erasure/wait-for-work.server.ts";
import { markHandled, type OpenRequest, openRequests } from "./open-requests.server.ts";
import { makeReport } from "./reports/make-report.server.ts";
import { type CustomerRequestTopic, customerTopics } from "./request-body.ts";

/** How long to wait for running work; most of it ends in this time. */
const SETTLE_MS = 20_000;

/** Days for which removing our tags from an erased customer in Shopify is retried. */
const RETRY_DAYS = 3;

/**
 * Handles customers' requests for data and erasure, and erases what an earlier installation left
 * before a new one begins. A request is marked as handled in the transaction that completes it, so
 * this may be stopped and called again; a request that has to wait for running work is enqueued
 * again by `enqueuePrivacyRequests`.
 *
 * Also runs for a shop that has left.
 *
 * @throws AppError when Shopify cannot be used; what is possible without it has been done
 */
export async function runPrivacy(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const failures: AppError[] = [];
  for (const request of await openRequests(shop, customerTopics)) {
    signal?.throwIfAborted();
    try {
      await carryOut(shop, request, signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failures.push(error);
    }
  }
  await eraseLeftoversFirst(shop, signal);
  if (failures[0] !== undefined) throw failures[0];
}

type Request = OpenRequest<CustomerRequestTopic>;

async function carryOut(
  shop: ShopDomain,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (request.resourceId === null) return;
  const about = { ...request, customerId: request.resourceId };
  if (request.topic === "customers/redact") await handleErasure(shop, about, signal);
  else await answer(shop, about);
}

type AboutCustomer = Request & { customerId: string };

async function answer(shop: ShopDomain, request: AboutCustomer): Promise<void> {
  await inTransaction(async (client) => {
    await makeReport(client, shop, request);
    await markHandled(client, shop, [request]);
  });
  log.info({ shop }, "made a report about a customer");
}

/**
 * Erases at once, and again after running work has ended, which may have written what it had read
 * before. The request is handled only when nothing more is found. In between, our tags are removed
 * in Shopify, when no running write can add them again.
 */
async function handleErasure(
  shop: ShopDomain,
  request: AboutCustomer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { customerId, webhookId } = request;
  const about = { customerId, except: webhookId };
  let last = await inTransaction((client) => eraseCustomer(client, shop, about));
  do {
    if (!(await hasWorkEnded(shop, { since: last.since, waitMs: SETTLE_MS, signal }))) {
      log.info({ shop }, "erased a customer; waiting for running work");
      return;
    }
    await removeFromShopify(shop, request, signal);
    last = await inTransaction(async (client) => {
      const again = await eraseCustomer(client, shop, about);
      if (!again.found) await markHandled(client, shop, [request]);
      return again;
    });
  } while (last.found);
  log.info({ shop }, "erased a customer");
}

/**
 * Removes our tags and metafields from the customer in Shopify.
 *
 * @throws AppError when Shopify cannot be used, for RETRY_DAYS: the request stays open. Later the
 * tags are left
 */
async function removeFromShopify(
  shop: ShopDomain,
  { customerId, receivedAt }: AboutCustomer,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const { left } = await removeFromErasedCustomer(shop, customerId, signal);
    for (const { code } of left) log.warn({ shop, code }, "left on an erased customer in Shopify");
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const days = (Date.now() - receivedAt.getTime()) / 86_400_000;
    if (error.retryable && days < RETRY_DAYS) throw error;
    log.warn({ shop, code: error.code }, "left on an erased customer in Shopify");
  }
}

async function eraseLeftoversFirst(
  shop: ShopDomain,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rows } = await pool.query<{ since: Date }>(
    `select installed_at as since from shops
      where shop = $1 and leftovers and uninstalled_at is null`,
    [shop],
  );
  const [row] = rows;
  if (row === undefined) return;
  // A worker stops jobs of the earlier installation within seconds.
  if (!(await haveTasksEnded(shop, { since: row.since, waitMs: SETTLE_MS, signal }))) return;
  await eraseLeftovers(shop, signal);
  await beginInstallation(shop);
}

/** Starts the import, unless the app was removed again meanwhile. */
async function beginInstallation(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update shops set leftovers = false
        where shop = $1 and leftovers and uninstalled_at is null`,
      [shop],
    );
    if (rowCount === 0) return;
    await forgetOtherProgress(shop, "import", client);
    await enqueue("orders.import", { shop }, { client });
  });
}
