import type { Summary } from "../histories/summary.ts";
import { clockOf, inOperationalTime, type Season } from "./season.ts";

/** A summary on the models' time scale, and the length of a span of calendar days ahead on it. */
export type TimeScale = { summary: Summary; days: (ahead: number) => number };

/** Calendar time, or the operational time of a season. */
export function timeScaleOf(summary: Summary, asOfDay: number, season: Season | null): TimeScale {
  if (!season) return { summary, days: (ahead) => ahead };
  const clock = clockOf(summary, asOfDay, season);
  return {
    summary: inOperationalTime(summary, asOfDay, clock),
    days: (ahead) => clock.between(asOfDay, asOfDay + ahead),
  };
}
