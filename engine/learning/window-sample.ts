import type { Summary } from "../histories/summary.ts";
import { gather } from "../maths/gather.ts";

/**
 * Smallest sample of customers in a past window; stores with fewer than twice as many are not
 * sampled.
 */
const SAMPLE = 50_000;

/**
 * Rows of a sample of a large store's summary, chosen by a hash of the history; null for all rows.
 */
export function sampleRows(summary: Summary, asOfDay: number): Uint32Array | null {
  const step = Math.floor(summary.customers / SAMPLE);
  if (step < 2) return null;
  const rows = new Uint32Array(summary.customers);
  let count = 0;
  for (let row = 0; row < summary.customers; row++)
    if (hashOf(summary, row, asOfDay) % step === 0) rows[count++] = row;
  return rows.slice(0, count);
}

/** The summary of some of its rows, without traces. */
export function pickRows(summary: Summary, rows: Uint32Array): Summary {
  const counts = () => new Int32Array(rows.length);
  return {
    customers: rows.length,
    index: gather(summary.index, rows, counts()),
    frequency: gather(summary.frequency, rows, counts()),
    recencyDays: gather(summary.recencyDays, rows, counts()),
    ageDays: gather(summary.ageDays, rows, counts()),
    meanSpend: gather(summary.meanSpend, rows, new Float64Array(rows.length)),
  };
}

/**
 * Hash of x and of the first and last purchase day: customers with equal histories are sampled
 * together, and a customer who does not order stays in or out of the sample from night to night.
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
