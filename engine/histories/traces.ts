import type { Purchases, Summary, Traces } from "./summary.ts";

const YEAR = 365;

export function emptyTraces(customers: number): Traces {
  return {
    days30: new Uint8Array(customers),
    days90: new Uint8Array(customers),
    days180: new Uint8Array(customers),
    days365: new Uint16Array(customers),
    yearAgo: new Uint16Array(customers),
    lastGap: new Int32Array(customers),
    meanLnGap: new Float32Array(customers),
  };
}

/** Reads the traces of the customers of a summary taken at `asOfDay`, in one pass. */
export function readTraces(
  { customer, day }: Purchases,
  summary: Summary,
  { asOfDay, horizonDays }: { asOfDay: number; horizonDays: number },
): Traces {
  const traces = emptyTraces(summary.customers);
  let row = 0;
  let lnGaps = 0;
  for (let i = 0; i < customer.length; i++) {
    const today = day[i];
    if (today >= asOfDay) continue;
    while (row < summary.customers && summary.index[row] < customer[i]) {
      row++;
      lnGaps = 0;
    }
    if (summary.index[row] !== customer[i]) continue;
    const ago = asOfDay - today;
    traces.days30[row] += ago <= 30 ? 1 : 0;
    traces.days90[row] += ago <= 90 ? 1 : 0;
    traces.days180[row] += ago <= 180 ? 1 : 0;
    traces.days365[row] += ago <= YEAR ? 1 : 0;
    traces.yearAgo[row] += ago <= YEAR && ago > YEAR - horizonDays ? 1 : 0;
    if (i === 0 || customer[i - 1] !== customer[i]) continue;
    const gap = today - day[i - 1];
    lnGaps += Math.log(gap);
    traces.lastGap[row] = gap;
    if (today - (asOfDay - summary.ageDays[row]) === summary.recencyDays[row])
      traces.meanLnGap[row] = lnGaps / summary.frequency[row];
  }
  return traces;
}

/** The summary with the traces of its customers. */
export function traced(
  purchases: Purchases,
  summary: Summary,
  when: { asOfDay: number; horizonDays: number },
): Summary {
  return { ...summary, traces: readTraces(purchases, summary, when) };
}
