import { topLevelError } from "#simulator/graphql/errors.ts";
import type { SimCustomer, SimShop } from "#simulator/state.ts";

import { metafieldReference, type ValueType } from "./attributes.ts";
import { type Calendar, createCalendar } from "./calendar.ts";
import { dateTest, equalityTest, listTest, numberTest } from "./conditions.ts";
import { misreading } from "./forms.ts";
import { seenBySegments } from "./lag.ts";
import { listItems, metafieldTypesOf, metafieldValue } from "./metafields.ts";
import { ordersPlacedTest } from "./orders-placed.ts";
import type { Clause, EventClause, SegmentQuery } from "./query.ts";
import { attributeReaders, type Reader } from "./values.ts";

export type Predicate = (customer: SimCustomer) => boolean;

type Place = { shop: SimShop; calendar: Calendar; readers: Map<string, Reader> };

/** The customers that match a query, in the shop's order. Days are those of the shop's time zone. */
export function segmentMembers(shop: SimShop, ast: SegmentQuery, now: Date): SimCustomer[] {
  const matches = compileQuery(shop, ast, createCalendar(now, shop.timeZone));
  return [...shop.customers.values()].filter(matches);
}

/**
 * A predicate for customers; later changes of customers are only seen by a new one.
 * Throws SIMULATOR_NOT_IMPLEMENTED for a filter the simulated shop cannot answer.
 */
export function compileQuery(shop: SimShop, ast: SegmentQuery, calendar: Calendar): Predicate {
  const matches = compile(ast, { shop, calendar, readers: attributeReaders(shop, calendar) });
  return (customer) => matches(seenBySegments(shop, customer));
}

function compile(query: SegmentQuery, place: Place): Predicate {
  switch (query.kind) {
    case "and": {
      const parts = query.parts.map((part) => compile(part, place));
      return (customer) => parts.every((part) => part(customer));
    }
    case "or": {
      const parts = query.parts.map((part) => compile(part, place));
      return (customer) => parts.some((part) => part(customer));
    }
    case "event":
      return compileEvent(query, place);
    case "clause":
      return compileClause(query, place);
  }
}

function compileEvent(clause: EventClause, { shop, calendar }: Place): Predicate {
  if (clause.event !== "orders_placed") throw notSimulated(clause.event);
  const happened = ordersPlacedTest(shop, clause.parameters, calendar);
  return (customer) => happened(customer) !== clause.negated;
}

function compileClause({ attribute, condition }: Clause, place: Place): Predicate {
  const reference = metafieldReference(attribute);
  const misread = reference === null ? undefined : misreading(place.shop, condition);
  if (misread !== undefined) return () => misread;
  const reader = readerOf(attribute, place);
  switch (reader.kind) {
    case "number": {
      const test = numberTest(condition);
      return (customer) => test(reader.read(customer));
    }
    case "date": {
      const test = dateTest(condition, place.calendar);
      return (customer) => test(reader.read(customer));
    }
    case "text": {
      const test = equalityTest(condition);
      return (customer) => test(reader.read(customer));
    }
    case "list": {
      const test = listTest(condition);
      return (customer) => test(reader.read(customer));
    }
  }
}

function readerOf(attribute: string, place: Place): Reader {
  const reference = metafieldReference(attribute);
  if (reference === null) {
    const reader = place.readers.get(attribute);
    if (reader === undefined) throw notSimulated(attribute);
    return reader;
  }
  const type = metafieldTypesOf(place.shop)(reference.namespace, reference.key);
  // Its definition existed when the segment was created and was deleted since.
  if (type === null) throw topLevelError(`'${attribute}' filter cannot be found.`, "INVALID");
  return metafieldReader(type, { ...reference, calendar: place.calendar });
}

type MetafieldPlace = { namespace: string; key: string; calendar: Calendar };

function metafieldReader(type: ValueType, place: MetafieldPlace): Reader {
  const value = (customer: SimCustomer) => metafieldValue(customer, place);
  const mapped =
    <T>(convert: (text: string) => T) =>
    (customer: SimCustomer): T | null => {
      const text = value(customer);
      return text === null ? null : convert(text);
    };
  switch (type.kind) {
    case "number":
      return { kind: "number", read: mapped(Number) };
    case "date":
      return { kind: "date", read: mapped((text) => metafieldDate(text, place.calendar)) };
    case "strings":
    case "numbers":
      return { kind: "list", read: (customer) => listItems(value(customer)) };
    default:
      return { kind: "text", read: value };
  }
}

/** A `date` is a day in any zone; a `date_time` is an instant, in UTC unless it has an offset. */
function metafieldDate(text: string, calendar: Calendar): number {
  if (!text.includes("T")) return Date.parse(`${text}T00:00:00Z`);
  return calendar.wallOf(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
}

function notSimulated(filter: string) {
  return topLevelError(
    `The simulator does not evaluate the segment filter '${filter}'.`,
    "SIMULATOR_NOT_IMPLEMENTED",
    { filter },
  );
}
