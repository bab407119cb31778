import { inTransaction, pool } from "#app/lib/db.server.ts";
import { toGid, type ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";
import {
  readSegment,
  updateSegment,
  type Segment,
} from "#app/shopify/resources/segments.server.ts";
import { holdAgreement } from "#app/shop/writing-agreement.server.ts";

import { countHere, countInShopify } from "./segment-counts.server.ts";
import {
  emptiesAfterDays,
  formOf,
  formsAfter,
  queryOf,
  type SegmentForm,
} from "./segment-query.ts";
import { targetKey, type Target } from "./target.ts";
import { judge, type Verdict } from "./segment-verdict.ts";

/** Until a comparison tells something, the next comes after so long, and then twice as long each time. */
const FIRST_WAIT_SECONDS = 300;
const LONGEST_WAIT_SECONDS = 86_400;
/** Shopify's language may change: what was right is looked at again. */
const RIGHT_FOR_SECONDS = 7 * 86_400;

/** `blocked`: no day of a score can be written, since the merchant uses its key for something else. */
type Row = { segment_id: string | null; ours: boolean; blocked: boolean };

/**
 * Compares whom Shopify finds in the segment of a target with whom it is meant to hold. Where the
 * query is refused or read otherwise, the same segment is given the next form, down to the tag
 * alone. What came of it is kept, together with when to look again. May be stopped at any point.
 *
 * @returns the query it has now; null when there is no segment of ours to be judged
 * @throws AppError when Shopify cannot be asked
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
 * Changes the segment and never makes another: killed in between, the next comparison reads which
 * query it has.
 *
 * @returns null when Shopify takes none of the other forms, or the merchant ended the agreement
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

/** A misread query for which there is no other is what the merchant has: that it differs is said. */
async function recordVerdict(
  shop: ShopDomain,
  target: Target,
  { segment, form, verdict, found, expected }: Comparison & Formed,
): Promise<void> {
  const told = verdict === "too-early" ? null : verdict === "right" ? "right" : "differs";
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
      ...[shop, targetKey(target), segment.query, told, found, expected],
      ...[RIGHT_FOR_SECONDS, LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS],
      form !== "tag",
    ],
  );
}

/** The merchant deleted the segment, or gave it a query of another kind. */
async function forgetCheck(shop: ShopDomain, target: Target): Promise<void> {
  await pool.query(
    `update target_segments set check_at = null, verdict = null
      where shop = $1 and target_key = $2`,
    [shop, targetKey(target)],
  );
}
