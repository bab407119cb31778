import { z } from "zod";

import { numberIn } from "#app/lib/ids.ts";
import { parseOrder, readTime } from "#app/shopify/resources/orders.ts";

import { normaliseOrder, type ShopUnits, type StoredOrder } from "./normalise.ts";
import { UnreadableField, type UnreadableOrder } from "./unreadable-orders.ts";

/** An order, or what is the matter with it; the id is null where not even that can be read. */
export type OrderReading =
  | { kind: "read"; order: StoredOrder }
  | { kind: "unreadable"; found: Omit<UnreadableOrder, "orderId"> & { orderId: string | null } };

/** Reads an order as Shopify tells it. */
export function readOrder(value: unknown, units: ShopUnits): OrderReading {
  try {
    return { kind: "read", order: normaliseOrder(parseOrder(value), units) };
  } catch (error) {
    const told = isObject(value) ? value : {};
    return {
      kind: "unreadable",
      found: {
        ...reasonOf(error),
        orderId: numberIn("Order", told.id),
        updatedAt: readTime(told.updatedAt),
      },
    };
  }
}

/** How each line of the export begins, whatever has become of the rest. */
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

/** Orders that were asked for by their ids, as Shopify tells them: those that can be read, and the others. */
export function readAll(
  told: ReadonlyMap<string, unknown>,
  units: ShopUnits,
): { orders: StoredOrder[]; unreadable: UnreadableOrder[] } {
  const orders: StoredOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  for (const [orderId, value] of told) {
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

/** @throws what is no fault of the order's */
function reasonOf(error: unknown): Pick<UnreadableOrder, "reason" | "detail"> {
  if (error instanceof UnreadableField) return { reason: error.reason, detail: error.message };
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    const field = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
    return { reason: "shape", detail: `${field}: ${issue?.message ?? "unexpected"}` };
  }
  throw error;
}
