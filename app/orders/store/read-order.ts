import { z } from "zod";

import { numberIn } from "#app/lib/ids.ts";
import { parseOrder, readTime } from "#app/shopify/resources/orders.ts";

import { normaliseOrder, type ShopUnits, type StoredOrder } from "./normalise.ts";
import { UnreadableField, type UnreadableOrder } from "./unreadable-orders.ts";

/** An order, or why it cannot be read; the id is null when it cannot be read either. */
export type OrderReading =
  | { kind: "read"; order: StoredOrder }
  | { kind: "unreadable"; found: Omit<UnreadableOrder, "orderId"> & { orderId: string | null } };

/** Validates and normalises an order from the Admin API. */
export function readOrder(value: unknown, units: ShopUnits): OrderReading {
  try {
    return { kind: "read", order: normaliseOrder(parseOrder(value), units) };
  } catch (error) {
    const fields = isObject(value) ? value : {};
    return {
      kind: "unreadable",
      found: {
        ...reasonOf(error),
        orderId: numberIn("Order", fields.id),
        updatedAt: readTime(fields.updatedAt),
      },
    };
  }
}

/** The start of each line of the export, which may be intact when the rest is not. */
const BEGINNING = /^\{"id":"gid:\\?\/\\?\/shopify\\?\/Order\\?\/(\d{1,20})"/;

/** Reads an order from a line of the export. */
export function readOrderLine(line: string, units: ShopUnits): OrderReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const orderId = BEGINNING.exec(line)?.[1] ?? null;
    const found = { orderId, reason: "line", detail: "the line is not JSON" } as const;
    return { kind: "unreadable", found: { ...found, updatedAt: null } };
  }
  return readOrder(value, units);
}

/** Reads orders that were fetched by id. An order whose own id differs is unreadable. */
export function readAll(
  fetched: ReadonlyMap<string, unknown>,
  units: ShopUnits,
): { orders: StoredOrder[]; unreadable: UnreadableOrder[] } {
  const orders: StoredOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const [orderId, value] of fetched) {
    const reading = readOrder(value, units);
    if (reading.kind === "unreadable") unreadable.push({ ...reading.found, orderId });
    else if (reading.order.orderId === orderId) orders.push(reading.order);
    else {
      const detail = "id is that of another order";
      unreadable.push({ orderId, reason: "id", detail, updatedAt: null });
    }
  }
  return { orders, unreadable };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** @throws the error itself when it is not about the order */
function reasonOf(error: unknown): Pick<UnreadableOrder, "reason" | "detail"> {
  if (error instanceof UnreadableField) return { reason: error.reason, detail: error.message };
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
    return { reason: "shape", detail: `${field}: ${issue?.message ?? "unexpected"}` };
  }
  throw error;
}
