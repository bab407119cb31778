import { createManualClock } from "#simulator/clock.ts";
import { createRandom } from "#simulator/random.ts";
import { allAccepted } from "#simulator/segments/forms.ts";
import { openShop } from "#simulator/shops.ts";
import {
  createStore,
  type SimCustomer,
  type SimOrder,
  type SimShop,
  type Store,
} from "#simulator/state.ts";

/** A small deterministic shop for tests of the simulator: London, pounds. */
export function sampleStore(now: Date): Store {
  return createStore({
    app: {
      url: "http://127.0.0.1:1",
      apiKey: "simulated-key",
      apiSecret: "simulated-secret",
      handle: "encore",
      title: "Encore",
      clientId: "347082227713",
      scopes: ["read_orders", "write_customers"],
    },
    clock: createManualClock(now),
    random: createRandom(1),
    settings: {
      origin: "http://127.0.0.1:1",
      dataDirectory: "",
      bulkQueryObjectsPerSecond: 0,
      bulkMutationLinesPerSecond: 0,
      bulkLatencyMs: 0,
      webhookRetryScale: 1,
      withheldData: new Set(),
      customApp: null,
      rotatedTokenAnswer: "invalid_request",
      trimDecimals: false,
      segmentForms: allAccepted,
      segmentLagMs: 0,
      ordersPerMinute: 5,
    },
  });
}

type Contents = { customers: SimCustomer[]; orders: SimOrder[]; store?: Store };

export function shopOf({ customers, orders, store }: Contents): SimShop {
  return openShop(store ?? sampleStore(new Date(0)), "sample", {
    plan: "standard",
    data: {
      name: "Sample",
      currency: "GBP",
      timeZone: "Europe/London",
      customers,
      orders,
      notes: [],
    },
  });
}

export function customer(id: string, parts: Partial<SimCustomer> = {}): SimCustomer {
  return {
    id,
    firstName: "Alba",
    lastName: "Rowanfield",
    email: `alba.${id}@example.com`,
    createdAt: "2025-01-01T00:00:00Z",
    updatedAt: "2025-01-01T00:00:00Z",
    tags: [],
    metafields: new Map(),
    emailMarketingState: "SUBSCRIBED",
    country: "GB",
    locale: "en",
    ...parts,
  };
}

type OrderParts = Partial<SimOrder> & {
  customerId: string;
  processedAt: string;
  totalMinor: number;
};

export function order(id: string, { totalMinor, ...parts }: OrderParts): SimOrder {
  return {
    id,
    name: `#${id}`,
    createdAt: parts.processedAt,
    updatedAt: parts.processedAt,
    cancelledAt: null,
    cancelReason: null,
    test: false,
    financialStatus: "PAID",
    originalTotalMinor: totalMinor,
    currentTotalMinor: totalMinor,
    refunds: [],
    tags: [],
    sourceName: "web",
    ...parts,
  };
}

type DefinitionParts = { key: string; type: string; namespace?: string; adminFilterable?: boolean };

export function define(
  shop: SimShop,
  { key, type, namespace = "encore", adminFilterable = true }: DefinitionParts,
) {
  const id = String(shop.metafieldDefinitions.size + 1);
  shop.metafieldDefinitions.set(id, {
    id,
    name: key,
    namespace,
    key,
    ownerType: "CUSTOMER",
    type,
    description: null,
    pinnedPosition: null,
    validations: [],
    access: { admin: "PUBLIC_READ_WRITE", storefront: "NONE", customerAccount: "NONE" },
    capabilities: { adminFilterable, smartCollectionCondition: false, uniqueValues: false },
  });
}

export function giveMetafield(owner: SimCustomer, path: string, value: string): void {
  const [namespace = "", key = ""] = path.split(".");
  const createdAt = owner.createdAt;
  const id = `${owner.id}${String(owner.metafields.size)}`;
  owner.metafields.set(path, {
    id,
    namespace,
    key,
    type: "",
    value,
    createdAt,
    updatedAt: createdAt,
  });
}
