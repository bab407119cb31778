import { fitCandidate } from "./candidates.ts";
import { forecastOf } from "./forecast.ts";
import { compressHistories } from "./histories.ts";
import { outcomesOf } from "./outcomes.ts";
import { averageOf } from "./predict.ts";
import { selectModels, type Selection } from "./select.ts";
import { fitSpend, meanSpend } from "./spend.ts";
import { summarize, type Purchases, type Summary } from "./summary.ts";
import { choosePastWeight } from "./value.ts";

/** What a store's own last complete window teaches: which models, and which value, to trust. */
export type Rehearsal = Selection & { cutoffDay: number; horizonDays: number; pastWeight: number };

/**
 * Stands one horizon back: fits everything on what was known at `asOfDay − horizonDays` and looks
 * at what happened since. Null when the store is not twice the horizon old.
 */
export function rehearse(
  purchases: Purchases,
  { asOfDay, horizonDays, firstDay }: { asOfDay: number; horizonDays: number; firstDay: number },
): Rehearsal | null {
  const cutoffDay = asOfDay - horizonDays;
  if (cutoffDay - firstDay < horizonDays) return null;
  const summary = summarize(purchases, cutoffDay);
  const outcomes = outcomesOf(purchases, summary, [cutoffDay, asOfDay]);
  const selection = selectModels({ summary, outcomes, horizonDays });
  const expected = expectedSpends(summary, selection, horizonDays);
  const past = summary.meanSpend.map((mean, i) => mean * (summary.frequency[i] + 1));
  return {
    ...selection,
    cutoffDay,
    horizonDays,
    pastWeight: choosePastWeight(expected, past, outcomes.spend),
  };
}

function expectedSpends(
  summary: Summary,
  { chosen }: Selection,
  horizonDays: number,
): Float64Array {
  const histories = compressHistories(summary);
  const forecast = averageOf(chosen.map((name) => forecastOf(fitCandidate(name, histories))));
  const spend = fitSpend(summary);
  return summary.meanSpend.map((mean, i) => {
    const history = {
      frequency: summary.frequency[i],
      recency: summary.recencyDays[i],
      age: summary.ageDays[i],
    };
    return forecast.orders(history, horizonDays) * meanSpend(spend, history.frequency + 1, mean);
  });
}
