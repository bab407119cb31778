import { minorDigits } from "#simulator/money.ts";
import type { FinancialStatus, SimShop, SimTransaction } from "#simulator/state.ts";

type Bag = { shopMoney: { amount: string | number; currencyCode: string } };

export type OrderInput = {
  email?: string | null;
  currency?: string | null;
  customerId?: string | null;
  customer?: {
    toAssociate?: { id?: string | null; email?: string | null } | null;
    toUpsert?: object | null;
  } | null;
  financialStatus?: FinancialStatus | null;
  lineItems?:
    | {
        title?: string | null;
        quantity: number;
        priceSet?: Bag | null;
        productId?: string | null;
        variantId?: string | null;
      }[]
    | null;
  name?: string | null;
  note?: string | null;
  processedAt?: string | null;
  sourceName?: string | null;
  tags?: string[] | null;
  test?: boolean | null;
  transactions?:
    { kind?: string; status?: string; gateway?: string | null; amountSet: Bag }[] | null;
};

export type OrderError = { field: string[] | null; message: string; code: string | null };

function wrong(part: string[], message: string, code: string): OrderError {
  return { field: ["order", ...part], message, code };
}

/** All errors of an order; only the message about line items is recorded. */
export function orderProblems(input: OrderInput, now: Date): OrderError[] {
  const problems: OrderError[] = [];
  const items = input.lineItems ?? [];
  if (items.length === 0) {
    problems.push(wrong(["lineItems"], "Line items must have at least one line item", "INVALID"));
  }
  for (const [at, { title, quantity }] of items.entries()) {
    const place = ["lineItems", String(at)];
    if ((title ?? "").trim() === "") {
      problems.push(wrong([...place, "title"], "Title can't be blank", "INVALID"));
    }
    if (quantity < 1) {
      const message = "Quantity must be greater than or equal to 1";
      problems.push(wrong([...place, "quantity"], message, "INVALID"));
    }
  }
  if (input.customerId && input.customer) {
    const message = "Only one of customer_id and customer is permitted.";
    problems.push(wrong(["customer"], message, "REDUNDANT_CUSTOMER_FIELDS"));
  }
  if (input.processedAt && Date.parse(input.processedAt) > now.getTime()) {
    const message = "Processed at must not be in the future.";
    problems.push(wrong(["processedAt"], message, "PROCESSED_AT_INVALID"));
  }
  return problems;
}

/** In minor units of the shop's currency. */
export function totalOf(shop: SimShop, { lineItems }: OrderInput): number {
  return (lineItems ?? []).reduce(
    (sum, { priceSet, quantity }) => sum + quantity * minorOf(shop, priceSet ?? undefined),
    0,
  );
}

export function minorOf({ currency }: SimShop, bag: Bag | undefined): number {
  return Math.round(Number(bag?.shopMoney.amount ?? 0) * 10 ** minorDigits(currency));
}

/** The paid and pending amounts according to the transactions; paid where there are none. */
export function statusOf(
  given: FinancialStatus | null | undefined,
  transactions: readonly SimTransaction[],
  totalMinor: number,
): FinancialStatus {
  if (given) return given;
  if (transactions.length === 0) return "PAID";
  const received = receivedBy(transactions);
  if (received >= totalMinor) return "PAID";
  if (received > 0) return "PARTIALLY_PAID";
  const isPromised = transactions.some(({ kind, status }) => {
    return kind === "AUTHORIZATION" && status === "SUCCESS";
  });
  return isPromised ? "AUTHORIZED" : "PENDING";
}

export function receivedBy(transactions: readonly SimTransaction[]): number {
  return transactions
    .filter(({ kind, status }) => status === "SUCCESS" && (kind === "SALE" || kind === "CAPTURE"))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
