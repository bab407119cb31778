import { closeSync, openSync, writeSync } from "node:fs";

import { toGid } from "#app/lib/ids.ts";
import { simulateStore } from "#engine";

/** A million customers over these years place a little more than three million orders. */
const YEARS = { startDay: 18_654, endDay: 20_454 };

const FIRST_CUSTOMER = 7_000_000_000_000;
const FIRST_ORDER = 5_000_000_000_000;
const DAY_MS = 86_400_000;
const LINES_PER_WRITE = 5_000;

/**
 * Writes the bulk export of all orders of a simulated store: a line for each order, in the order in
 * which they were placed.
 *
 * @returns the number of orders
 */
export function writeOrdersFile(file: string, customers: number): number {
  const { purchases } = simulateStore({ seed: 7, customers, ...YEARS, acquisition: "growing" });
  const { customer, day, amount } = purchases;
  const sequence = Uint32Array.from(day.keys()).sort((left, right) => day[left] - day[right]);
  const output = openSync(file, "w");
  try {
    let lines: string[] = [];
    for (const [index, row] of sequence.entries()) {
      const placedAt = day[row] * DAY_MS + ((index * 7919) % 86_400) * 1000;
      lines.push(lineOf({ index, placedAt, customer: customer[row], amount: amount[row] }));
      if (lines.length < LINES_PER_WRITE && index + 1 < sequence.length) continue;
      writeSync(output, lines.join(""));
      lines = [];
    }
  } finally {
    closeSync(output);
  }
  return sequence.length;
}

type Placed = { index: number; placedAt: number; customer: number; amount: number };

function lineOf({ index, placedAt, customer, amount }: Placed): string {
  const processedAt = new Date(placedAt).toISOString().replace(".000Z", "Z");
  const line = JSON.stringify({
    id: toGid("Order", String(FIRST_ORDER + index)),
    processedAt,
    updatedAt: processedAt,
    cancelledAt: null,
    test: false,
    displayFinancialStatus: "PAID",
    currentTotalPriceSet: { shopMoney: { amount: amount.toFixed(2) } },
    sourceName: index % 9 === 0 ? "pos" : "web",
    tags: index % 20 === 0 ? ["gift"] : [],
    customer: { id: toGid("Customer", String(FIRST_CUSTOMER + customer)) },
  });
  // Shopify escapes slashes.
  return `${line.replaceAll("/", "\\/")}\n`;
}
