import { type HorizonDays, horizons } from "#engine";

/** The horizon on the settings screen, in days. */
export type HorizonSettings = {
  /** The merchant's choice; null where the horizon is chosen for the store. */
  chosen: HorizonDays | null;
  /** That of the last scoring; null before the first. */
  current: number | null;
  /** Whether the choice waits for the next scoring. */
  pending: boolean;
};

/** @returns the horizon as sent, null for that of the store, undefined for anything else */
export function parseHorizon(text: string): HorizonDays | null | undefined {
  return text === "auto" ? null : horizons.find((days) => String(days) === text);
}
