import type { TargetView } from "#app/campaigns/target.ts";
import type { TaskProgress } from "#app/queue/progress.ts";
import { cells, type TierRow } from "#app/scoring/store/totals.ts";
import type { AccuracyView } from "#app/scoring/views/accuracy.ts";
import type { CustomerView } from "#app/scoring/views/customer.ts";
import type { CustomersView } from "#app/scoring/views/customers.ts";
import { plainQuery } from "#app/scoring/views/customers-query.ts";
import type { HomeView, ScoredHome } from "#app/scoring/views/home.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";
import type { Tier } from "#engine";

import { judgedWeek } from "./judged.ts";

// View models of the screens, small enough to check by hand.

const common = {
  shopName: "Gift shop",
  currency: "GBP",
  timeZone: "Europe/London",
  basis: {
    orders: 1_300,
    countedOrders: 1_200,
    guestOrders: 60,
    leftOut: [
      { reason: "cancelled", orders: 39 },
      { reason: "test", orders: 1 },
      { reason: "voided", orders: 0 },
    ],
    excluded: { customers: 0, orders: 0 },
    firstDay: "2025-11-24",
    lastDay: "2026-11-20",
  },
  reconciliation: { on: "2026-11-21T03:12:00.000Z", missed: 0, removed: 0 },
  unreadable: { orders: 0, named: [], unnamed: 0 },
} satisfies Partial<HomeView>;

export const scoredHome: ScoredHome = {
  asOf: "2026-11-21",
  scoredAt: "2026-11-21T11:58:00.000Z",
  horizonDays: 90,
  baseRate: 0.31,
  observedRate: 0.42,
  customers: 400,
  axes: {
    clv: [
      row("high", { customers: 40, expected: 500_000, spent: 900_000, probability: 0.8 }),
      row("moderate", { customers: 110, expected: 400_000, spent: 700_000, probability: 0.5 }),
      row("low", { customers: 200, expected: 90_000, spent: 300_000, probability: 0.1 }),
      row("new", { customers: 50, expected: 10_000, spent: 50_000, probability: 0.2 }),
    ],
    buy: [
      row("high", { customers: 60, expected: 450_000, spent: 800_000, probability: 0.583 }),
      row("moderate", { customers: 90, expected: 350_000, spent: 700_000, probability: 0.31 }),
      row("low", { customers: 200, expected: 190_000, spent: 400_000, probability: 0.003 }),
      row("new", { customers: 50, expected: 10_000, spent: 50_000, probability: 0.2 }),
    ],
  },
  grid: cells.map(({ clv, buy }) => ({
    clv,
    buy,
    customers: clv === buy ? 100 : 0,
    expectedSpendMinor: clv === buy ? 250_000 : 0,
    spentMinor: clv === buy ? 400_000 : 0,
    meanProbability: clv === buy ? 0.4 : null,
  })),
  expectedTotal: { low: 830_000, high: 1_210_000 },
  levelWarning: null,
  reconstructedWeeks: 13,
  attention: {
    slipped: 38,
    due: 112,
    overdue: { customers: 1, expectedSpendMinor: 12_300 },
    moved: { clv: { up: 141, down: 203 }, buy: { up: 98, down: 260 } },
    movedThisWeek: { clv: { up: 12, down: 40 }, buy: { up: 9, down: 51 } },
    reconstructed: { week: false, moves: true },
  },
};

type RowFigures = { customers: number; expected: number; spent: number; probability: number };

function row(tier: Tier, figures: RowFigures): TierRow {
  return {
    tier,
    customers: figures.customers,
    expectedSpendMinor: figures.expected,
    spentMinor: figures.spent,
    meanProbability: figures.probability,
  };
}

export function task(
  name: TaskProgress["task"],
  state: TaskProgress["state"],
  rest: Partial<TaskProgress> = {},
): TaskProgress {
  return { task: name, state, done: 0, total: null, errorCode: null, ...rest };
}

