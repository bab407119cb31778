import { inTransaction, pool } from "#app/lib/db.server.ts";
import { type ShopDomain, toGid } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { holdAgreement } from "#app/shop/writing-agreement.server.ts";
import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import {
  readSegment,
  type Segment,
  updateSegment,
} from "#app/shopify/resources/segments.server.ts";

import { countHere, countInShopify } from "./segment-counts.server.ts";
import {
  emptiesAfterDays,
  formOf,
  formsAfter,
  queryOf,
  type SegmentForm,
} from "./segment-query.ts";
import { judge, type Verdict } from "./segment-verdict.ts";
import { type Target, targetKey } from "./target.ts";

/** Delay after the first inconclusive check; it doubles each time. */
const FIRST_WAIT_SECONDS = 300;
const LONGEST_WAIT_SECONDS = 86_400;
/** Checks are repeated even after a right result, since Shopify's query language may change. */
const RIGHT_FOR_SECONDS = 7 * 86_400;

/** `blocked`: `scored_at` cannot be written, since the merchant uses its key with another type. */
type Row = { segment_id: string | null; ours: boolean; blocked: boolean };

/**
 * Compares the members of a target's segment in Shopify with the expected ones. If the query is
 * refused or misread, the segment gets the next form, down to the tag alone. The verdict is stored
 * with the time of the next check. May be stopped at any point.
 *
 * @returns the segment's query; null when there is no segment of ours to check
 * @throws AppError when Shopify cannot be used
 */
export async function checkSegment(
  admin: AdminApi,
  target: Target,
  options: QueryOptions = {},
): Promise<string | null> {
  const { shop } = admin;
  const { rows } = await pool.query<Row>(
    `select t.segment_id, t.ours, 'scored_at' = any(s.blocked_metafields) as blocked
       from target_segments t join shops s on s.shop = t.shop
      where t.shop = $1 and t.target_key = $2`,
    [shop, targetKey(target)],
  );
  const row = rows[0];
  const id = row?.segment_id;
  let segment = id ? await readSegment(admin, toGid("Segment", id), options) : null;
  let form = segment && formOf(target, segment.query);
  while (segment && form) {
    const found = await compare(admin, target, { ...options, form });
    const wrong = found.verdict === "misread" || (row?.blocked === true && form !== "tag");
    const better: Segment | null =
      wrong && row?.ours === true ? await useNextForm(admin, target, { segment, form }) : null;
    if (!better) {
      await recordVerdict(shop, target, { segment, form, ...found });
      return segment.query;
    }
    segment = better;
    form = formOf(target, segment.query);
  }
  await forgetCheck(shop, target);
  return null;
}

type Comparison = { verdict: Verdict; found: number; expected: number };

async function compare(
  admin: AdminApi,
  target: Target,
  { form, ...options }: QueryOptions & { form: SegmentForm },
): Promise<Comparison> {
  const { shop } = admin;
  const known = await countHere(shop, target, form);
  const counted = await countInShopify(admin, target, { ...options, form });
  const verdict = judge(counted, known);
  const facts = { shop, target: targetKey(target), form, ...known, shopify: counted };
  if (verdict === "misread") {
    log.warn(facts, "Shopify reads the query of a segment otherwise than it is meant");
  }
  if (verdict === "differs") {
    log.warn(facts, "Shopify finds other customers in a segment than there are in the tier");
  }
  return { verdict, found: counted.members ?? 0, expected: known.tier };
}

type Formed = { segment: Segment; form: SegmentForm };

/**
 * Updates the segment to its next form. After a crash in between, the next check reads the
 * segment's query.
 *
 * @returns null when Shopify accepts no other form, or the agreement has ended
 */
async function useNextForm(
  admin: AdminApi,
  target: Target,
  { segment, form }: Formed,
): Promise<Segment | null> {
  const { shop } = admin;
  return inTransaction(async (client) => {
    if (!(await holdAgreement(client, shop))) return null;
    for (const next of formsAfter(form)) {
      const query = queryOf(target, next);
      const change = await updateSegment(
        admin,
        { id: segment.id, query },
        { priority: "interactive" },
      );
      if (change.kind === "refused") continue;
      await client.query(
        `update target_segments
            set query = $3, empties_itself = $4, verdict = null, checks = 0, check_at = now()
          where shop = $1 and target_key = $2`,
        [shop, targetKey(target), query, emptiesAfterDays(next) !== null],
      );
      log.info({ shop, target: targetKey(target), form: next }, "gave a segment another query");
      return change.segment;
    }
    return null;
  });
}

/**
 * Stores the verdict. A misread query without a better form is stored as `differs`, which the
 * merchant sees.
 */
async function recordVerdict(
  shop: ShopDomain,
  target: Target,
  { segment, form, verdict, found, expected }: Comparison & Formed,
): Promise<void> {
  const stored = verdict === "too-early" ? null : verdict === "right" ? "right" : "differs";
  await pool.query(
    `update target_segments
        set query = $3, verdict = $4, found = $5, expected = $6,
            empties_itself = case when query = $3 then empties_itself else $10 end,
            checks = case when $4::text is null then checks + 1 else 0 end,
            check_at = now() + make_interval(secs => case $4::text
              when 'right' then $7 when 'differs' then $8
              else least($8, $9 * power(2, least(checks, 20))) end)
      where shop = $1 and target_key = $2 and segment_id is not null`,
    [
      ...[shop, targetKey(target), segment.query, stored, found, expected],
      ...[RIGHT_FOR_SECONDS, LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS],
      form !== "tag",
    ],
  );
}

/** Ends the checks, since the merchant deleted the segment or changed its query. */
async function forgetCheck(shop: ShopDomain, target: Target): Promise<void> {
  await pool.query(
    `update target_segments set check_at = null, verdict = null
      where shop = $1 and target_key = $2`,
    [shop, targetKey(target)],
  );
}
