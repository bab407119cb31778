import { randomUUID } from "node:crypto";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { readErased } from "#app/orders/customers/erased-customers.server.ts";
import { replaceGroups } from "#app/scoring/store/shopify-groups.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readAllCustomerGroups } from "#app/shopify/resources/customer-groups.server.ts";
import type { CustomerGroups } from "#app/shopify/resources/customer-groups.ts";

/** Shopify computes them anew from time to time; more often would cost much and tell little. */
const EVERY_MS = 7 * 86_400_000;

/**
 * Reads Shopify's own groups of all customers, once a week from the day after the first scoring on,
 * so that nobody waits for it to see their first tiers. When Shopify cannot be used, scoring goes on
 * with those read before, and the next day tries again.
 */
export async function followShopifyGroups(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const [{ groupsReadAt }, runs] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    prisma.scoringRun.count({ where: { shop, reconstructed: false, outcome: "scored" } }),
  ]);
  const readAt = now();
  if (runs === 0 || (groupsReadAt && readAt.getTime() - groupsReadAt.getTime() < EVERY_MS)) return;
  const groups = new Map<string, CustomerGroups>();
  try {
    const search = { intentId: `groups_${randomUUID()}`, signal };
    for await (const batch of readAllCustomerGroups(adminClient(shop), search)) {
      for (const each of batch) groups.set(each.customerId, each);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ shop, code: error.code }, "could not read Shopify's groups of customers");
    return;
  }
  await inTransaction(async (client) => {
    const isErased = await readErased(client, shop);
    await takeLock(client, "scores", shop);
    const held = [...groups.values()].filter(
      ({ customerId, rfmGroup, spendTier }) =>
        (rfmGroup !== null || spendTier !== null) && !isErased(customerId),
    );
    await replaceGroups(client, shop, held);
    await client.query("update shops set groups_read_at = $2 where shop = $1", [shop, readAt]);
    log.info({ shop, customers: held.length }, "read Shopify's groups of customers");
  });
}
