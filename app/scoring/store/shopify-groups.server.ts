import type pg from "pg";

import { copyInto } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import {
  type CustomerGroups,
  rfmGroups,
  spendTiers,
} from "#app/shopify/resources/customer-groups.ts";

import { eachCustomerLine } from "./customer-lines.server.ts";

/** Places in `rfmGroups` and `spendTiers` by customer index; −1 for none. */
export type ShopifyGroups = { rfm: Int16Array; spend: Int16Array };

/** Replaces the groups of a shop's customers. @param groups of each customer once */
export async function replaceGroups(
  client: pg.PoolClient,
  shop: ShopDomain,
  groups: Iterable<CustomerGroups>,
): Promise<void> {
  await client.query("delete from shopify_groups where shop = $1", [shop]);
  await copyInto(client, "shopify_groups (shop, customer_id, rfm, spend)", linesOf(shop, groups));
}

function* linesOf(shop: ShopDomain, groups: Iterable<CustomerGroups>): Generator<string> {
  for (const { customerId, rfmGroup, spendTier } of groups) {
    const rfm = rfmGroup === null ? "\\N" : String(rfmGroups.indexOf(rfmGroup));
    const spend = spendTier === null ? "\\N" : String(spendTiers.indexOf(spendTier));
    yield `${shop}\t${customerId}\t${rfm}\t${spend}\n`;
  }
}

/**
 * The groups last read; null where there are none.
 *
 * @param customerIds by customer index, ascending as text
 */
export async function readGroups(
  client: pg.PoolClient,
  { shop, customerIds }: { shop: ShopDomain; customerIds: readonly string[] },
): Promise<ShopifyGroups | null> {
  const { rows } = await client.query<{ any: boolean }>(
    "select exists (select from shopify_groups where shop = $1) as any",
    [shop],
  );
  if (rows[0]?.any !== true) return null;
  const none = () => new Int16Array(customerIds.length).fill(-1);
  const groups: ShopifyGroups = { rfm: none(), spend: none() };
  await eachCustomerLine(client, {
    // COPY takes no parameters.
    select: `select customer_id, coalesce(rfm, -1), coalesce(spend, -1) from shopify_groups
              where shop = ${client.escapeLiteral(shop)} order by customer_id collate "C"`,
    customerIds,
    keep: (customer, [, rfm, spend]) => {
      groups.rfm[customer] = Number(rfm);
      groups.spend[customer] = Number(spend);
    },
  });
  return groups;
}
