import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { readJudgedWeeks, readNextVerdict } from "#app/scoring/store/judgements.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";

import { type AccuracyView, accuracyView, type VerdictView, verdictView } from "./accuracy.ts";
import { TRUST_WEEKS } from "./trust.ts";

/** Two years of weeks. */
const MOST_WEEKS = 104;

/** What the accuracy page shows; null before the first scoring. */
export async function readAccuracy(shop: ShopDomain): Promise<AccuracyView | null> {
  const [facts, run, weeks, nextVerdictOn] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readLatestRun(shop),
    readJudgedWeeks(shop, MOST_WEEKS),
    readNextVerdict(shop),
  ]);
  const { currency, timeZone } = facts;
  return run && accuracyView({ currency, timeZone, run, weeks, nextVerdictOn });
}

/** The newest verdict, for home. */
export async function readVerdict(shop: ShopDomain): Promise<VerdictView> {
  const [weeks, nextVerdictOn] = await Promise.all([
    readJudgedWeeks(shop, TRUST_WEEKS),
    readNextVerdict(shop),
  ]);
  return verdictView(weeks, nextVerdictOn);
}
