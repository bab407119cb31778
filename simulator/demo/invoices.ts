import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** One row of data/online-retail-2010.csv.gz: an invoice with its lines summed. */
export type Invoice = {
  /** Six digits; a leading C marks a cancellation, a leading A an accounting booking. */
  number: string;
  customer: string | null;
  /** Clock time in the shop, see time-zone.ts. */
  wallMs: number;
  /** Pence; negative for refunds. */
  amountMinor: number;
  /** As in the source, such as `EIRE`. */
  countryName: string;
};

const unzip = promisify(gunzip);
const source = new URL("../../data/online-retail-2010.csv.gz", import.meta.url);
const header = "invoice,customer_id,invoiced_at,amount_gbp,items,country";

/** All invoices by time. Throws if the file has another header. */
export async function readInvoices(): Promise<Invoice[]> {
  const text = (await unzip(await readFile(source))).toString("utf8");
  const [first, ...rows] = text.trimEnd().split(/\r?\n/);
  if (first !== header)
    throw new Error(`${source.pathname} begins with "${String(first)}", not "${header}"`);
  return rows.map(parseInvoice);
}

function parseInvoice(row: string): Invoice {
  const [number, customer, invoicedAt, amount, , countryName, ...rest] = row.split(",");
  const wallMs = Date.parse(`${invoicedAt ?? ""}Z`);
  const amountMinor = Math.round(Number(amount) * 100);
  if (number === undefined || countryName === undefined || rest.length > 0) throw unreadable(row);
  if (Number.isNaN(wallMs) || Number.isNaN(amountMinor)) throw unreadable(row);
  return {
    number,
    customer: customer === "" ? null : (customer ?? null),
    wallMs,
    amountMinor,
    countryName,
  };
}

function unreadable(row: string): Error {
  return new Error(`${source.pathname} has an invalid row: "${row}"`);
}
