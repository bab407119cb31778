import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { prisma } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { currencyDigits } from "#app/lib/money.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { type DesiredOptions, desiredStateOf, without } from "#app/writeback/plan/desired-state.ts";
import { metafieldKeys } from "#app/writeback/plan/metafields.ts";
import { type CustomerPlan, isEmpty, planCustomer } from "#app/writeback/plan/plan-writes.ts";

import {
  type Attempts,
  type CustomerDiff,
  diffPages,
  namedPages,
  pendingPages,
  writtenPages,
} from "./diff.server.ts";
import { FAILED_FOR_NOW } from "./failures.server.ts";

export type Planned = { customerId: string; plan: CustomerPlan };

export type PageOptions = Attempts & {
  /** Only these customers; all when undefined. */
  among?: readonly string[] | undefined;
};

/** The customers with something to write, a page at a time. */
export type PlannedPages = (asked: PageOptions) => AsyncGenerator<Planned[]>;

/** @returns null before the first scoring, and when the gate refused the last one */
export async function readDesiredOptions(
  shop: ShopDomain,
): Promise<(DesiredOptions & { runId: string }) | null> {
  const [facts, run] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readLatestRun(shop),
  ]);
  if (!run?.scored) return null;
  return {
    runId: run.id,
    currencyDigits: currencyDigits(facts.currency),
    // Scores use the days before the as-of day; the last of these is the day of the prediction.
    today: isoDay(dayNumber(run.asOf) - 1),
    blocked: metafieldKeys.filter((key) => facts.blockedMetafields.includes(key)),
  };
}

/** The plans of all customers or of those with pending writes. */
export async function* plannedPages(
  shop: ShopDomain,
  options: DesiredOptions,
  { of, ...asked }: PageOptions & { of: "everybody" | "pending" },
): AsyncGenerator<Planned[]> {
  const all = of === "pending" ? pendingPages(shop, asked) : diffPages(shop, options, asked);
  const pages = asked.among ? namedPages(shop, asked.among, asked) : all;
  for await (const page of pages) {
    yield page.map((one) => planned(one, options)).filter(({ plan }) => !isEmpty(plan));
  }
}

/** The customers with pending writes but an empty plan, a page at a time. */
export async function* unchangedPages(
  shop: ShopDomain,
  options: DesiredOptions,
): AsyncGenerator<{ customerId: string; mark: string }[]> {
  for await (const page of pendingPages(shop, { atLeast: 0, atMost: FAILED_FOR_NOW })) {
    yield page.flatMap((one) =>
      one.mark !== undefined && isEmpty(planned(one, options).plan)
        ? [{ customerId: one.customerId, mark: one.mark }]
        : [],
    );
  }
}

/** Plans that remove everything written on these customers. */
export async function* removalPages(
  shop: ShopDomain,
  whose: Parameters<typeof writtenPages>[1],
  attempts: Attempts,
): AsyncGenerator<Planned[]> {
  const { blockedMetafields } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const blocked = metafieldKeys.filter((key) => blockedMetafields.includes(key));
  for await (const page of writtenPages(shop, whose, attempts)) {
    const plans = page.map(({ customerId, known }) => {
      const ours = { ...known, values: without(known.values, blocked) };
      return { customerId, plan: planCustomer(customerId, ours, null) };
    });
    yield plans.filter(({ plan }) => !isEmpty(plan));
  }
}

function planned({ customerId, known, score }: CustomerDiff, options: DesiredOptions): Planned {
  const ours = { ...known, values: without(known.values, options.blocked) };
  const wanted = score && desiredStateOf(score, options);
  return { customerId, plan: planCustomer(customerId, ours, wanted) };
}
