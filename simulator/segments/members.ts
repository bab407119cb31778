import { customerTotals } from "#simulator/customer-totals.ts";
import { badRequest } from "#simulator/graphql/errors.ts";
import { minorDigits } from "#simulator/money.ts";
import {
  encodeCursor,
  type PageArguments,
  type Position,
} from "#simulator/resolvers/connection.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

import { createCalendar } from "./calendar.ts";
import { attributeReaders } from "./values.ts";

/** Documented: four times the page size of other connections. */
const largestPage = 1000;

export type Order = { sortKey?: string | null; reverse?: boolean | null };

const sortKeys: Readonly<Record<string, string>> = {
  created_at: "customer_added_date",
  first_order_date: "first_order_date",
  last_abandoned_order_date: "abandoned_checkout_date",
  last_order_date: "last_order_date",
  number_of_orders: "number_of_orders",
  amount_spent: "amount_spent",
};

/** By id, or by a sort key, with customers without a value first. */
export function sortMembers(
  shop: SimShop,
  members: readonly SimCustomer[],
  { sortKey, reverse }: Order,
): SimCustomer[] {
  const value = sortValue(shop, sortKey);
  const direction = reverse === true ? -1 : 1;
  return members
    .map((member) => ({ member, value: value(member), id: Number(member.id) }))
    .sort((a, b) => direction * (a.value - b.value || a.id - b.id))
    .map(({ member }) => member);
}

/** Finite, so that two missing values can be subtracted. */
const missing = -Number.MAX_SAFE_INTEGER;

function sortValue(
  shop: SimShop,
  sortKey: string | null | undefined,
): (member: SimCustomer) => number {
  if (sortKey === null || sortKey === undefined) return () => 0;
  const attribute = Object.hasOwn(sortKeys, sortKey) ? sortKeys[sortKey] : undefined;
  // Only instants are compared, so any zone gives the same order.
  const readers = attributeReaders(shop, createCalendar(new Date(0), "UTC"));
  const reader = readers.get(attribute ?? "");
  if (reader?.kind !== "number" && reader?.kind !== "date") {
    throw badRequest(`'${sortKey}' is not a valid sort key.`);
  }
  return (member) => reader.read(member) ?? missing;
}

/** A page of members, with statistics of all members. This connection has no `nodes`. */
export function memberConnection(
  shop: SimShop,
  members: readonly SimCustomer[],
  args: PageArguments,
) {
  const position = (member: SimCustomer): Position => ({ id: member.id, value: Number(member.id) });
  const cursorOf = (member: SimCustomer) => encodeCursor(position(member));
  const indexOf = (cursor: string) => {
    const found = members.findIndex((member) => cursorOf(member) === cursor);
    if (found === -1) throw badRequest("Invalid cursor for current pagination sort.");
    return found;
  };
  let start = typeof args.after === "string" ? indexOf(args.after) + 1 : 0;
  let end = typeof args.before === "string" ? indexOf(args.before) : members.length;
  const size = pageSize(args);
  if (typeof args.last === "number") start = Math.max(start, end - size);
  else end = Math.min(end, start + size);
  const edges = members.slice(start, end).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    totalCount: members.length,
    pageInfo: {
      hasNextPage: end < members.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    statistics: { shop, members },
  };
}

export type Statistics = { shop: SimShop; members: readonly SimCustomer[] };

/** `amount_spent` in major units, or `number_of_orders`; zeros for an empty segment. */
export function attributeStatistics({ shop, members }: Statistics, attributeName: string) {
  const scale = 10 ** minorDigits(shop.currency);
  const totals = members.map((member) => customerTotals(shop, member));
  const values = totals.map(({ orders, spentMinor }) => {
    if (attributeName === "amount_spent") return spentMinor;
    if (attributeName === "number_of_orders") return orders * scale;
    throw badRequest(`There are no statistics of '${attributeName}'.`);
  });
  // Summed in minor units: integers are exact.
  const sum = values.reduce((total, value) => total + value, 0) / scale;
  return { sum, average: members.length === 0 ? 0 : sum / members.length };
}

function pageSize({ first, last }: PageArguments): number {
  if (typeof first === "number" && typeof last === "number") {
    throw badRequest("providing both first and last is not supported");
  }
  const size = first ?? last;
  if (typeof size !== "number") throw badRequest("you must provide one of first or last");
  if (size < 0) throw badRequest("the page size cannot be negative");
  if (size > largestPage) throw badRequest(`the page size cannot exceed ${largestPage}`);
  return size;
}
