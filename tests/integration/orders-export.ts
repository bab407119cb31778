import type { FakeShopify } from "./fake-shopify.ts";

export const OPERATION = "gid://shopify/BulkOperation/1";

export type Line = {
  id: number;
  customer?: number | null;
  at?: string;
  updated?: string;
  amount?: string;
  status?: string;
  test?: boolean;
  cancelled?: string | null;
};

/** An order as a line of the export. */
export function line(order: Line): string {
  const { id, customer = 1, at = "2026-01-10T12:00:00Z", amount = "10.0" } = order;
  return JSON.stringify({
    id: `gid://shopify/Order/${id}`,
    processedAt: at,
    updatedAt: order.updated ?? at,
    cancelledAt: order.cancelled ?? null,
    test: order.test ?? false,
    displayFinancialStatus: order.status ?? "PAID",
    currentTotalPriceSet: { shopMoney: { amount } },
    sourceName: "web",
    tags: ['tab\there, "quoted" \\ back', "plain"],
    customer: customer === null ? null : { id: `gid://shopify/Customer/${customer}` },
  }).replaceAll("/", "\\/");
}

export type Granted = { scopes?: string[] };

/** A shop whose export of all orders has these lines. */
export function shopWithExport(
  fake: FakeShopify,
  lines: string[],
  { scopes = ["read_orders", "read_all_orders"] }: Granted = {},
): void {
  const url = fake.serve("/result.jsonl", lines.map((each) => `${each}\n`).join(""));
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        id: "gid://shopify/Shop/1",
        name: "One",
        currencyCode: "GBP",
        ianaTimezone: "Europe/London",
        plan: { partnerDevelopment: false },
      },
      currentAppInstallation: { accessScopes: scopes.map((handle) => ({ handle })) },
    },
  }));
  fake.answers.set("EncoreRecentBulkOperations", () => ({
    data: { bulkOperations: { nodes: [] } },
  }));
  fake.answers.set("EncoreBulkQuery", () => ({
    data: { bulkOperationRunQuery: { bulkOperation: { id: OPERATION }, userErrors: [] } },
  }));
  fake.answers.set("EncoreBulkOperation", () =>
    ended(lines.length === 0 ? null : url, lines.length),
  );
}

export function ended(url: string | null, objects: number, status = "COMPLETED") {
  const count = String(objects);
  const operation = { id: OPERATION, status, errorCode: null, objectCount: count, url };
  return { data: { bulkOperation: { ...operation, partialDataUrl: null } } };
}
