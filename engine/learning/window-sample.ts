import type { Summary } from "../histories/summary.ts";
import { pick } from "../maths/pick.ts";

/** Of stores with twice as many customers, or more, about so many are looked at in a past window. */
const SAMPLE = 50_000;

/** Rows of every so manieth history of a large store's summary, by its hash; null for all. */
export function sampleRows(summary: Summary, asOfDay: number): Uint32Array | null {
  const step = Math.floor(summary.customers / SAMPLE);
  if (step < 2) return null;
  const rows = new Uint32Array(summary.customers);
  let count = 0;
  for (let row = 0; row < summary.customers; row++)
    if (hashOf(summary, row, asOfDay) % step === 0) rows[count++] = row;
  return rows.slice(0, count);
}

/** Some customers of a summary. */
export function pickRows(summary: Summary, rows: Uint32Array): Summary {
  const counts = () => new Int32Array(rows.length);
  return {
    customers: rows.length,
    index: pick(summary.index, rows, counts()),
    frequency: pick(summary.frequency, rows, counts()),
    recencyDays: pick(summary.recencyDays, rows, counts()),
    ageDays: pick(summary.ageDays, rows, counts()),
    meanSpend: pick(summary.meanSpend, rows, new Float64Array(rows.length)),
  };
}

/**
 * Of x and of the first and last day: customers with equal histories are taken, or left out,
 * together, and who does not order stays in the sample, or out of it, from night to night.
 */
function hashOf(summary: Summary, row: number, asOfDay: number): number {
  const { frequency, recencyDays, ageDays } = summary;
  let hash = Math.imul(asOfDay - ageDays[row] + 1, 0x2c1b3c6d);
  for (const value of [frequency[row], recencyDays[row]]) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ value, 0x297a2d39);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}
