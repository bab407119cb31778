import type { Clock } from "#simulator/clock.ts";
import { FaultSource } from "#simulator/faults.ts";
import type { Random } from "#simulator/random.ts";
import type { SegmentForms } from "#simulator/segments/forms.ts";

/** Ids are the numeric part of a gid, as strings. Dates are ISO-8601 UTC with whole seconds. */
export type SimMetafield = {
  id: string;
  /** Canonical: `$app` is already expanded. */
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: string;
  updatedAt: string;
};

export type EmailMarketingState = "SUBSCRIBED" | "NOT_SUBSCRIBED" | "UNSUBSCRIBED" | "PENDING";

export type SimCustomer = {
  id: string;
  firstName: string;
  lastName: string;
  email: string | null;
  /** Default: none. */
  phone?: string | null;
  note?: string | null;
  createdAt: string;
  updatedAt: string;
  /** Sorted, and distinct ignoring case. */
  tags: string[];
  /** By `${canonicalNamespace}.${key}`. */
  metafields: Map<string, SimMetafield>;
  emailMarketingState: EmailMarketingState;
  /** Country code, as `GB`. */
  country: string | null;
  locale: string;
};

export type FinancialStatus =
  | "PAID"
  | "PARTIALLY_REFUNDED"
  | "REFUNDED"
  | "PENDING"
  | "VOIDED"
  | "AUTHORIZED"
  | "EXPIRED"
  | "PARTIALLY_PAID";

export type SimRefund = { id: string; createdAt: string; amountMinor: number };

export type SimTransaction = {
  id: string;
  kind: string;
  status: string;
  gateway: string;
  amountMinor: number;
};

export type SimOrder = {
  id: string;
  /** As `#1001`. */
  name: string;
  customerId: string | null;
  createdAt: string;
  processedAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: string | null;
  test: boolean;
  financialStatus: FinancialStatus;
  originalTotalMinor: number;
  /** After refunds, returns and edits. */
  currentTotalMinor: number;
  refunds: SimRefund[];
  /** Only of orders created by the API. */
  transactions?: SimTransaction[];
  /** Default: the customer's. */
  email?: string | null;
  note?: string | null;
  tags: string[];
  sourceName: string;
  /** The Admin API returns a text that is not an amount. */
  garbled?: boolean;
};

export type SimSegment = {
  id: string;
  name: string;
  query: string;
  creationDate: string;
  lastEditDate: string;
};

export type SimMetafieldDefinition = {
  id: string;
  name: string;
  /** Canonical. */
  namespace: string;
  key: string;
  ownerType: string;
  type: string;
  description: string | null;
  pinnedPosition: number | null;
  validations: { name: string; value: string | null }[];
  access: { admin: string; storefront: string; customerAccount: string };
  capabilities: {
    adminFilterable: boolean;
    smartCollectionCondition: boolean;
    uniqueValues: boolean;
  };
};

type BulkStatus =
  "CREATED" | "RUNNING" | "COMPLETED" | "CANCELING" | "CANCELED" | "FAILED" | "EXPIRED";

export type SimBulkOperation = {
  id: string;
  type: "QUERY" | "MUTATION";
  status: BulkStatus;
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | null;
  createdAt: string;
  completedAt: string | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  url: string | null;
  partialDataUrl: string | null;
  query: string;
  clientIdentifier: string | null;
};

export type SimToken = {
  token: string;
  kind: "offline" | "online";
  scopes: string[];
  /** Milliseconds of real time (`monotonicMs`); null never expires. */
  expiresAtMs: number | null;
};

export type SimRefreshToken = {
  token: string;
  /** In real time; reduced when it is used. */
  expiresAtMs: number;
  /** The access token that came with it. */
  access: string;
  /** The refresh token that returned this pair: valid until one of this pair is used. */
  predecessor: string | null;
};

export type SimStagedUpload = {
  key: string;
  resource: string;
  filename: string;
  /** Path of the file; null until it was uploaded. */
  path: string | null;
  bytes: number;
};

/** The calculated-cost bucket, in points; `at` in milliseconds of real time. */
type ThrottleBucket = { available: number; at: number };

export type SimPlan = {
  name: string;
  shopifyPlus: boolean;
  /** A development store: its checkouts are test orders. */
  partnerDevelopment: boolean;
  maximumAvailable: number;
  restoreRate: number;
};

