import type { JudgedWeek } from "#app/scoring/store/judged-week.ts";

/**
 * How far predictions are to be believed, by the newest judged weeks.
 *
 * - `untested`: no week could be judged yet.
 * - `good`: likelihoods told more than the store's average, and about as many bought as expected.
 * - `level`: who buys was ranked rightly, but buyers or spend were off by more than a quarter.
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
  /** Expected over actual buyers, and spend; null when nobody bought. */
  level: { buyers: number; spend: number } | null;
};

/** The newest judged weeks that count; their horizons overlap, so that more would add little. */
export const TRUST_WEEKS = 4;
/** As the gate asks of past windows. */
const MIN_SKILL = 0.02;
const MAX_LEVEL = 1.25;

/** @param weeks newest first */
export function trustOf(weeks: readonly JudgedWeek[]): Trust {
  const counted = weeks.slice(0, TRUST_WEEKS).map(({ result }) => result);
  if (counted.length === 0) return { state: "untested", weeks: 0, skill: null, level: null };
  const sum = (of: (result: JudgedWeek["result"]) => number) =>
    counted.reduce((total, result) => total + of(result), 0);
  const base = sum(({ customers, baseLogLoss }) => customers * baseLogLoss);
  const loss = sum(({ customers, logLoss }) => customers * logLoss);
  const skill = base > 0 ? 1 - loss / base : null;
  const [buyers, spend] = [sum((result) => result.buyers), sum((result) => result.spend)];
  const level =
    buyers > 0 && spend > 0
      ? {
          buyers: sum(({ expectedBuyers }) => expectedBuyers) / buyers,
          spend: sum(({ expectedSpend }) => expectedSpend) / spend,
        }
      : null;
  return { state: stateOf(skill, level), weeks: counted.length, skill, level };
}

function stateOf(skill: number | null, level: Trust["level"]): TrustState {
  // Nobody bought, or everybody did: whatever was expected, it told nothing of who.
  if (skill === null || level === null || skill < 0) return "off";
  if (skill < MIN_SKILL) return "weak";
  return isOff(level.buyers) || isOff(level.spend) ? "level" : "good";
}

/** Whether expected over actual is further from 1 than is called about right. */
export function isOff(level: number): boolean {
  return level > MAX_LEVEL || level < 1 / MAX_LEVEL;
}