export function importing(...progress: TaskProgress[]): HomeView {
  return { ...common, state: "importing", progress };
}

export function scored(...progress: TaskProgress[]): HomeView {
  return { ...common, state: "scored", scored: scoredHome, progress };
}

export const refused: HomeView = {
  ...common,
  state: "refused",
  asOf: "2026-11-21",
  progress: [task("import", "done"), task("score", "done")],
  rules: [
    {
      code: "customers",
      passed: false,
      have: 61,
      need: 100,
      unit: "customers",
      expectedOn: "2027-01-14",
    },
    { code: "history", passed: false, have: 49, need: 94.5, unit: "days", expectedOn: null },
    { code: "full-history", passed: false, have: 0, need: 1, unit: "access", expectedOn: null },
    { code: "recent-order", passed: true, have: 4, need: 30, unit: "days", expectedOn: null },
    { code: "skill", passed: false, have: 0.0199, need: 0.02, unit: "share", expectedOn: null },
    { code: "buyers", passed: false, have: 12, need: 20, unit: "customers", expectedOn: null },
  ],
};

export const notAgreed: WritingView = {
  agreedAt: null,
  pausedAt: null,
  plan: {
    customers: 400,
    tagsToAdd: 800,
    tagsToRemove: 0,
    metafieldsToSet: 2_310,
    metafieldsToDelete: 0,
  },
  failures: [],
  beingRemoved: false,
  removed: null,
};

export const agreed: WritingView = { ...notAgreed, agreedAt: "2026-11-21T11:59:00.000Z" };

export const target: TargetView = {
  target: { axis: "clv", tier: "high" },
  customers: 40,
  expectedSpendMinor: 500_000,
  spentMinor: 900_000,
  horizonDays: 90,
  currency: "GBP",
  timeZone: "Europe/London",
  pausedAt: null,
  query: "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
  emptiesAfterDays: 14,
  examples: [
    {
      customerId: "12",
      name: "Harriet Appleby",
      expectedSpendMinor: 4_520,
      spentMinor: 91_000,
      buyProbability: 0.93,
    },
    {
      customerId: "90071992547409931",
      name: null,
      expectedSpendMinor: 3_000,
      spentMinor: 0,
      buyProbability: 0.004,
    },
  ],
  segment: null,
  check: null,
  canCreate: true,
};

export const customer: CustomerView = {
  customerId: "90071992547409931",
  name: null,
  currency: "GBP",
  horizonDays: 90,
  tiers: { clv: "high", buy: "moderate" },
  buyProbability: 0.31,
  usual: { rate: 0.42, seen: true },
  similar: { predicted: 0.3, bought: 0.29, customers: 180 },
  expectedSpendMinor: 8_050,
  spendLowMinor: 0,
  ifAny: null,
  spendHighMinor: 21_000,
  spentMinor: 45_000,
  nextOrder: { from: "2026-12-01", to: "2027-01-15" },
  timeline: {
    from: "2026-05-03",
    to: "2027-01-18",
    today: "2026-11-21",
    by: "day",
    purchases: [
      { day: "2026-05-06", amountMinor: 12_000, purchaseDays: 1 },
      { day: "2026-07-01", amountMinor: 3_000, purchaseDays: 1 },
      { day: "2026-09-23", amountMinor: 30_000, purchaseDays: 1 },
    ],
    earlier: 0,
    likelihood: [
      { on: "2026-09-27", probability: 0.8, reconstructed: true },
      { on: "2026-10-25", probability: 0.55, reconstructed: true },
      { on: "2026-11-20", probability: 0.35, reconstructed: false },
      { on: "2026-11-21", probability: 0.31, reconstructed: false },
    ],
    expected: { from: "2026-12-01", to: "2027-01-15" },
    passed: null,
  },
  reasons: [
    { code: "buys-more-often", customer: 35, typical: 80 },
    { code: "order-late", customer: 62, typical: 35 },
    { code: "spends-more", customer: 9_000, typical: 5_000 },
  ],
  usualGapDays: 80,
  own: { ageDays: 199, lifespanDays: 140, silentDays: 59, orders: 5, meanSpendMinor: 9_000 },
  typical: { ageDays: 200, lifespanDays: 90, silentDays: 62, orders: 2.5, meanSpendMinor: 5_000 },
  moves: [
    {
      axis: "buy",
      from: "high",
      to: "moderate",
      why: "time",
      on: "2026-11-12",
      reconstructed: false,
    },
    {
      axis: "clv",
      from: "moderate",
      to: "high",
      why: "order",
      on: "2026-09-06",
      reconstructed: true,
    },
  ],
};

