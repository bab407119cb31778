import { countedOrders, customerTotals, displayName } from "#simulator/customer-totals.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import type { Owner } from "#simulator/metafields/owners.ts";
import { ownerMetafield, ownerMetafields } from "#simulator/metafields/reads.ts";
import { money } from "#simulator/money.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import {
  childConnection,
  countOf,
  filtered,
  type Listing,
  listingConnection,
} from "#simulator/resolvers/listing.ts";
import { orderVisible } from "#simulator/resolvers/orders.ts";
import { rfmGroup } from "#simulator/rfm-groups.ts";
import { gid, type SimCustomer, type SimShop } from "#simulator/state.ts";

/** Customers as `customers` lists them. */
function customerListing(shop: SimShop): Listing<SimCustomer> {
  return {
    name: "customers",
    items: () => shop.customers.values(),
    id: (customer) => customer.id,
    defaultSortKey: "ID",
    whole: shop.customers,
    fixedKeys: ["ID", "CREATED_AT"],
    sortValues: {
      ID: (customer) => Number(customer.id),
      CREATED_AT: (customer) => customer.createdAt,
      UPDATED_AT: (customer) => customer.updatedAt,
      NAME: (customer) => `${customer.lastName}, ${customer.firstName}`,
      LOCATION: (customer) => customer.country ?? "",
      RELEVANCE: (customer) => Number(customer.id),
    },
    search: {
      text: (customer) => [
        customer.firstName,
        customer.lastName,
        customer.email ?? "",
        ...customer.tags,
      ],
      fields: {
        id: { kind: "number", get: (customer) => Number(customer.id) },
        tag: { kind: "list", get: (customer) => customer.tags },
        email: { kind: "text", get: (customer) => customer.email },
        first_name: { kind: "text", get: (customer) => customer.firstName },
        last_name: { kind: "text", get: (customer) => customer.lastName },
        country: { kind: "text", get: (customer) => customer.country },
        customer_date: { kind: "date", get: (customer) => customer.createdAt },
        updated_at: { kind: "date", get: (customer) => customer.updatedAt },
        orders_count: { kind: "number", get: (customer) => customerTotals(shop, customer).orders },
        total_spent: {
          kind: "number",
          get: (customer) => customerTotals(shop, customer).spentMinor / 100,
        },
        order_date: {
          kind: "date",
          get: (customer) => customerTotals(shop, customer).last?.processedAt ?? null,
        },
        accepts_marketing: {
          kind: "boolean",
          get: (customer) => customer.emailMarketingState === "SUBSCRIBED",
        },
      },
    },
  };
}

const second = 1000;

/** In words, as "about 2 years". */
function lifetime(createdAt: string, now: Date): string {
  const days = (now.getTime() - Date.parse(createdAt)) / (86_400 * second);
  if (days < 1) return "less than a day";
  if (days < 30) return `${Math.round(days)} day${Math.round(days) === 1 ? "" : "s"}`;
  if (days < 365) return `${Math.round(days / 30)} month${Math.round(days / 30) === 1 ? "" : "s"}`;
  return `about ${Math.round(days / 365)} year${Math.round(days / 365) === 1 ? "" : "s"}`;
}

function emailAddress(customer: SimCustomer) {
  if (customer.email === null) return null;
  return {
    emailAddress: customer.email,
    marketingState: customer.emailMarketingState,
    marketingOptInLevel: customer.emailMarketingState === "SUBSCRIBED" ? "SINGLE_OPT_IN" : null,
    marketingUpdatedAt: customer.emailMarketingState === "SUBSCRIBED" ? customer.createdAt : null,
    validFormat: true,
  };
}

function phoneNumber(phone: string | null | undefined) {
  if (!phone) return null;
  return { phoneNumber: phone, marketingState: "NOT_SUBSCRIBED", marketingUpdatedAt: null };
}

function mergeable() {
  return { isMergeable: true, reason: null, errorFields: [], mergeInProgress: null };
}

type MetafieldArguments = { namespace?: string | null; key: string };

export const customers: ResolverMap = {
  QueryRoot: {
    customer: (_: null, { id }: { id: string }, { shop }) =>
      shop.customers.get(idOf(id, "Customer")) ?? null,
    customers: (_: null, args: SortedPageArguments, context) =>
      listingConnection(customerListing(context.shop), args, context),
    customersCount: (_: null, args: { query?: string | null; limit?: number | null }, context) =>
      countOf(filtered(customerListing(context.shop), args.query, context).length, args.limit),
  },
  Customer: {
    id: (customer: SimCustomer) => gid("Customer", customer.id),
    legacyResourceId: (customer: SimCustomer) => customer.id,
    firstName: ({ firstName }: SimCustomer) => (firstName === "" ? null : firstName),
    lastName: ({ lastName }: SimCustomer) => (lastName === "" ? null : lastName),
    displayName,
    defaultEmailAddress: emailAddress,
    defaultPhoneNumber: ({ phone }: SimCustomer) => phoneNumber(phone),
    phone: ({ phone }: SimCustomer) => phone ?? null,
    note: ({ note }: SimCustomer) => note ?? null,
    numberOfOrders: (customer: SimCustomer, _, { shop }) =>
      String(customerTotals(shop, customer).orders),
    amountSpent: (customer: SimCustomer, _, { shop }) =>
      money(customerTotals(shop, customer).spentMinor, shop.currency),
    lastOrder: (customer: SimCustomer, _, context) => visibleLast(customer, context),
    orders: (customer: SimCustomer, args: SortedPageArguments, context) =>
      childConnection(visibleOrders(customer, context), { args, context }, (order) => order.id),
    lifetimeDuration: (customer: SimCustomer, _, { store }) =>
      lifetime(customer.createdAt, store.clock.now()),
    canDelete: (customer: SimCustomer, _, { shop }) =>
      countedOrders(shop, customer.id).length === 0,
    state: () => "DISABLED",
    verifiedEmail: (customer: SimCustomer) => customer.email !== null,
    dataSaleOptOut: () => false,
    taxExempt: () => false,
    taxExemptions: () => [],
    mergeable,
    // Shopify publishes no formula of its predicted spend tier: a stand-in would be judged as if it were one.
    statistics: (customer: SimCustomer, _, context) => ({
      predictedSpendTier: null,
      rfmGroup: rfmGroup(customer, context),
    }),
    metafield: (customer: SimCustomer, args: MetafieldArguments, context) =>
      ownerMetafield(ownerOf(customer), args, context),
    metafields: (
      customer: SimCustomer,
      args: SortedPageArguments & { namespace?: string },
      context,
    ) => ownerMetafields(ownerOf(customer), args, context),
  },
};

function ownerOf(customer: SimCustomer): Owner {
  const { metafields } = customer;
  return { type: "Customer", gid: gid("Customer", customer.id), object: customer, metafields };
}

function visibleOrders(customer: SimCustomer, context: RequestContext) {
  return countedOrders(context.shop, customer.id).filter((order) => orderVisible(order, context));
}

function visibleLast(customer: SimCustomer, context: RequestContext) {
  const { last } = customerTotals(context.shop, customer);
  return last !== null && orderVisible(last, context) ? last : null;
}
