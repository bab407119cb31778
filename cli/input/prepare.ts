import type { Purchases } from "#engine";

import { BadInput } from "../bad-input.ts";
import { writeDay } from "./days.ts";
import { type PurchaseCounts, toPurchases } from "./purchases.ts";
import type { OrderFile, RowCounts } from "./read-orders.ts";

/** An orders file, ready for the engine. */
export type Prepared = {
  /** The id of each customer index; sorted. */
  ids: string[];
  purchases: Purchases;
  /** Orders before this day are used. */
  asOfDay: number;
  /** How the rows of the file were treated. */
  rows: RowCounts & PurchaseCounts;
  columns: OrderFile["columns"];
  currency: string | null;
};

/** Throws BadInput when no order remains. */
export function prepare(
  { table, counts, columns, currency, lastDay }: OrderFile,
  { beforeDay, settledDay }: { beforeDay?: number | undefined; settledDay?: number },
): Prepared {
  if (lastDay === null && counts.impossibleDay > 0) {
    throw new BadInput(
      `${counts.impossibleDay} of ${counts.read} rows are of a day before 1995-01-01 or after tomorrow, ` +
        "and no other has a customer and an amount: is the right column read as the date?",
    );
  }
  if (lastDay === null) {
    throw new BadInput(
      "no row has a customer and an amount other than nothing: is the right column read as the customer?",
    );
  }
  const asOfDay = beforeDay ?? lastDay + 1;
  const { purchases, counts: netted } = toPurchases(table, {
    beforeDay: asOfDay,
    ...(settledDay === undefined ? {} : { settledDay }),
  });
  if (purchases.day.length === 0) {
    throw new BadInput(`nothing was bought, and kept, before ${writeDay(asOfDay)}`);
  }
  const rows = { ...counts, ...netted };
  return { ids: table.ids, purchases, asOfDay, rows, columns, currency };
}
