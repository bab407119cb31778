import { pool, prisma } from "#app/lib/db.server.ts";
import { customerId, type ShopDomain } from "#app/lib/ids.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { readTierRows, type TierFigures } from "#app/scoring/store/tier-totals.server.ts";
import type { GridCell, TierRow } from "#app/scoring/store/totals.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readNames } from "#app/shopify/resources/customers.server.ts";

import { emptiesAfterDays, formOf, segmentQueries } from "./segment-query.ts";
import {
  criteriaOf,
  type SegmentCheckView,
  type Target,
  type TargetExample,
  targetKey,
  type TargetView,
} from "./target.ts";
import { readTargetSegment } from "./target-segment.server.ts";

const EXAMPLES = 5;

/**
 * Reads a target: its current counts, and the five customers with the highest expected spend. Their
 * names are read from Shopify and never stored.
 *
 * @returns null before the first scoring, or when the gate refused the last one
 * @throws AppError when Shopify cannot be used
 */
export async function readTarget(shop: ShopDomain, target: Target): Promise<TargetView | null> {
  const [facts, run, figures] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readLatestRun(shop),
    readTierRows(shop),
  ]);
  const row = figuresOf(target, figures);
  if (!run?.scored || !row) return null;
  const [examples, segment, check] = await Promise.all([
    readExamples(shop, target),
    readTargetSegment(shop, target),
    readCheck(shop, target),
  ]);
  const query = segment?.query ?? segmentQueries(target, facts.blockedMetafields)[0];
  return {
    target,
    customers: row.customers,
    expectedSpendMinor: row.expectedSpendMinor,
    spentMinor: row.spentMinor,
    horizonDays: run.horizonDays,
    currency: facts.currency,
    timeZone: facts.timeZone,
    pausedAt: facts.writingPausedAt?.toISOString() ?? null,
    query,
    emptiesAfterDays: emptiesAfterDays(formOf(target, query) ?? "tag"),
    examples,
    segment,
    check: segment && check,
    canCreate: facts.writingAgreedAt !== null,
  };
}

/** Null for a cell when the scores of an earlier version have no grid. */
function figuresOf(target: Target, { axes, grid }: TierFigures): TierRow | GridCell | null {
  const found =
    target.axis === "grid"
      ? grid?.find(({ clv, buy }) => clv === target.clv && buy === target.buy)
      : axes[target.axis].find(({ tier }) => tier === target.tier);
  return found ?? null;
}

async function readCheck(shop: ShopDomain, target: Target): Promise<SegmentCheckView | null> {
  const row = await prisma.targetSegment.findUnique({
    where: { shop_targetKey: { shop, targetKey: targetKey(target) } },
  });
  if (row === null || row.found === null || row.expected === null) return null;
  const verdict =
    row.verdict === "right" || row.verdict === "differs" ? row.verdict : ("unknown" as const);
  return { verdict, found: row.found, expected: row.expected };
}

async function readExamples(shop: ShopDomain, target: Target): Promise<TargetExample[]> {
  const { clv, buy } = criteriaOf(target);
  const { rows } = await pool.query<{
    customer_id: string;
    expected_spend_minor: number;
    spent_minor: string;
    buy_probability: number;
  }>(
    `select customer_id, expected_spend_minor, spent_minor, buy_probability
       from scores where shop = $1 and ($2::text is null or clv_tier = $2)
        and ($3::text is null or buy_tier = $3)
      order by expected_spend_minor desc, customer_id limit ${String(EXAMPLES)}`,
    [shop, clv, buy],
  );
  const ids = rows.map((row) => customerId(row.customer_id));
  const names = ids.length === 0 ? new Map() : await readNames(adminClient(shop), ids);
  return rows.map((row) => ({
    customerId: row.customer_id,
    name: names.get(customerId(row.customer_id)) ?? null,
    expectedSpendMinor: row.expected_spend_minor,
    spentMinor: Number(row.spent_minor),
    buyProbability: row.buy_probability,
  }));
}
