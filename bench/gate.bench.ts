import type { Purchases } from "#engine";
import { cdnow, giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";

import { begun, kinds, SIMULATED_DAY } from "./gate-stores.ts";
import { type Trial, tryStore, verdict } from "./gate-trial.ts";
import type { Bench, Row } from "./main.ts";

const SIZES = [25, 60, 88, 150, 300, 1000];
const SEEDS = [1, 2, 3];
const MANY_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const AGES = [30, 45, 60, 90, 180, 365, 730];
/** As-of days of the real stores, early enough that the data cover the window after them. */
const STORES: { name: string; read: () => Purchases; cutoffs: string[]; lastDay: number }[] = [
  {
    name: "giftware",
    read: giftware,
    cutoffs: ["2010-03-01", "2010-06-01", "2010-09-09"],
    lastDay: dayOf("2010-12-10"),
  },
  {
    name: "CDNOW",
    read: cdnow,
    cutoffs: ["1997-04-01", "1997-10-01", "1998-03-01"],
    lastDay: dayOf("1998-07-01"),
  },
];

type Thresholds = {
  customers: number;
  repeatCustomers: number;
  historyDays: number;
  gaps: number;
  /** Whether a store younger than two horizons may be tested on half its history. */
  half: boolean;
  gain: number;
  auc: number;
  buyers: number;
  /** Buyers required where the window covers that many median gaps. */
  fewBuyers: number;
  longGaps: number;
  /** Refused where every past window was off in level by more than this factor, in one direction. */
  level: number;
};

const OLD: Thresholds = {
  customers: 100,
  repeatCustomers: 40,
  historyDays: 90,
  gaps: 3,
  half: false,
  gain: 0.02,
  auc: 0.6,
  buyers: 20,
  fewBuyers: 20,
  longGaps: 4,
  level: Infinity,
};
const SMALL = { ...OLD, customers: 60, repeatCustomers: 20, historyDays: 60 };
const CHOSEN = { ...SMALL, historyDays: 28, half: true, fewBuyers: 10, level: 2 };

/** The chosen thresholds, and variants that change one of them. */
const SETTINGS: [string, Thresholds][] = [
  ["100 customers, 40 repeat, 90 days, 20 buyers", OLD],
  ["60 customers, 20 repeat, 60 days, 20 buyers", SMALL],
  [
    "chosen: 60, 20, 28 days, half of a short history as the test, 20 buyers or 10 in four gaps",
    CHOSEN,
  ],
  ["… 25 customers, 10 repeat", { ...CHOSEN, customers: 25, repeatCustomers: 10 }],
  ["… 100 customers, 40 repeat", { ...CHOSEN, customers: 100, repeatCustomers: 40 }],
  ["… 60 days", { ...CHOSEN, historyDays: 60 }],
  ["… no median gaps of history", { ...CHOSEN, gaps: 0 }],
  ["… 10 buyers in 3 median gaps", { ...CHOSEN, longGaps: 3 }],
  ["… 10 buyers in 5 median gaps", { ...CHOSEN, longGaps: 5 }],
  ["… 10 buyers always", { ...CHOSEN, buyers: 10 }],
  ["… 15 buyers always", { ...CHOSEN, buyers: 15, fewBuyers: 15 }],
  ["… 20 buyers always", { ...CHOSEN, fewBuyers: 20 }],
  ["… 30 buyers always", { ...CHOSEN, buyers: 30, fewBuyers: 30 }],
  ["… gain 0", { ...CHOSEN, gain: 0 }],
  ["… gain 5 %", { ...CHOSEN, gain: 0.05 }],
  ["… AUC .50", { ...CHOSEN, auc: 0.5 }],
  ["… AUC .70", { ...CHOSEN, auc: 0.7 }],
  ["… level off by 1.25", { ...CHOSEN, level: 1.25 }],
  ["… level off by 1.5", { ...CHOSEN, level: 1.5 }],
  ["… level off by 3", { ...CHOSEN, level: 3 }],
  ["… level not asked", { ...CHOSEN, level: Infinity }],
  ["… no skill asked", { ...CHOSEN, buyers: 0 }],
];

function passes(trial: Trial, asked: Thresholds): boolean {
  const { test, historyDays, gapDays } = trial;
  if (trial.customers < asked.customers) return false;
  if (trial.repeatCustomers < asked.repeatCustomers) return false;
  if (historyDays < Math.max(asked.historyDays, asked.gaps * gapDays)) return false;
  if (trial.quietDays > Math.max(30, 2 * gapDays)) return false;
  if (trial.level > asked.level) return false;
  if (asked.buyers === 0) return true;
  if (!test || test.gain < asked.gain || test.auc < asked.auc) return false;
  const fast = gapDays > 0 && test.days >= asked.longGaps * gapDays;
  const short = test.days < trial.horizonDays;
  if (short && !(asked.half && fast && test.days >= 14)) return false;
  return test.buyers >= (fast ? asked.fewBuyers : asked.buyers);
}

type Case = { store: string; days: number; trial: Trial };

function* cases(): Generator<Case> {
  for (const { name, make } of kinds) {
    for (const days of [...AGES, ...(name.startsWith("once") ? [300, 350, 450, 550, 640] : [])]) {
      for (const seed of name === "coffee shop" ? MANY_SEEDS : SEEDS) {
        const store = make(days, seed);
        for (const count of SIZES) {
          const trial = tryStore(store, SIMULATED_DAY, { count, seed });
          if (trial && trial.customers === count) yield { store: name, days, trial };
        }
      }
    }
  }
  for (const { name, read, cutoffs, lastDay } of STORES) {
    const store = read();
    for (const cutoff of cutoffs) {
      for (const days of AGES.filter((age) => age <= 365)) {
        const cut = begun(store, dayOf(cutoff), days);
        for (const seed of SEEDS) {
          for (const count of SIZES) {
            const trial = tryStore(cut, dayOf(cutoff), { count, seed });
            const whole = trial?.customers === count;
            const seen = trial && dayOf(cutoff) + trial.horizonDays <= lastDay;
            if (trial && whole && seen) yield { store: name, days, trial };
          }
        }
      }
    }
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const share = (value: number) => `${(100 * value).toFixed(0)} %`;

/** Accuracy of the predictions for one store at one age, and the result of the engine's gate. */
function rowOf(title: string, trials: Trial[]): Row {
  const count = (word: string) => trials.filter((trial) => verdict(trial) === word).length;
  const passed = trials.filter((trial) => trial.passed);
  const wrongly = passed.filter((trial) => verdict(trial) === "bad").length;
  const gain = share(median(trials.map((trial) => trial.gain)));
  const auc = median(trials.map((trial) => trial.auc)).toFixed(2);
  return {
    what: title,
    measured: `next window: gain ${gain}, AUC ${auc}; ${count("good")} good, ${count("bad")} bad of ${trials.length}`,
    goal: `gate passed ${passed.length}, of them bad ${wrongly}`,
  };
}

function grouped(all: Case[], keyOf: (one: Case) => string): Row[] {
  const groups = new Map<string, Trial[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one.trial]);
  return [...groups].map(([key, trials]) => rowOf(key, trials));
}

function countedByStore(cases: Case[]): string {
  const counts = new Map<string, number>();
  for (const { store } of cases) counts.set(store, (counts.get(store) ?? 0) + 1);
  const sorted = [...counts].sort((left, right) => right[1] - left[1]);
  return sorted.map(([store, count]) => `${store}: ${count}`).join("; ");
}

function settingRow([name, asked]: [string, Thresholds], all: Case[]): Row {
  const of = (word: string) => all.filter(({ trial }) => verdict(trial) === word);
  const falsePasses = of("bad").filter(({ trial }) => passes(trial, asked));
  const yearly = all.filter(({ store, days }) => store.startsWith("once") && days >= 365);
  const yearlyPasses = yearly.filter(({ trial }) => passes(trial, asked)).length;
  const falseRefusals = of("good").filter(({ trial }) => !passes(trial, asked)).length;
  const coffee = all.filter(
    ({ store, days, trial }) => store === "coffee shop" && days === 30 && trial.customers === 88,
  );
  const served = coffee.filter(({ trial }) => passes(trial, asked)).length;
  return {
    what: name,
    measured: `bad passed ${falsePasses.length} of ${of("bad").length}, good refused ${falseRefusals} of ${of("good").length}`,
    goal: `coffee shop of 88 customers and 30 days passed ${served} of ${coffee.length}; once a year, from a year on, passed ${yearlyPasses} of ${yearly.length}; bad ones by store: ${countedByStore(falsePasses)}`,
  };
}

export default {
  title: "where predictions stop being better than the base rate, and the gate's decisions there",
  run: () => {
    const all = [...cases()];
    return Promise.resolve([
      ...grouped(all, ({ store, days }) => `${store}, ${days} days old`),
      ...grouped(all, ({ trial }) => `all stores, ${trial.customers} customers`),
      ...SETTINGS.map((setting) => settingRow(setting, all)),
    ]);
  },
} satisfies Bench;
