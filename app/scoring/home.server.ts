import { prisma } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { readProgress } from "#app/jobs/progress.server.ts";
import { readLastCheck } from "#app/orders/checks-due.server.ts";
import { readBasis } from "#app/orders/purchases.server.ts";
import { readUnreadable } from "#app/orders/unreadable.server.ts";

import type { HomeView } from "./home.ts";
import { homeView } from "./home-view.ts";
import { readLatestRun } from "./latest-run.server.ts";
import { readTierRows } from "./tier-totals.server.ts";

/** Reads what the home screen shows: a few small rows, whatever the size of the shop. */
export async function readHome(shop: ShopDomain): Promise<HomeView> {
  const [facts, progress, check, unreadable, run, tierRows, weeks] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readProgress(shop),
    readLastCheck(shop),
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
      check,
      unreadable,
      reconstructedWeeks: weeks,
      tierRows,
    },
    run,
  );
}
