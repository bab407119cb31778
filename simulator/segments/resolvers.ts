import { customerTotals } from "#simulator/customer-totals.ts";
import { badRequest, topLevelError } from "#simulator/graphql/errors.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import {
  connection,
  type PageArguments,
  type SortedPageArguments,
} from "#simulator/resolvers/connection.ts";
import { customers } from "#simulator/resolvers/customers.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { countOf, type Listing, listingConnection } from "#simulator/resolvers/listing.ts";
import { gid, type SimCustomer, type SimSegment, type SimShop } from "#simulator/state.ts";

import { createCalendar } from "./calendar.ts";
import { compileQuery } from "./evaluate.ts";
import { segmentFilters } from "./filters.ts";
import {
  attributeStatistics,
  memberConnection,
  type Order,
  sortMembers,
  type Statistics,
} from "./members.ts";
import { createMembersQuery, membersOfQuery, membersQueryById } from "./members-queries.ts";
import { readSegmentQuery } from "./metafields.ts";
import { createSegment, deleteSegment, segmentId, updateSegment } from "./mutations.ts";

function segmentListing(shop: SimShop): Listing<SimSegment> {
  return {
    name: "segments",
    items: () => shop.segments.values(),
    id: (segment) => segment.id,
    defaultSortKey: "CREATION_DATE",
    sortValues: {
      CREATION_DATE: (segment) => segment.creationDate,
      LAST_EDIT_DATE: (segment) => segment.lastEditDate,
      ID: (segment) => Number(segment.id),
      RELEVANCE: (segment) => Number(segment.id),
    },
    search: {
      text: (segment) => [segment.name],
      fields: {
        id: { kind: "number", get: (segment) => Number(segment.id) },
        name: { kind: "text", get: (segment) => segment.name },
      },
    },
  };
}

function segmentById({ id }: { id: string }, { shop }: RequestContext): SimSegment {
  const segment = shop.segments.get(segmentId(id));
  if (segment === undefined) throw topLevelError("Segment does not exist", "NOT_FOUND");
  return segment;
}

type Described = { segmentId?: string | null; query?: string | null; queryId?: string | null };
type MembersArguments = PageArguments & Order & Described & { timezone?: string | null };

/** Relative dates count from today in `timezone`, which is UTC unless given, as the schema says. */
function members(args: MembersArguments, context: RequestContext): readonly SimCustomer[] {
  const { shop } = context;
  const given = [args.segmentId, args.query, args.queryId].filter((one) => typeof one === "string");
  if (given.length !== 1)
    throw badRequest("You must provide one of segment_id, query or query_id.");
  if (typeof args.queryId === "string") {
    const found = membersOfQuery(args.queryId, context);
    if (found === null) throw topLevelError("Query does not exist", "NOT_FOUND");
    return found;
  }
  const text =
    typeof args.segmentId === "string"
      ? segmentById({ id: args.segmentId }, context).query
      : (args.query ?? "");
  const matches = predicate(text, context, args.timezone ?? "UTC");
  return sortMembers(shop, [...shop.customers.values()].filter(matches), args);
}

function predicate(text: string, { shop, store }: RequestContext, timeZone: string) {
  const parsed = readSegmentQuery(shop, text);
  if (parsed.kind === "error") throw badRequest(parsed.message);
  return compileQuery(shop, parsed.ast, createCalendar(store.clock.now(), timeZone));
}

/** Segments that do not exist are omitted from the response (recorded). */
function membership(
  args: { customerId: string; segmentIds: string[] },
  context: RequestContext,
): { memberships: { segmentId: string; isMember: boolean }[] } {
  const { shop } = context;
  const customer = shop.customers.get(idOf(args.customerId, "Customer", "invalid id"));
  const memberships = args.segmentIds.flatMap((id) => {
    const segment = shop.segments.get(segmentId(id));
    if (segment === undefined) return [];
    const isMember =
      customer !== undefined && predicate(segment.query, context, shop.timeZone)(customer);
    return [{ segmentId: gid("Segment", segment.id), isMember }];
  });
  return { memberships };
}

/** A member has the fields of its customer, under the member's own id. */
function fromCustomer(...fields: string[]): ResolverMap[string] {
  const own = customers.Customer ?? {};
  return Object.fromEntries(
    fields.map((field) => {
      const resolver = own[field];
      if (resolver === undefined) throw new Error(`Customer.${field} has no resolver`);
      return [field, resolver];
    }),
  );
}

export const segments: ResolverMap = {
  QueryRoot: {
    segment: (_: null, args: { id: string }, context) => segmentById(args, context),
    segments: (_: null, args: SortedPageArguments, context) =>
      listingConnection(segmentListing(context.shop), args, context),
    segmentsCount: (_: null, args: { limit?: number | null }, { shop }) =>
      countOf(shop.segments.size, args.limit),
    segmentFilters: (_: null, args: PageArguments) =>
      connection(segmentFilters, args, (filter) => {
        const place = segmentFilters.indexOf(filter) + 1;
        return { id: String(place), value: place };
      }),
    customerSegmentMembers: (_: null, args: MembersArguments, context) =>
      memberConnection(context.shop, members(args, context), args),
    customerSegmentMembersQuery: (_: null, { id }: { id: string }, context) =>
      membersQueryById(id, context),
    customerSegmentMembership: (
      _: null,
      args: { customerId: string; segmentIds: string[] },
      context,
    ) => membership(args, context),
  },
  Mutation: {
    segmentCreate: createSegment,
    segmentUpdate: updateSegment,
    segmentDelete: deleteSegment,
    customerSegmentMembersQueryCreate: createMembersQuery,
  },
  Segment: { id: ({ id }: SimSegment) => gid("Segment", id) },
  SegmentStatistics: {
    attributeStatistics: (parent: Statistics, { attributeName }: { attributeName: string }) =>
      attributeStatistics(parent, attributeName),
  },
  CustomerSegmentMember: {
    ...fromCustomer("displayName", "defaultEmailAddress", "defaultPhoneNumber", "note"),
    ...fromCustomer("amountSpent", "numberOfOrders", "mergeable", "metafield", "metafields"),
    id: ({ id }: SimCustomer) => gid("CustomerSegmentMember", id),
    defaultAddress: () => null,
    lastOrderId: (customer: SimCustomer, _, { shop }) => {
      const { last } = customerTotals(shop, customer);
      return last === null ? null : gid("Order", last.id);
    },
  },
};
