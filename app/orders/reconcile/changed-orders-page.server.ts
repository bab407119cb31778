import { now } from "#app/lib/clock.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import {
  readChangedOrders,
  type ChangedOrders,
  type ListedOrder,
} from "#app/shopify/resources/orders.server.ts";

import type { ReconciliationRun } from "./reconciliation-runs.server.ts";

/**
 * The page of the list of changed orders that a check has come to.
 *
 * @returns refused when Shopify does not take the place, noted too long ago or too far down, or leads
 * back to it
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
    // Refused from its very beginning, the list is not asked for in the right way.
    if (!refused || position === null) throw error;
    return "refused";
  }
}

/** The newest change on a page. What is to come cannot have been looked at, whatever an order says. */
export function lastChange(listed: readonly ListedOrder[]): Date | null {
  const times = listed.flatMap(({ updatedAt }) =>
    updatedAt === null ? [] : Date.parse(updatedAt),
  );
  const last = times.at(-1);
  return last === undefined ? null : new Date(Math.min(last, now().getTime()));
}
