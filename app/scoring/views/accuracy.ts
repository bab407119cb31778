import { isoDay } from "#app/lib/calendar.ts";
import type { JudgedWeek } from "#app/scoring/store/judged-week.ts";
import type { LatestRun } from "#app/scoring/store/latest-run.server.ts";
import type { Axis, BaselineName, CalibrationBin, RuleCheck, StoreFit, TierOutcome } from "#engine";

import { pastTests } from "./past-tests.ts";
import { type Trust, trustOf } from "./trust.ts";

/** Expected and actual totals of one window; amounts in minor units. */
export type WindowLine = {
  /** The day from which the window runs, ISO date. */
  from: string;
  horizonDays: number;
  /** `judged`: scores that were shown; `reconstructed`, `tested`: made after the fact with what was known. */
  source: "judged" | "reconstructed" | "tested";
  buyers: { expected: number; actual: number };
  /** With the range that was given beforehand, if one was. */
  spend: { expected: number; actual: number; low: number | null; high: number | null };
};

/** A line of the ledger. */
export type LedgerLine = WindowLine & {
  customers: number;
  auc: number | null;
  /** Share who bought, by tier of purchase likelihood; null for a tier without customers. */
  bought: Record<"high" | "moderate" | "low", number | null>;
};

/** A rule or model that ranks the customers of the newest judged week. */
export type Rival = Ranking & { name: BaselineName | "encore"; usesSpend: boolean };

/** By who bought, and by what they spent. */
type Ranking = { auc: number | null; gini: number | null };

/** The newest judged week in full. */
export type NewestWeek = {
  asOf: string;
  horizonDays: number;
  reconstructed: boolean;
  customers: number;
  tiers: Record<Axis, TierOutcome[]>;
  rivals: Rival[];
  /** Shopify's RFM groups of the same customers; null for a week before they were read. */
  shopify: (Ranking & { scores: Ranking }) | null;
};

type ModelName = StoreFit["likelihood"]["model"];

/** The fitted models of the newest scoring, in figures. */
export type ModelView = {
  asOf: string;
  engineVersion: string;
  horizonDays: number;
  /** Models of when customers buy, with their share in the average. */
  models: { name: ModelName; weight: number; parameters: [name: string, value: number][] }[];
  /** Share of past spend in the ranking by value. */
  pastWeight: number;
  seasonal: boolean;
  recalibrated: boolean;
};

export type AccuracyView = {
  currency: string;
  timeZone: string;
  trust: Trust;
  /** Null before a week could be judged. */
  newest: NewestWeek | null;
  /** When the next week can be judged, ISO date; null before the first scoring. */
  nextVerdictOn: string | null;
  /** Judged weeks, newest first. */
  ledger: LedgerLine[];
  /** Windows of the picture, oldest first: judged weeks, and before them the model's own tests. */
  windows: WindowLine[];
  /** Of the newest judged week, else of the model's own test; null without either. */
  calibration: { bins: CalibrationBin[]; from: string; tested: boolean } | null;
  /** Null while the gate refuses. */
  model: ModelView | null;
  /** Rules that are not met, when the gate refuses. */
  unmet: RuleCheck["code"][];
};

/** The newest verdict in short, as home shows it. */
export type VerdictView = Pick<AccuracyView, "trust" | "nextVerdictOn"> & {
  newest: Pick<NewestWeek, "asOf" | "horizonDays" | "reconstructed" | "tiers"> | null;
};

/** @param weeks newest first */
export function verdictView(weeks: JudgedWeek[], nextVerdictOn: string | null): VerdictView {
  const newest = weeks.at(0);
  return { trust: trustOf(weeks), nextVerdictOn, newest: newest ? newestWeek(newest) : null };
}

type Sources = {
  currency: string;
  timeZone: string;
  run: LatestRun;
  /** Newest first. */
  weeks: JudgedWeek[];
  nextVerdictOn: string | null;
};

