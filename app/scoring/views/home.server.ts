import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { readBasis } from "#app/orders/purchases/purchase-days.server.ts";
import { readLastReconciliation } from "#app/orders/reconcile/reconciliation-runs.server.ts";
import { readUnreadable } from "#app/orders/store/unreadable-orders.server.ts";
import { readProgress } from "#app/queue/progress.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { readTierRows } from "#app/scoring/store/tier-totals.server.ts";

import { readAttention } from "./attention.server.ts";
import type { HomeView } from "./home.ts";
import { homeView } from "./home-view.ts";

/** Reads what the home screen shows: a few small rows, whatever the size of the shop. */
export async function readHome(shop: ShopDomain): Promise<HomeView> {
  const [facts, progress, reconciliation, unreadable, run, tierRows, weeks] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readProgress(shop),
    readLastReconciliation(shop),
    readUnreadable(shop),
    readLatestRun(shop),
    readTierRows(shop),
    prisma.scoringRun.count({ where: { shop, reconstructed: true, outcome: "scored" } }),
  ]);
  return homeView(
    {
      shopName: facts.name,
      currency: facts.currency,
      timeZone: facts.timeZone,
      basis: run?.basis ?? (await readBasis(shop)),
      progress,
      reconciliation,
      unreadable,
      reconstructedWeeks: weeks,
      tierRows,
      attention: run?.scored ? await readAttention(shop, run.asOf) : null,
    },
    run,
  );
}
