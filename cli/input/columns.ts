import { BadInput, quoted } from "../bad-input.ts";

/** Index of each column in a row; null where the file has no such column. */
export type Columns = {
  customer: number;
  date: number;
  amount: number;
  currency: number | null;
  order: number | null;
};

export type ColumnChoice = { customer?: string; date?: string; amount?: string };

type Wanted = "customer" | "date" | "amount";

/** Usual names, the most usual first. A unit price is not an amount, so it is not among them. */
const usual: Record<Wanted | "currency" | "order", string[]> = {
  customer:
    "customer_id customerid customer cust_id custid cust client_id client user_id userid user buyer_id buyer member_id shopper_id account_id household_key card_id card customer_email email".split(
      " ",
    ),
  date: "date order_date orderdate processed_at created_at invoiced_at ordered_at purchased_at placed_at invoice_date invoicedate purchase_date transaction_date order_created_at order_timestamp datetime timestamp day paid_at".split(
    " ",
  ),
  amount:
    "amount total order_total total_price order_amount order_value grand_total total_amount total_spent revenue net_sales sales spend spent value dollar_value monetary_value payment_value subtotal".split(
      " ",
    ),
  currency: ["currency", "currency_code", "order_currency", "presentment_currency"],
  order:
    "order_id orderid order_number order_no order_name order invoice_id invoice_no invoiceno invoice_number invoice transaction_id transaction receipt_id receipt".split(
      " ",
    ),
};

/** Finds the columns by name. Throws BadInput when one is missing or named twice. */
export function findColumns(header: readonly string[], choice: ColumnChoice): Columns {
  const names = header.map(plain);
  const find = (wanted: Wanted): number => {
    const chosen = choice[wanted];
    const found =
      chosen === undefined
        ? recognise(names, wanted)
        : (unique(header, chosen, header) ?? unique(names, plain(chosen), header));
    if (found !== null) return found;
    throw new BadInput(missing(header, wanted, chosen), { line: 1 });
  };
  return {
    customer: find("customer"),
    date: find("date"),
    amount: find("amount"),
    currency: recognise(names, "currency"),
    order: recognise(names, "order") ?? nameOfShopifyOrder(names),
  };
}

/** Rows that are left out: those with this value in this column. */
export type Exclusion = { column: string; value: string };

/**
 * Finds the column of an exclusion. Throws BadInput when there is no column of that name, or two.
 */
export function findExcluded(header: readonly string[], { column }: Exclusion): number {
  const found = unique(header, column, header) ?? unique(header.map(plain), plain(column), header);
  if (found !== null) return found;
  throw new BadInput(missing(header, "customer", column), { line: 1 });
}

/** The currency in a column name such as `amount_gbp`. */
export function currencyInName(name: string): string | null {
  return /_([a-z]{3})$/.exec(plain(name))?.[1].toUpperCase() ?? null;
}

function recognise(names: string[], wanted: Wanted | "currency" | "order"): number | null {
  for (const name of usual[wanted]) {
    const found = unique(names, name, names);
    if (found !== null) return found;
  }
  if (wanted !== "amount") return null;
  const inCurrency = names.find((name) =>
    /^(amount|total|revenue|sales|value|spend)_[a-z]{3}$/.test(name),
  );
  return inCurrency === undefined ? null : unique(names, inCurrency, names);
}

/** In Shopify's own export of orders, `Name` is the order's number. */
function nameOfShopifyOrder(names: string[]): number | null {
  return names.includes("financial_status") ? unique(names, "name", names) : null;
}

function unique(names: readonly string[], name: string, header: readonly string[]): number | null {
  const first = names.indexOf(name);
  if (first === -1) return null;
  if (names.indexOf(name, first + 1) === -1) return first;
  throw new BadInput(`the header names ${quoted(header[first])} twice: rename one of them`, {
    line: 1,
  });
}

function missing(header: readonly string[], wanted: Wanted, chosen: string | undefined): string {
  const found = header.map(quoted).slice(0, 30).join(", ");
  if (chosen !== undefined) return `there is no column ${quoted(chosen)}; there are ${found}`;
  return `no column is known to hold the ${wanted}: name it with --${wanted} COLUMN; there are ${found}`;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_|_$/g, "");
}