export const customers: CustomersView = {
  query: plainQuery("all"),
  currency: "GBP",
  horizonDays: 90,
  total: { customers: 3_214, expectedSpendMinor: 16_400_000 },
  more: false,
  rows: [
    {
      customerId: "12",
      tiers: { clv: "high", buy: "moderate" },
      expectedSpendMinor: 8_050,
      buyProbability: 0.31,
      nextOrder: { from: "2026-12-01", to: "2027-01-15" },
      lastOrder: "2026-11-12",
      moved: { axis: "buy", from: "high", on: "2026-11-12", direction: "fell" },
    },
    {
      customerId: "90071992547409931",
      tiers: { clv: "moderate", buy: "high" },
      expectedSpendMinor: 3_000,
      buyProbability: 0.998,
      nextOrder: null,
      lastOrder: "2026-11-20",
      moved: null,
    },
    {
      customerId: "13",
      tiers: { clv: "new", buy: "new" },
      expectedSpendMinor: null,
      buyProbability: null,
      nextOrder: null,
      lastOrder: "2026-11-19",
      moved: { axis: "clv", from: "new", on: "2026-11-19", direction: "grown" },
    },
  ],
  previous: null,
  next: null,
};

const judged = {
  horizonDays: 90,
  customers: 200,
  auc: 0.8,
  bought: { high: 0.58, moderate: 0.23, low: 0.16 },
  buyers: { expected: 60, actual: 60 },
  spend: { expected: 820_000, actual: 790_000, low: 656_000, high: 984_000 },
};

const ledger: AccuracyView["ledger"] = [
  { ...judged, from: "2026-08-23", source: "judged" },
  { ...judged, from: "2026-08-16", source: "reconstructed" },
];

export const accuracy: AccuracyView = {
  currency: "GBP",
  timeZone: "Europe/London",
  trust: { state: "good", weeks: 2, skill: 0.18, level: { buyers: 1, spend: 1.04 } },
  newest: {
    asOf: "2026-08-23",
    horizonDays: 90,
    reconstructed: false,
    customers: 200,
    tiers: judgedWeek("2026-08-23").result.tiers,
    rivals: [
      { name: "encore", usesSpend: false, auc: 0.8, gini: 0.7 },
      { name: "recency-frequency", usesSpend: false, auc: 0.75, gini: 0.5 },
      { name: "past-spend", usesSpend: true, auc: 0.7, gini: 0.72 },
    ],
    shopify: null,
  },
  nextVerdictOn: "2026-11-29",
  ledger,
  windows: [
    {
      from: "2026-07-21",
      horizonDays: 90,
      source: "tested",
      buyers: { expected: 4, actual: 3 },
      spend: { expected: 900, actual: 800, low: null, high: null },
    },
    ...[...ledger].reverse(),
  ],
  calibration: {
    bins: judgedWeek("2026-08-23").result.calibration,
    from: "2026-08-23",
    tested: false,
  },
  model: {
    asOf: "2026-11-22",
    engineVersion: "0.5.2",
    horizonDays: 90,
    models: [{ name: "mbg-nbd", weight: 1, parameters: [["r", 0.52]] }],
    pastWeight: 0.7,
    seasonal: false,
    recalibrated: true,
  },
  unmet: [],
};
