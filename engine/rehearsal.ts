import { fitCandidate, type Candidate } from "./candidates.ts";
import { forecastOf, type Likelihood } from "./forecast.ts";
import { frameOf, type Frame } from "./frame.ts";
import { compressHistories, type Histories } from "./histories.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { outcomesOf } from "./outcomes.ts";
import { averageOf } from "./predict.ts";
import { learnRefinement, type RefinementTrial } from "./refinement-trial.ts";
import type { Refinement } from "./refinement.ts";
import { seasonWins, trySeason, type SeasonTrial, type When } from "./season-trial.ts";
import { fitSeason } from "./season.ts";
import { selectModels, type Selection } from "./select.ts";
import { fitSpend, meanSpend } from "./spend.ts";
import { summarize, type Purchases, type Summary } from "./summary.ts";
import { choosePastWeight } from "./value.ts";

/** What a store's own past windows teach: which models, season and value to trust. */
export type Rehearsal = Selection & {
  cutoffDay: number;
  /** Length of the window: the horizon, or less in a young store of fast rhythm (`testDays`). */
  horizonDays: number;
  /** How much of the value is read off past spend. */
  pastWeight: number;
  /** Whether the store's months have won the right to be believed, and by what. */
  seasonal: boolean;
  seasonTrials: SeasonTrial[];
  /** What the last window taught beyond the models, where that had helped before; and how much. */
  refinement: Refinement | null;
  refinementTrial: RefinementTrial | null;
};

/**
 * Stands one horizon back: fits everything on what was known at `asOfDay − horizonDays` and looks
 * at what happened since. Null when the store is not twice the horizon old.
 */
export function rehearse(purchases: Purchases, when: When): Rehearsal | null {
  const { asOfDay, horizonDays, firstDay } = when;
  const cutoffDay = asOfDay - horizonDays;
  if (cutoffDay - firstDay < horizonDays) return null;
  const summary = summarize(purchases, cutoffDay);
  const outcomes = outcomesOf(purchases, summary, [cutoffDay, asOfDay]);
  const seasonTrials = trySeason(purchases, when);
  const seasonal = seasonWins(seasonTrials);
  const season = seasonal
    ? fitSeason(purchases, cutoffDay, fitMbgNbd(compressHistories(summary)))
    : null;
  const frame = frameOf(summary, cutoffDay, season);
  const ahead = frame.days(horizonDays);
  const fit = fitsOf(compressHistories(frame.summary));
  const selection = selectModels({ summary: frame.summary, outcomes, horizonDays: ahead, fit });
  const models = selection.chosen.map(fit);
  const expected = expectedSpends(summary, frame, { models, ahead });
  const { refinement, trial } = learnRefinement(purchases, when, {
    chosen: selection.chosen,
    seasonal,
  });
  const past = summary.meanSpend.map((mean, i) => mean * (summary.frequency[i] + 1));
  return {
    ...selection,
    cutoffDay,
    horizonDays,
    pastWeight: choosePastWeight(expected, past, outcomes.spend),
    seasonal,
    seasonTrials,
    refinement,
    refinementTrial: trial,
  };
}

/** Fits of each model to the same histories, each made once. */
function fitsOf(histories: Histories): (candidate: Candidate) => Likelihood {
  const known = new Map<Candidate, Likelihood>();
  return (candidate) => {
    const likelihood = known.get(candidate) ?? fitCandidate(candidate, histories);
    known.set(candidate, likelihood);
    return likelihood;
  };
}

function expectedSpends(
  summary: Summary,
  frame: Frame,
  { models, ahead }: { models: Likelihood[]; ahead: number },
): Float64Array {
  const forecast = averageOf(models.map(forecastOf));
  const spend = fitSpend(summary);
  return summary.meanSpend.map((mean, i) => {
    const history = {
      frequency: summary.frequency[i],
      recency: frame.summary.recencyDays[i],
      age: frame.summary.ageDays[i],
    };
    return forecast.orders(history, ahead) * meanSpend(spend, history.frequency + 1, mean);
  });
}
