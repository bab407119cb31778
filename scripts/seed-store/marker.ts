import { isoDay } from "#app/lib/calendar.ts";

import type { Run } from "./draw.ts";

/** The tag of everything that any run has created, and of nothing else. */
export const MARKER = "encore-seed";

/** Identifies an object of a run, as a tag on the object itself. */
export type Mark = { run: Run; kind: "c" | "o"; index: number };

const DAY_MS = 86_400_000;
const FORM = /^encore-seed-(\d{1,6})-(\d{1,5})-(\d{4})(\d\d)(\d\d)-([co])(\d{1,6})$/;

/** For example `encore-seed-1-100-20261130-o17`: the 18th order of the run. */
export function tagOf({ run, kind, index }: Mark): string {
  return `${nameOf(run)}-${kind}${index}`;
}

export function nameOf({ seed, customers, endDay }: Run): string {
  return `${MARKER}-${seed}-${customers}-${isoDay(endDay).replaceAll("-", "")}`;
}

/** @returns null when the tags are not of an object that a run has created */
export function markOf(tags: readonly string[]): Mark | null {
  if (!tags.includes(MARKER)) return null;
  for (const tag of tags) {
    const parts = FORM.exec(tag);
    if (parts === null) continue;
    const [, seed, customers, year, month, day, kind, index] = parts;
    const endDay = Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
    const run = { seed: Number(seed), customers: Number(customers), endDay };
    return { run, kind: kind === "c" ? "c" : "o", index: Number(index) };
  }
  return null;
}
