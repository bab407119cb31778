import type { ExportedOrder } from "#app/shopify/resources/orders.ts";

/** An order in the export's format: late in the evening in New York, on the next day in UTC. */
export const exportedOrder: ExportedOrder = {
  id: "gid://shopify/Order/820982911946154508",
  processedAt: "2026-01-05T04:59:59Z",
  updatedAt: "2026-01-06T10:00:00Z",
  cancelledAt: null,
  test: false,
  displayFinancialStatus: "PAID",
  currentTotalPriceSet: { shopMoney: { amount: "55.0" } },
  sourceName: "web",
  tags: ["gift"],
  customer: { id: "gid://shopify/Customer/115310627314723954" },
};
