import type { Summary } from "./summary.ts";

/** Of stores with twice as many customers, or more, about so many are looked at in a past window. */
const SAMPLE = 100_000;

/** A summary's customers; of a large store those of every so manieth history, by its hash. */
export function sampleOf(summary: Summary, asOfDay: number): Summary {
  const step = Math.floor(summary.customers / SAMPLE);
  if (step < 2) return summary;
  const rows: number[] = [];
  for (let row = 0; row < summary.customers; row++)
    if (hashOf(summary, row, asOfDay) % step === 0) rows.push(row);
  return pickRows(summary, Uint32Array.from(rows));
}

/** Some customers of a summary. */
export function pickRows(summary: Summary, rows: Uint32Array): Summary {
  const pick = (values: Int32Array) => Int32Array.from(rows, (row) => values[row]);
  return {
    customers: rows.length,
    index: pick(summary.index),
    frequency: pick(summary.frequency),
    recencyDays: pick(summary.recencyDays),
    ageDays: pick(summary.ageDays),
    meanSpend: Float64Array.from(rows, (row) => summary.meanSpend[row]),
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
