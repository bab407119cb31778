import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { Purchases } from "#engine";

import { dayOf, type OrderRow, toPurchases } from "./rows.ts";

/** The real stores included in the project, as purchases; amounts in major units. */

function read(name: string): string {
  const bytes = readFileSync(new URL(`../../data/${name}`, import.meta.url));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
}

/** 23,570 customers who first bought in the first quarter of 1997, to 1998-06-30. */
export function cdnow(): Purchases {
  return toPurchases(cdnowRows("CDNOW_master.txt.gz", 1, 0));
}

/** The 1/10 sample of 2,357 customers that the papers use. */
export function cdnowSample(): Purchases {
  return toPurchases(cdnowRows("CDNOW_sample.txt", 2, 1));
}

function cdnowRows(name: string, dateColumn: number, customerColumn: number): OrderRow[] {
  return read(name)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => /^\d{8}$/.test(cells[dateColumn] ?? ""))
    .map((cells) => ({
      customer: cells[customerColumn],
      day: dayOf(cells[dateColumn].replace(/(....)(..)(..)/, "$1-$2-$3")),
      amount: Number(cells.at(-1)),
    }));
}

/** An online gift shop, 2009-12-01 to 2010-12-09; without cancellations, zero invoices and guests. */
export function giftware(): Purchases {
  const rows = read("online-retail-2010.csv.gz")
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .filter(([invoice, customer]) => /^\d/.test(invoice) && customer)
    .map((cells) => ({
      customer: cells[1],
      day: dayOf(cells[2].slice(0, 10)),
      amount: Number(cells[3]),
    }))
    .filter((row) => row.amount > 0);
  return toPurchases(rows);
}
