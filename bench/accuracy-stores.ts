// The stores and cut-offs for measuring accuracy, real and simulated.
import type { Purchases } from "#engine";
import { cdnow, giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";

import { readPurchases } from "../cli/in-process.ts";
import type { Window } from "./accuracy-case.ts";
import { simulated, simulatedNames } from "./accuracy-simulated.ts";

export const HORIZONS = [30, 90, 180];

export type Store = {
  name: string;
  kind: "CDNOW" | "gift shop" | "simulated";
  /** First days of months; used where the store's data cover the horizon. */
  cutoffs: string[];
  endDay: number;
  /** The store's purchases, as they were known at the cut-off. */
  read: (window: Window) => Promise<Purchases>;
};

function months(first: string, count: number): string[] {
  const [year, month] = first.split("-").map(Number);
  return Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(year, month - 1 + i, 1)).toISOString().slice(0, 10),
  );
}

function once(read: () => Purchases) {
  let known: Purchases | null = null;
  return () => Promise.resolve((known ??= read()));
}

const giftFile = new URL("../data/online-retail-2010.csv.gz", import.meta.url).pathname;

/** The file as the command line reads it: refunds subtracted from the orders they reverse. */
async function netted({ cutoffDay, endDay }: Window): Promise<Purchases> {
  return (await readPurchases(giftFile, { beforeDay: endDay, settledDay: cutoffDay })).purchases;
}

const gift = {
  kind: "gift shop" as const,
  cutoffs: months("2010-02-01", 10),
  endDay: dayOf("2010-12-10"),
};

export const stores: Store[] = [
  {
    name: "CDNOW",
    kind: "CDNOW",
    cutoffs: months("1997-03-01", 15),
    endDay: dayOf("1998-07-01"),
    read: once(cdnow),
  },
  { name: "gift shop", ...gift, read: once(giftware) },
  { name: "gift shop, netted", ...gift, read: netted },
  ...simulatedNames.map((name) => ({
    name,
    kind: "simulated" as const,
    cutoffs: months("2023-01-01", 12),
    endDay: dayOf("2025-01-01"),
    read: once(() => simulated(name)),
  })),
];

/** Every cut-off and horizon of a store that its data cover completely. */
export function windowsOf({ name, cutoffs, endDay }: Store): Window[] {
  return cutoffs.flatMap((cutoff) =>
    HORIZONS.map((horizonDays) => ({
      store: name,
      cutoffDay: dayOf(cutoff),
      horizonDays,
      endDay,
    })).filter((window) => window.cutoffDay + window.horizonDays <= endDay),
  );
}
