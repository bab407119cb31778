import { type Case, judge } from "./accuracy-case.ts";
import { CUTS } from "./accuracy-measures.ts";
import { type Store, stores, windowsOf } from "./accuracy-stores.ts";
import type { Bench, Row } from "./main.ts";

const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
const absolute = (list: number[]) => mean(list.map(Math.abs));
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const figure = (value: number, digits = 3) => value.toFixed(digits).replace("0.", ".");

async function casesOf(store: Store): Promise<Case[]> {
  const cases: Case[] = [];
  for (const window of windowsOf(store)) {
    const found = judge(await store.read(window), window);
    if (found) cases.push(found);
  }
  return cases;
}

function figures(cases: Case[]): string {
  const of = (pick: (one: Case) => number) => mean(cases.map(pick));
  return [
    `AUC ${figure(
      of(({ auc }) => auc),
      4,
    )}`,
    `log loss ${figure(
      of(({ logLoss }) => logLoss),
      4,
    )}`,
    `ECE ${figure(of(({ ece }) => ece))}`,
    `|ln| buyers ${figure(of(({ lnBuyers }) => Math.abs(lnBuyers)))}`,
    `orders ${figure(of(({ lnOrders }) => Math.abs(lnOrders)))}`,
    `spend ${figure(of(({ lnSpend }) => Math.abs(lnSpend)))}`,
    `deciles ${figure(of(({ deciles }) => deciles))}`,
    `bands ${figure(of(({ bands }) => (bands.length > 0 ? absolute(bands) : 0)))}`,
    `Gini ${figure(
      of(({ gini }) => gini),
      4,
    )}`,
  ].join(", ");
}

function beyondOf(cases: Case[]): string {
  return CUTS.slice(0, -1)
    .map((from, i) => {
      const sum = (pick: (one: Case["beyond"][number]) => number) =>
        cases.reduce((count, { beyond }) => count + pick(beyond[i]), 0);
      const customers = Math.max(
        1,
        sum((one) => one.customers),
      );
      const above = percent(sum((one) => one.above) / customers);
      const below = percent(sum((one) => one.below) / customers);
      return `likelihood ${figure(from, 1)}–${figure(CUTS[i + 1], 1)}: ${above} above, ${below} below`;
    })
    .join("; ");
}

function nextOrderOf(cases: Case[]): string {
  const sum = (of: "before" | "inside" | "after") =>
    cases.reduce((count, { nextOrder }) => count + nextOrder[of], 0);
  const all = sum("before") + sum("inside") + sum("after");
  if (all === 0) return "too short to tell";
  return `${percent(sum("before") / all)} before, ${percent(sum("inside") / all)} inside, ${percent(sum("after") / all)} after`;
}

function rowsOf(store: Store, cases: Case[]): Row[] {
  const worse = cases.filter((one) => one.logLoss > one.baseLoss).length;
  const horizons = [...new Set(cases.map(({ horizonDays }) => horizonDays))];
  return [
    {
      what: `${store.name}: ${cases.length} of ${windowsOf(store).length} cases shown, ${worse} of them worse than the base rate`,
      measured: figures(cases),
    },
    ...horizons.map((days) => ({
      what: `${store.name}, ${days} days`,
      measured: figures(cases.filter(({ horizonDays }) => horizonDays === days)),
    })),
    {
      what: `${store.name}: spend beyond the interval`,
      measured: beyondOf(cases),
      goal: "10 % above in each",
    },
    {
      what: `${store.name}: next order`,
      measured: nextOrderOf(cases),
      goal: "25 % before, 50 % inside, 25 % after",
    },
  ];
}

/** Means over stores, with equal weights. */
function together(what: string, all: Map<Store, Case[]>, kinds: Store["kind"][]): Row {
  const chosen = [...all].filter(
    ([{ kind, name }]) => kinds.includes(kind) && name !== "gift shop, netted",
  );
  const of = (pick: (one: Case) => number) =>
    mean(chosen.map(([, cases]) => mean(cases.map(pick))));
  return {
    what,
    measured: [
      `AUC ${figure(
        of(({ auc }) => auc),
        4,
      )}`,
      `log loss ${figure(
        of(({ logLoss }) => logLoss),
        4,
      )}`,
      `|ln| buyers ${figure(of(({ lnBuyers }) => Math.abs(lnBuyers)))}`,
      `orders ${figure(of(({ lnOrders }) => Math.abs(lnOrders)))}`,
      `bands ${figure(of(({ bands }) => (bands.length > 0 ? absolute(bands) : 0)))}`,
      `Gini ${figure(
        of(({ gini }) => gini),
        4,
      )}`,
    ].join(", "),
  };
}

function oneDay(all: Map<Store, Case[]>, name: string): Row {
  const cases = [...all].flatMap(([store, found]) => (store.name === name ? found : []));
  const day = Date.UTC(2010, 5, 1) / 86_400_000;
  const both = cases.filter(({ cutoffDay, horizonDays }) => cutoffDay === day && horizonDays < 180);
  return {
    what: `${name} at 2010-06-01, mean of 30 and 90 days`,
    measured: figures(both),
    goal: "AUC ≥ .741, log loss ≤ .549",
  };
}

export default {
  title: "out-of-time accuracy at the first of each month over 30, 90 and 180 days",
  run: async () => {
    const all = new Map<Store, Case[]>();
    const table: Row[] = [];
    for (const store of stores) {
      const cases = await casesOf(store);
      all.set(store, cases);
      table.push(...rowsOf(store, cases));
    }
    return [
      ...table,
      oneDay(all, "gift shop"),
      oneDay(all, "gift shop, netted"),
      together("CDNOW and the gift shop, each counted once", all, ["CDNOW", "gift shop"]),
      together("simulated stores", all, ["simulated"]),
    ];
  },
} satisfies Bench;
