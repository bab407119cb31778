import { axes, type ShownScores, type Summary, tiers } from "#engine";

/** The scores of one day, and of which days they spoke. */
export type ShownOn = { asOfDay: number; horizonDays: number; scores: ShownScores };

/** What is judged of a row of `score_history`, in this order after the customer's id. */
export const shownColumns = [
  "frequency",
  "recency_days",
  "age_days",
  "mean_spend_minor",
  "buy_probability",
  "expected_spend_minor",
  "clv_tier",
  "buy_tier",
  "coalesce(shopify_rfm, -1)",
] as const;

/** Collects the rows of one day, in ascending order of the customers. */
export class ShownRows {
  readonly #summary: Summary;
  readonly #scores: Omit<ShownScores, "summary" | "groupings">;
  readonly #rfm: Int16Array;
  #rows = 0;

  /** @param most the largest number of rows that can come */
  constructor(most: number) {
    this.#summary = {
      customers: most,
      index: new Int32Array(most),
      frequency: new Int32Array(most),
      recencyDays: new Int32Array(most),
      ageDays: new Int32Array(most),
      meanSpend: new Float64Array(most),
    };
    this.#scores = {
      buyProbability: new Float64Array(most),
      expectedSpend: new Float64Array(most),
      tier: { clv: new Uint8Array(most), buy: new Uint8Array(most) },
    };
    this.#rfm = new Int16Array(most);
  }

  /** @param cells the values of `shownColumns`, as text */
  add(customer: number, cells: readonly string[]): void {
    const row = this.#rows++;
    const [frequency, recency, age, meanSpend, probability, spend] = cells.map(Number);
    this.#summary.index[row] = customer;
    this.#summary.frequency[row] = frequency;
    this.#summary.recencyDays[row] = recency;
    this.#summary.ageDays[row] = age;
    this.#summary.meanSpend[row] = meanSpend;
    this.#scores.buyProbability[row] = probability;
    this.#scores.expectedSpend[row] = spend;
    for (const [place, axis] of axes.entries()) {
      this.#scores.tier[axis][row] = tiers.findIndex((tier) => tier === cells[6 + place]);
    }
    this.#rfm[row] = Number(cells[8]);
  }

  scores(): ShownScores {
    const rows = this.#rows;
    const { index, frequency, recencyDays, ageDays, meanSpend } = this.#summary;
    const { buyProbability, expectedSpend, tier } = this.#scores;
    const rfm = this.#rfm.slice(0, rows);
    return {
      summary: {
        customers: rows,
        index: index.slice(0, rows),
        frequency: frequency.slice(0, rows),
        recencyDays: recencyDays.slice(0, rows),
        ageDays: ageDays.slice(0, rows),
        meanSpend: meanSpend.slice(0, rows),
      },
      buyProbability: buyProbability.slice(0, rows),
      expectedSpend: expectedSpend.slice(0, rows),
      tier: { clv: tier.clv.slice(0, rows), buy: tier.buy.slice(0, rows) },
      groupings: rfm.some((group) => group >= 0) ? { rfm } : {},
    };
  }
}
