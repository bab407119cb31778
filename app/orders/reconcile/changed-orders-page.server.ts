import { now } from "#app/lib/clock.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  type ChangedOrders,
  type ListedOrder,
  readChangedOrders,
} from "#app/shopify/resources/orders.server.ts";

import type { ReconciliationRun } from "./reconciliation-runs.server.ts";

/**
 * The page of the list of changed orders at the run's position.
 *
 * @returns refused when Shopify rejects the cursor (too old or too deep), or returns the same one
 * again
 * @throws AppError when Shopify cannot be used
 */
export async function readChangedPage(
  admin: AdminApi,
  { since, position }: ReconciliationRun,
  signal: AbortSignal | undefined,
): Promise<ChangedOrders | "refused"> {
  try {
    const page = await readChangedOrders(admin, { since, after: position }, signal);
    if (page.unnamed > 0)
      log.warn({ shop: admin.shop, orders: page.unnamed }, "listed without an id");
    return page.next !== null && page.next === position ? "refused" : page;
  } catch (error) {
    const refused = error instanceof AppError && error.code === "shopify-rejected";
    // A refusal of the first page is an error in the query, not in the cursor.
    if (!refused || position === null) throw error;
    return "refused";
  }
}

/** The newest change on a page, at most now: an order may carry a time in the future. */
export function lastChange(listed: readonly ListedOrder[]): Date | null {
  const times = listed.flatMap(({ updatedAt }) =>
    updatedAt === null ? [] : Date.parse(updatedAt),
  );
  const last = times.at(-1);
  return last === undefined ? null : new Date(Math.min(last, now().getTime()));
}