export type SimShop = {
  domain: string;
  handle: string;
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  plan: SimPlan;
  createdAt: string;
  customers: Map<string, SimCustomer>;
  orders: Map<string, SimOrder>;
  /** Order ids by customer id, in the order they were added. */
  ordersByCustomer: Map<string, string[]>;
  segments: Map<string, SimSegment>;
  metafieldDefinitions: Map<string, SimMetafieldDefinition>;
  /** Metafields of owners that are stored nowhere else (the shop, the app installation), by owner gid. */
  otherMetafields: Map<string, Map<string, SimMetafield>>;
  bulkOperations: Map<string, SimBulkOperation>;
  stagedUploads: Map<string, SimStagedUpload>;
  /** How segment queries of undocumented forms are handled. */
  segmentForms: SegmentForms;
  throttle: ThrottleBucket;
  tokens: Map<string, SimToken>;
  /** The one of the current pair, and possibly its predecessor. */
  refreshTokens: Map<string, SimRefreshToken>;
  /** Refresh tokens that ended because their successors were used. */
  rotatedTokens: Set<string>;
  installed: boolean;
  /** Real time, in seconds; null: never. Earlier session tokens are invalid. */
  uninstalledAt: number | null;
  /** Notes of a demo shop's loader on its data, shown in the admin. */
  notes: { label: string; count: number }[];
};

/** The app that the simulated shops have installed, as in a developer's dashboard. */
export type SimApp = {
  url: string;
  apiKey: string;
  apiSecret: string;
  handle: string;
  title: string;
  /** The `api_client_id` in `app--{id}` namespaces. */
  clientId: string;
  scopes: string[];
};

/** A custom app of a merchant: its token never expires, and works in all shops. */
export type SimCustomApp = { token: string; clientId: string; scopes: string[] };

/** An event in a shop; its webhook's body is only created for subscriptions. */
export type ShopEvent = { shop: SimShop; topic: string; body: () => Record<string, unknown> };

/** The simulator's settings; see its README for the flags. */
type Settings = {
  /** The simulator's origin, without a trailing slash: upload and result URLs start with it. */
  origin: string;
  /** Folder of result files and staged uploads. */
  dataDirectory: string;
  /** 0: unlimited. */
  bulkQueryObjectsPerSecond: number;
  bulkMutationLinesPerSecond: number;
  /** Real milliseconds between CREATED and RUNNING. */
  bulkLatencyMs: number;
  /** Waits between webhook retries are multiplied by this; 1 is Shopify's four hours. */
  webhookRetryScale: number;
  /** Kinds of protected customer data the app is not approved for: `name`, `email`, `phone`, `address`. */
  withheldData: ReadonlySet<string>;
  customApp: SimCustomApp | null;
  /** How a refresh token is refused whose successor was used; Shopify has been observed to do both. */
  rotatedTokenAnswer: RotatedTokenAnswer;
  /** Whether decimals of metafields are returned without trailing zeros. */
  trimDecimals: boolean;
  /** For shops that are opened later. */
  segmentForms: SegmentForms;
  /** Real milliseconds after which segments reflect changed tags and metafields. */
  segmentLagMs: number;
  /** Orders a minute that the API can create in a development store. */
  ordersPerMinute: number;
};

export const rotatedTokenAnswers = ["invalid_request", "invalid_grant"] as const;
export type RotatedTokenAnswer = (typeof rotatedTokenAnswers)[number];

export type Store = {
  /** By domain. */
  shops: Map<string, SimShop>;
  app: SimApp;
  clock: Clock;
  random: Random;
  settings: Settings;
  faults: FaultSource;
  /** A new numeric id, unique in this process and greater than those of the demo shops. */
  nextId(): string;
  publish(event: ShopEvent): void;
  subscribe(listener: (event: ShopEvent) => void): void;
};

/** First id created at run time; those of the demo shops are smaller. */
const firstRunningId = 9_000_000_000_000;

export function createStore(parts: {
  app: SimApp;
  clock: Clock;
  random: Random;
  settings: Settings;
}): Store {
  let id = firstRunningId;
  const listeners: ((event: ShopEvent) => void)[] = [];
  return {
    ...parts,
    faults: new FaultSource(),
    shops: new Map(),
    nextId: () => String(++id),
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.push(listener);
    },
  };
}

export function gid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}