export function accuracyView({ run, weeks, ...shown }: Sources): AccuracyView {
  const ledger = weeks.map(ledgerLine);
  const newest = weeks.at(0) ?? null;
  const rehearsal = run.scored && pastTests(run.scored.fit);
  return {
    ...shown,
    trust: trustOf(weeks),
    newest: newest && newestWeek(newest),
    ledger,
    windows: [...testedBefore(rehearsal, ledger), ...[...ledger].reverse()],
    calibration: calibrationOf(newest, rehearsal),
    model: run.scored && modelView(run, run.scored.fit),
    unmet: run.rules.filter(({ passed }) => !passed).map(({ code }) => code),
  };
}

function windowOf({ asOf, horizonDays, reconstructed, result, range }: JudgedWeek): WindowLine {
  const { expectedBuyers, buyers, expectedSpend, spend } = result;
  return {
    from: asOf,
    horizonDays,
    source: reconstructed ? "reconstructed" : "judged",
    buyers: { expected: expectedBuyers, actual: buyers },
    spend: {
      expected: expectedSpend,
      actual: spend,
      low: range && range.low * expectedSpend,
      high: range && range.high * expectedSpend,
    },
  };
}

function ledgerLine(week: JudgedWeek): LedgerLine {
  const { customers, auc, tiers } = week.result;
  const share = (name: "high" | "moderate" | "low") => {
    const outcome = tiers.buy.find(({ tier }) => tier === name);
    return outcome && outcome.customers > 0 ? outcome.buyers / outcome.customers : null;
  };
  return {
    ...windowOf(week),
    customers,
    auc,
    bought: { high: share("high"), moderate: share("moderate"), low: share("low") },
  };
}

function newestWeek({ asOf, horizonDays, reconstructed, result }: JudgedWeek): NewestWeek {
  const { customers, tiers, auc, gini, baselines } = result;
  const encore: Rival = { name: "encore", usesSpend: false, auc, gini };
  const others = baselines.map(({ baseline, ...measured }) => ({ name: baseline, ...measured }));
  const shopify = result.groupings?.rfm ?? null;
  const rivals = [encore, ...others];
  return { asOf, horizonDays, reconstructed, customers, tiers, rivals, shopify };
}

/** The model's own tests on windows before the oldest judged week, oldest first. */
function testedBefore(rehearsal: StoreFit["rehearsal"], ledger: LedgerLine[]): WindowLine[] {
  if (!rehearsal) return [];
  const oldest = ledger.at(-1)?.from;
  const lines = rehearsal.totals.map(({ cutoffDay, buyers, spend }): WindowLine => {
    const bounds = { low: null, high: null };
    const { horizonDays } = rehearsal;
    return {
      from: isoDay(cutoffDay),
      horizonDays,
      source: "tested",
      buyers,
      spend: { ...spend, ...bounds },
    };
  });
  return lines.filter(({ from }) => oldest === undefined || from < oldest).reverse();
}

function calibrationOf(
  newest: JudgedWeek | null,
  rehearsal: StoreFit["rehearsal"],
): AccuracyView["calibration"] {
  if (newest) return { bins: newest.result.calibration, from: newest.asOf, tested: false };
  if (!rehearsal) return null;
  return { bins: rehearsal.calibration, from: isoDay(rehearsal.cutoffDay), tested: true };
}

function modelView({ asOf, horizonDays }: LatestRun, fit: StoreFit): ModelView {
  const fitted = [fit.likelihood, ...fit.others];
  const weights = fit.weights ?? fitted.map(() => 1 / fitted.length);
  return {
    asOf,
    horizonDays,
    engineVersion: fit.engineVersion,
    models: fitted.map(({ model, ...parameters }, index) => ({
      name: model,
      weight: weights[index],
      parameters: Object.entries(parameters).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      ),
    })),
    pastWeight: fit.blend.pastWeight,
    seasonal: fit.season !== null,
    recalibrated: (fit.recalibration ?? fit.refinement ?? null) !== null,
  };
}
