import type { JudgedWeek } from "#app/scoring/store/judged-week.ts";
import type { Judgement } from "#engine";

/** A judged week with figures that can be checked by hand: 200 customers, 60 of them buyers. */
export function judgedWeek(
  asOf: string,
  { reconstructed = false, ...result }: Partial<Judgement> & { reconstructed?: boolean } = {},
): JudgedWeek {
  const none = { tier: "new" as const, expectedSpend: 0, spend: 0 };
  const buy = [
    { ...none, tier: "high" as const, customers: 50, expectedBuyers: 30, buyers: 29 },
    { ...none, tier: "moderate" as const, customers: 100, expectedBuyers: 25, buyers: 23 },
    { ...none, tier: "low" as const, customers: 50, expectedBuyers: 5, buyers: 8 },
    { ...none, customers: 0, expectedBuyers: 0, buyers: 0 },
  ];
  const clv = [
    { ...buy[0], expectedSpend: 500_000, spend: 450_000 },
    { ...buy[1], expectedSpend: 300_000, spend: 330_000 },
    { ...buy[2], expectedSpend: 20_000, spend: 10_000 },
    { ...buy[3] },
  ];
  return {
    asOf,
    horizonDays: 90,
    reconstructed,
    range: { low: 0.8, high: 1.2 },
    result: {
      customers: 200,
      buyers: 60,
      orders: 90,
      spend: 790_000,
      expectedBuyers: 60,
      expectedSpend: 820_000,
      auc: 0.8,
      logLoss: 0.5,
      brier: 0.16,
      ece: 0.03,
      baseLogLoss: 0.61,
      gini: 0.7,
      calibration: [
        { customers: 100, predicted: 0.1, observed: 0.12 },
        { customers: 100, predicted: 0.5, observed: 0.48 },
      ],
      tiers: { clv, buy },
      baselines: [
        { baseline: "recency-frequency", usesSpend: false, auc: 0.75, gini: 0.5 },
        { baseline: "past-spend", usesSpend: true, auc: 0.7, gini: 0.72 },
      ],
      ...result,
    },
  };
}
