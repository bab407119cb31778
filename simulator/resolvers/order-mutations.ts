import { dayMs, isoSeconds } from "#simulator/clock.ts";
import { createCustomer } from "#simulator/customer-changes.ts";
import { type CustomerInput, readCustomerInput } from "#simulator/customer-input.ts";
import { notImplemented } from "#simulator/graphql/errors.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { addOrder, nextOrderNumber, removeOrder } from "#simulator/order-changes.ts";
import {
  minorOf,
  type OrderError,
  type OrderInput,
  orderProblems,
  statusOf,
  totalOf,
} from "#simulator/order-input.ts";
import { idOf } from "#simulator/resolvers/gids.ts";
import { gid, type SimCustomer, type SimOrder, type SimShop } from "#simulator/state.ts";
import { normalizeTags } from "#simulator/tags.ts";

const known = new Set([
  ...["email", "currency", "customerId", "customer", "financialStatus", "lineItems", "name"],
  ...["note", "processedAt", "sourceName", "tags", "test", "transactions"],
  // These have their default values.
  ...["buyerAcceptsMarketing", "taxesIncluded"],
]);

/** Input that the simulator could not store fails. */
function checkKnown(input: OrderInput, { shop }: RequestContext): void {
  const unknown = Object.entries(input).find(([name, value]) => {
    return !known.has(name) && value !== null;
  })?.[0];
  if (unknown !== undefined) throw notImplemented("Mutation", `orderCreate with ${unknown}`);
  const ofProducts = input.lineItems?.some(({ productId, variantId }) => productId ?? variantId);
  if (ofProducts) throw notImplemented("Mutation", "orderCreate with products");
  if (input.currency && input.currency !== shop.currency) {
    throw notImplemented("Mutation", "orderCreate in another currency");
  }
}

/** Times at which the API created orders in a shop, in the shop's time, of the last minute only. */
const madeLately = new WeakMap<SimShop, number[]>();
const minuteMs = dayMs / 1440;

/** The limit of development stores; the message is one that others have reported. */
function tooMany({ shop, store }: RequestContext): OrderError | undefined {
  if (!shop.plan.partnerDevelopment) return undefined;
  const now = store.clock.now().getTime();
  const lately = (madeLately.get(shop) ?? []).filter((at) => at > now - minuteMs);
  madeLately.set(shop, lately);
  if (lately.length < store.settings.ordersPerMinute) {
    lately.push(now);
    return undefined;
  }
  return { field: null, message: "Too many attempts. Please try again later.", code: null };
}

function create(input: OrderInput, context: RequestContext) {
  const { store } = context;
  checkKnown(input, context);
  const refused = (userErrors: OrderError[]) => ({ order: null, userErrors });
  const problems = orderProblems(input, store.clock.now());
  if (problems.length > 0) return refused(problems);
  const throttled = tooMany(context);
  if (throttled !== undefined) return refused([throttled]);
  const buyer = buyerOf(input, context);
  if ("errors" in buyer) return refused(buyer.errors);
  return {
    order: addOrder(context, newOrder(input, buyer.customer, context)),
    userErrors: [],
  };
}

function newOrder(
  input: OrderInput,
  customer: SimCustomer | null,
  { shop, store }: RequestContext,
): SimOrder {
  const now = store.clock.isoNow();
  const totalMinor = totalOf(shop, input);
  const transactions = (input.transactions ?? []).map((one) => ({
    id: store.nextId(),
    kind: one.kind ?? "SALE",
    status: one.status ?? "SUCCESS",
    gateway: one.gateway ?? "",
    amountMinor: minorOf(shop, one.amountSet),
  }));
  return {
    id: store.nextId(),
    name: input.name ?? `#${nextOrderNumber(shop)}`,
    customerId: customer?.id ?? null,
    email: input.email ?? customer?.email ?? null,
    note: input.note ?? null,
    createdAt: now,
    processedAt: input.processedAt ? isoSeconds(new Date(input.processedAt)) : now,
    updatedAt: now,
    cancelledAt: null,
    cancelReason: null,
    test: input.test ?? false,
    financialStatus: statusOf(input.financialStatus, transactions, totalMinor),
    originalTotalMinor: totalMinor,
    currentTotalMinor: totalMinor,
    refunds: [],
    transactions,
    tags: normalizeTags(input.tags ?? []),
    sourceName: input.sourceName ?? String(store.app.clientId),
  };
}

type Buyer = { customer: SimCustomer | null } | { errors: OrderError[] };

/** The customer of the order: an existing one, a new one, or none. */
function buyerOf({ customerId, customer }: OrderInput, context: RequestContext): Buyer {
  const { shop } = context;
  const upsert = customer?.toUpsert as (CustomerInput & { id?: string | null }) | null | undefined;
  const id = customerId ?? customer?.toAssociate?.id ?? upsert?.id;
  const email = customer?.toAssociate?.email ?? upsert?.email;
  const byEmail = (one: SimCustomer) => email && one.email === email.toLowerCase();
  const found = id
    ? shop.customers.get(idOf(id, "Customer"))
    : [...shop.customers.values()].find(byEmail);
  if (found !== undefined) return { customer: found };
  if (upsert && !id) return made(upsert, context);
  if (!id && !email) return { customer: null };
  const message = "Customer does not exist";
  return { errors: [{ field: ["order", "customer"], message, code: "INVALID" }] };
}

function made(input: CustomerInput, context: RequestContext): Buyer {
  const read = readCustomerInput(context.shop, input);
  if ("person" in read) return { customer: createCustomer(context, read.person) };
  return {
    errors: read.errors.map(({ field, message }) => ({
      field: ["order", "customer", "toUpsert", ...(field ?? [])],
      message,
      code: "INVALID",
    })),
  };
}

function remove(orderId: string, context: RequestContext) {
  const id = idOf(orderId, "Order");
  const order = context.shop.orders.get(id);
  if (order === undefined) {
    const error = { field: ["orderId"], message: "Order does not exist", code: "NOT_FOUND" };
    return { deletedId: null, userErrors: [error] };
  }
  removeOrder(context, order);
  return { deletedId: gid("Order", id), userErrors: [] };
}

export const orderMutations: ResolverMap = {
  Mutation: {
    orderCreate: (_: null, { order }: { order: OrderInput }, context) => create(order, context),
    orderDelete: (_: null, { orderId }: { orderId: string }, context) => remove(orderId, context),
  },
};
