import { asOfDayAt, isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { readTimeZone } from "#app/shop/shop-row.server.ts";
import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import { countMembers } from "#app/shopify/resources/segments.server.ts";

import {
  emptiesAfterDays,
  queryOf,
  type SegmentForm,
  staleQuery,
  tagsOf,
} from "./segment-query.ts";
import type { Counted, KnownMembers } from "./segment-verdict.ts";
import { criteriaOf, type Target } from "./target.ts";

/** How long Shopify's index may lag behind a write. */
const LAG_START = "now() - interval '1 hour'";

/** @throws AppError when Shopify cannot be used */
export async function countInShopify(
  admin: AdminApi,
  target: Target,
  { form, ...options }: QueryOptions & { form: SegmentForm },
): Promise<Counted> {
  const tagged = await countMembers(admin, queryOf(target, "tag"), options);
  if (form === "tag") return { tagged, members: tagged, stale: 0 };
  const members = await countMembers(admin, queryOf(target, form), options);
  const stale = await countMembers(admin, staleQuery(target, form), options);
  return { tagged, members, stale };
}

/** Our own counts of the customers that a segment of this form should have. */
export async function countHere(
  shop: ShopDomain,
  target: Target,
  form: SegmentForm,
): Promise<KnownMembers> {
  const { clv, buy } = criteriaOf(target);
  const { rows } = await pool.query<KnownMembers>(
    `select (select count(*) from scores where shop = $1
              and ($3::text is null or clv_tier = $3)
              and ($4::text is null or buy_tier = $4))::int as tier,
            count(*) filter (where tags @> $2)::int as tagged,
            count(*) filter (where tags @> $2
              and ($5::text is null or scored_at >= $5))::int as fresh,
            count(*) filter (where (tags @> $2 and written_at > ${LAG_START})
              or doubtful && $2)::int as recent,
            (select count(*) from pending_writes where shop = $1)::int
              + count(*) filter (where written_at > ${LAG_START} or doubtful <> '{}')::int as moving
       from written_states where shop = $1`,
    [shop, tagsOf(target), clv, buy, await freshSince(shop, form)],
  );
  return rows[0] ?? { tier: 0, tagged: 0, fresh: 0, recent: 0, moving: 0 };
}

/** The oldest day of a fresh score in the shop's calendar; null when the form has no limit. */
async function freshSince(shop: ShopDomain, form: SegmentForm): Promise<string | null> {
  const days = emptiesAfterDays(form);
  if (days === null) return null;
  return isoDay(asOfDayAt(now(), await readTimeZone(shop)) - 1 - days);
}
