import { type Outcomes, outcomesOf, pickOutcomes } from "../histories/outcomes.ts";
import { type Purchases, summarize, type Summary } from "../histories/summary.ts";
import type { Candidate } from "../models/candidates.ts";
import type { WarmStart } from "../models/prior.ts";
import { pickRows, sampleRows } from "./window-sample.ts";

/**
 * What was known at a cut-off, and what happened in the window after it; in a large store, for a
 * sample of customers.
 */
export type View = {
  cutoffDay: number;
  horizonDays: number;
  /** Customers known at the cut-off, and buyers among them: of all, not of the sample. */
  customers: number;
  buyers: number;
  summary: Summary;
  outcomes: Outcomes;
};

/** A store's past: each view is computed once, and each fit starts from the end of the last one. */
export class Past {
  readonly #views = new Map<string, View>();
  readonly #near = new Map<Candidate, WarmStart>();

  constructor(readonly purchases: Purchases) {}

  view(cutoffDay: number, horizonDays: number): View {
    const key = `${cutoffDay} ${horizonDays}`;
    const view = this.#views.get(key) ?? viewOf(this.purchases, cutoffDay, horizonDays);
    this.#views.set(key, view);
    return view;
  }

  near(candidate: Candidate): WarmStart {
    const near = this.#near.get(candidate) ?? {};
    this.#near.set(candidate, near);
    return near;
  }
}

function viewOf(purchases: Purchases, cutoffDay: number, horizonDays: number): View {
  const all = summarize(purchases, cutoffDay);
  const outcomes = outcomesOf(purchases, all, [cutoffDay, cutoffDay + horizonDays]);
  const rows = sampleRows(all, cutoffDay);
  const { customers, buyers } = outcomes;
  return {
    ...{ cutoffDay, horizonDays, customers, buyers },
    summary: rows ? pickRows(all, rows) : all,
    outcomes: rows ? pickOutcomes(outcomes, rows) : outcomes,
  };
}
