import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { usualKind } from "./order-rules.ts";
import type { OrderSource } from "./order-sources.ts";

const MOST_CHANNELS = 10;
const MOST_TAGS = 8;

/**
 * The channels of the stored orders, and those of their tags that usually mark wholesale or
 * subscription renewals, most orders first. Reads all orders of the shop.
 */
export async function readOrderSources(shop: ShopDomain): Promise<OrderSource[]> {
  const { rows: channels } = await pool.query<{ name: string; orders: number }>(
    `select channel as name, count(*)::int as orders from orders
      where shop = $1 and channel is not null group by channel order by 2 desc, 1 limit $2`,
    [shop, MOST_CHANNELS],
  );
  // A shop may use as many tags as it has orders: those that no rule could mean stay in the database.
  const { rows: tags } = await pool.query<{ name: string; orders: number }>(
    `select tag as name, count(distinct order_id)::int as orders
       from orders cross join lateral unnest(tags) as tag
      where shop = $1
        and lower(tag) similar to '%(recurring|renewal|subscription|wholesale|b2b|reseller|trade)%'
      group by tag order by 2 desc, 1`,
    [shop],
  );
  const of = (list: "tags" | "channels", found: typeof tags): OrderSource[] =>
    found.map(({ name, orders }) => ({ of: list, name, orders, kind: usualKind(name) }));
  const usualTags = of("tags", tags).filter(({ kind }) => kind !== null);
  return [...usualTags.slice(0, MOST_TAGS), ...of("channels", channels)];
}
