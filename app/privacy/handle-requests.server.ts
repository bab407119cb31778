import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { forgetOtherProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { log } from "#app/lib/log.server.ts";
import { removeFromErasedCustomer } from "#app/writeback/remove-from-erased.server.ts";

import { eraseCustomer } from "./erasure/erase-customer.server.ts";
import { eraseLeftovers } from "./erasure/erase-shop.server.ts";
import { makeReport } from "./reports/make-report.server.ts";
import { markHandled, openRequests, type OpenRequest } from "./open-requests.server.ts";
import { haveTasksEnded, hasWorkEnded } from "./erasure/wait-for-work.server.ts";
import { customerTopics, type CustomerRequestTopic } from "./request-body.ts";

/** What runs when a customer is erased is mostly done by then; else it is looked at again later. */
const SETTLE_MS = 20_000;

/** Days for which Shopify is asked again to take our tags off an erased customer; then they are left. */
const TAKE_OFF_DAYS = 3;

/**
 * Does what customers ask for, and erases what an earlier installation left before a new one begins.
 * Each request is done in the transaction that marks it, so that this may be stopped and called again;
 * what has to wait for running work is looked at again by `enqueuePrivacyRequests`.
 *
 * Also runs for a shop that has removed the app.
 *
 * @throws AppError when Shopify has to be asked and cannot be: what could be done without is done
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
  if (request.topic === "customers/redact") await redactCustomer(shop, about, signal);
  else await answer(shop, about);
}

type AboutCustomer = Request & { customerId: string };

async function answer(shop: ShopDomain, request: AboutCustomer): Promise<void> {
  await inTransaction(async (client) => {
    await makeReport(client, shop, request);
    await markHandled(client, shop, [request]);
  });
  log.info({ shop }, "wrote down what is held about a customer");
}

/**
 * At once, and again after work that was under way: it may have written what it had read before. Only
 * when nothing more is found is the request done. In between our tags come off in Shopify, when
 * nobody puts them on any more.
 */
async function redactCustomer(
  shop: ShopDomain,
  request: AboutCustomer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { customerId, webhookId } = request;
  const about = { customerId, except: webhookId };
  let last = await inTransaction((client) => eraseCustomer(client, shop, about));
  do {
    if (!(await hasWorkEnded(shop, { since: last.since, waitMs: SETTLE_MS, signal }))) {
      log.info({ shop }, "erased a customer; work that knew them is under way");
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
 * Takes our tags and metafields off the customer in Shopify.
 *
 * @throws AppError when Shopify does not answer, for some days: what is erased here does not depend
 *   on it, but the request is not done
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
    if (error.retryable && days < TAKE_OFF_DAYS) throw error;
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
  // What the earlier installation had under way is stopped by its worker within seconds.
  if (!(await haveTasksEnded(shop, { since: row.since, waitMs: SETTLE_MS, signal }))) return;
  await eraseLeftovers(shop, signal);
  await beginInstallation(shop);
}

/** Nothing is left: the import begins, unless the app was removed again meanwhile. */
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
