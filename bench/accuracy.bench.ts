import { backtest, type Backtest, type Purchases } from "#engine";
import { cdnow, giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";
import type { Bench, Row } from "./main.ts";

const stores: { name: string; read: () => Purchases; cutoffs: string[] }[] = [
  {
    name: "giftware",
    read: giftware,
    cutoffs: ["2010-05-01", "2010-06-01", "2010-07-01", "2010-08-01", "2010-09-01"],
  },
  { name: "cdnow", read: cdnow, cutoffs: ["1997-07-01", "1997-10-01", "1998-01-01", "1998-04-01"] },
];

const figure = (value: number | null) =>
  value === null ? "–" : value.toFixed(3).replace("0.", ".");

function rows(name: string, cutoff: string, result: Backtest): Row[] {
  const shown = result.models.filter(({ model }) => model === "selected" || model === "mbg-nbd");
  const chosen = result.fit.rehearsal?.chosen.join(" + ") ?? "mbg-nbd";
  const head = `${name} ${cutoff}`;
  return [
    ...shown.map(({ model, auc, logLoss, ece, value }) => ({
      what: `${head}: ${model === "selected" ? `selected (${chosen})` : "MBG/NBD and Gamma-Gamma"}`,
      measured: `AUC ${figure(auc)}, log loss ${figure(logLoss)}, ECE ${figure(ece)}, Gini ${figure(value.gini)}`,
      goal: `log loss of the base rate ${figure(result.baseLogLoss)}`,
    })),
    ...result.peers.map(({ peer, usesSpend, auc, value }) => ({
      what: `${head}: ${peer}${usesSpend ? " (uses spend)" : ""}`,
      measured: `AUC ${figure(auc)}, Gini ${figure(value.gini)}`,
    })),
  ];
}

export default {
  title: "out-of-time accuracy over 90 days on the real stores, beside every free rule",
  run: () => {
    const table: Row[] = [];
    for (const { name, read, cutoffs } of stores) {
      const purchases = read();
      for (const cutoff of cutoffs) {
        const result = backtest(purchases, { cutoffDay: dayOf(cutoff), horizonDays: 90 });
        if (result) table.push(...rows(name, cutoff, result));
      }
    }
    return Promise.resolve(table);
  },
} satisfies Bench;
