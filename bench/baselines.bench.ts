import { type Backtest, backtest, type Purchases } from "#engine";
import { cdnow, giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";

import { encore } from "../cli/in-process.ts";
import { criteria, type Judged, logLossGap } from "./baselines-criteria.ts";
import type { Bench, Row } from "./main.ts";

const HORIZON_DAYS = 90;
const giftDays = ["2010-05-01", "2010-06-01", "2010-07-01", "2010-08-01", "2010-09-01"];
const cdnowDays = ["1997-07-01", "1997-10-01", "1998-01-01", "1998-04-01"];
const giftFile = new URL("../data/online-retail-2010.csv.gz", import.meta.url).pathname;

type Store = { name: string; cutoffs: string[]; judge: (cutoff: string) => Promise<Judged> };

const stores: Store[] = [
  { name: "giftware", cutoffs: giftDays, judge: judged(giftware) },
  { name: "giftware, refunds netted", cutoffs: giftDays, judge: asTheCommandReads },
  { name: "cdnow", cutoffs: cdnowDays, judge: judged(cdnow) },
];

function judged(read: () => Purchases) {
  let purchases: Purchases | null = null;
  return (cutoff: string) => {
    purchases ??= read();
    const result = backtest(purchases, { cutoffDay: dayOf(cutoff), horizonDays: HORIZON_DAYS });
    if (!result) throw new Error(`nothing was bought before ${cutoff}`);
    return Promise.resolve(result);
  };
}

/** The file as `encore backtest` reads it: refunds subtracted from the orders they reverse. */
async function asTheCommandReads(cutoff: string): Promise<Judged> {
  const horizon = ["--horizon", String(HORIZON_DAYS)];
  const { code, stdout } = await encore(["backtest", giftFile, "--cutoff", cutoff, ...horizon]);
  if (code !== 0) throw new Error(`encore backtest ended with ${String(code)}`);
  return JSON.parse(stdout) as Judged;
}

const figure = (value: number | null) =>
  value === null ? "–" : value.toFixed(3).replace("0.", ".");

function chosenBy({ rehearsal, learned }: Backtest["fit"]): string {
  if (!rehearsal) return "too young to be tested";
  const { chosen, weights } = learned;
  return chosen.map((model, i) => `${figure(weights[i])} ${model}`).join(" + ");
}

function rows(name: string, cutoff: string, result: Judged): Row[] {
  const shown = result.models.filter(({ model }) => model === "selected" || model === "mbg-nbd");
  const head = `${name} ${cutoff}`;
  return [
    ...shown.map(({ model, auc, logLoss, ece, value }) => ({
      what: `${head}: ${model === "selected" ? `selected (${chosenBy(result.fit)})` : "MBG/NBD and Gamma-Gamma"}`,
      measured: `AUC ${figure(auc)}, log loss ${figure(logLoss)}, ECE ${figure(ece)}, Gini ${figure(value.gini)}`,
      goal: `log loss of the base rate ${figure(result.baseLogLoss)}`,
    })),
    {
      what: `${head}: log loss of selected beyond that of the best single model`,
      measured: logLossGap(result).toFixed(4),
      goal: "≤ .005",
    },
    ...result.baselines.map(({ baseline, usesSpend, auc, value }) => ({
      what: `${head}: ${baseline}${usesSpend ? " (uses spend)" : ""}`,
      measured: `AUC ${figure(auc)}, Gini ${figure(value.gini)}`,
    })),
  ];
}

export default {
  title: "out-of-time accuracy over 90 days on the real stores, compared with every baseline rule",
  run: async () => {
    const table: Row[] = [];
    const met: Row[] = [];
    for (const { name, cutoffs, judge } of stores) {
      const results: Judged[] = [];
      for (const cutoff of cutoffs) results.push(await judge(cutoff));
      table.push(...results.flatMap((result, i) => rows(name, cutoffs[i], result)));
      met.push(...criteria(name, results));
    }
    return [...table, ...met];
  },
} satisfies Bench;
