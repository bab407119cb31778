import type { JudgedWeek } from "#app/scoring/store/judged-week.ts";

/**
 * How far predictions are to be believed, by the newest judged weeks.
 *
 * - `untested`: no week could be judged yet.
 * - `good`: likelihoods told more than the store's average, and about as many bought as expected.
 * - `level`: who buys was ranked rightly, but half as many again were expected as bought, or the reverse.
 * - `weak`: likelihoods told hardly more than the store's average.
 * - `off`: likelihoods told less than the store's average.
 */
export type TrustState = "untested" | "good" | "level" | "weak" | "off";

export type Trust = {
  state: TrustState;
  /** How many weeks it rests on. */
  weeks: number;
  /** 1 − log loss / log loss of the share who bought: 0 is no better than that share for everybody. */
  skill: number | null;
  /** Expected over actual buyers; null when nobody bought. */
  level: number | null;
};

/** The newest judged weeks that count; their horizons overlap, so that more would add little. */
export const TRUST_WEEKS = 4;
/** As the gate asks of past windows. */
const MIN_SKILL = 0.02;
const MAX_LEVEL = 1.5;

/** @param weeks newest first */
export function trustOf(weeks: readonly JudgedWeek[]): Trust {
  const counted = weeks.slice(0, TRUST_WEEKS).map(({ result }) => result);
  if (counted.length === 0) return { state: "untested", weeks: 0, skill: null, level: null };
  const sum = (of: (result: JudgedWeek["result"]) => number) =>
    counted.reduce((total, result) => total + of(result), 0);
  const base = sum(({ customers, baseLogLoss }) => customers * baseLogLoss);
  const loss = sum(({ customers, logLoss }) => customers * logLoss);
  const buyers = sum((result) => result.buyers);
  const skill = base > 0 ? 1 - loss / base : null;
  const level = buyers > 0 ? sum(({ expectedBuyers }) => expectedBuyers) / buyers : null;
  return { state: stateOf(skill, level), weeks: counted.length, skill, level };
}

function stateOf(skill: number | null, level: number | null): TrustState {
  // Nobody bought, or everybody did: whatever was expected, it told nothing of who.
  if (skill === null || level === null || skill < 0) return "off";
  if (skill < MIN_SKILL) return "weak";
  return level > MAX_LEVEL || level < 1 / MAX_LEVEL ? "level" : "good";
}
