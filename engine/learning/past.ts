import { type Outcomes, outcomesOf, pickOutcomes } from "../histories/outcomes.ts";
import { type Purchases, summarize, type Summary } from "../histories/summary.ts";
import type { Candidate } from "../models/candidates.ts";
import type { Near } from "../models/prior.ts";
import { pickRows, sampleRows } from "./window-sample.ts";

/** What was known on a day of the past, and what happened from then on; of a large store a sample. */
export type View = {
  cutoffDay: number;
  horizonDays: number;
  /** How many were known at the cut-off, and how many of them bought: of all, not of the sample. */
  customers: number;
  buyers: number;
  summary: Summary;
  outcomes: Outcomes;
};

/** A store's past: each view of it is taken once, and each fit begins where the last one ended. */
export class Past {
  readonly #views = new Map<string, View>();
  readonly #near = new Map<Candidate, Near>();

  constructor(readonly purchases: Purchases) {}

  view(cutoffDay: number, horizonDays: number): View {
    const key = `${cutoffDay} ${horizonDays}`;
    const view = this.#views.get(key) ?? viewOf(this.purchases, cutoffDay, horizonDays);
    this.#views.set(key, view);
    return view;
  }

  near(candidate: Candidate): Near {
    const near = this.#near.get(candidate) ?? {};
    this.#near.set(candidate, near);
    return near;
  }
}

function viewOf(purchases: Purchases, cutoffDay: number, horizonDays: number): View {
  const all = summarize(purchases, cutoffDay);
  const done = outcomesOf(purchases, all, [cutoffDay, cutoffDay + horizonDays]);
  const rows = sampleRows(all, cutoffDay);
  const { customers, buyers } = done;
  return {
    ...{ cutoffDay, horizonDays, customers, buyers },
    summary: rows ? pickRows(all, rows) : all,
    outcomes: rows ? pickOutcomes(done, rows) : done,
  };
}
