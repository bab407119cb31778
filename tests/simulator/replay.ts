import { readFileSync } from "node:fs";

import { ask, type Place } from "./ask.ts";
import { sampleStore, shopOf } from "./sample-shop.ts";

/** One request to a live store, with its response. */
export type Exchange = {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  answer: { data?: unknown; errors?: unknown };
};

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The exchanges in a recording, in their order. Recordings differ in format: a request is under
 * `request` or beside its response, a response under `payload`, `body` or directly in the file.
 * `upstreamCalls` are repetitions made by the recorder. `document` is for recordings without the
 * query.
 */
export function readRecording(path: string, document?: string): Exchange[] {
  const file = new URL(`../recorded/${path}`, import.meta.url);
  return exchangesIn(JSON.parse(readFileSync(file, "utf8")), path, document);
}

function exchangesIn(value: unknown, name: string, document?: string): Exchange[] {
  if (Array.isArray(value)) return value.flatMap((item) => exchangesIn(item, name, document));
  if (!isObject(value)) return [];
  const request = isObject(value.request) ? value.request : value;
  const query = request.query ?? (isObject(request.variables) ? document : undefined);
  if (typeof query === "string" && isObject(value.response)) {
    const { response } = value;
    const answer = [response.payload, response.body, response].find(isObject) ?? {};
    const variables = isObject(request.variables) ? request.variables : {};
    return [{ name: String(value.name ?? name), query, variables, answer }];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "upstreamCalls" ? [] : exchangesIn(inner, key, document),
  );
}

type Helper = {
  operationName: string;
  query: string;
  variables: Record<string, unknown>;
  response: { body: Exchange["answer"] };
};

/**
 * The exchanges of a recording that has its requests only under `upstreamCalls`, made by the
 * recorder itself.
 */
export function readUpstream(path: string): Exchange[] {
  const file = new URL(`../recorded/${path}`, import.meta.url);
  const { upstreamCalls } = JSON.parse(readFileSync(file, "utf8")) as { upstreamCalls: Helper[] };
  return upstreamCalls.map(({ operationName, query, variables, response }) => ({
    name: operationName,
    query,
    variables,
    answer: response.body,
  }));
}

/**
 * A recording made with products, converted to customers: tags and metafields behave the same for
 * both, and the simulator has no products.
 */
export function asCustomers(exchanges: readonly Exchange[]): Exchange[] {
  const text = JSON.stringify(exchanges)
    .replaceAll("gid://shopify/Product/", "gid://shopify/Customer/")
    .replaceAll("on Product ", "on Customer ")
    .replaceAll("product(id:", "product: customer(id:")
    .replaceAll("PRODUCT", "CUSTOMER")
    .replaceAll("Product does not exist", "Customer does not exist");
  return JSON.parse(text) as Exchange[];
}

type Replayed = { name: string; expected: unknown; actual: unknown };

/**
 * Replays the requests in an empty simulated shop, one after another. Ids of created objects, and
 * cursors, are carried over into later requests; in responses ids, cursors and times are treated as
 * equal. Cost is left out. `segmentIds` are those of segments that existed before the recording
 * started.
 */
export async function replay(
  exchanges: readonly Exchange[],
  segmentIds: readonly string[] = [],
): Promise<Replayed[]> {
  const store = sampleStore(new Date("2026-05-05T07:18:09Z"));
  const shop = shopOf({ customers: [], orders: [], store });
  for (const id of segmentIds) {
    const now = store.clock.isoNow();
    const query = "number_of_orders >= 1";
    shop.segments.set(id, { id, name: id, query, creationDate: now, lastEditDate: now });
  }
  return replayIn({ store, shop }, exchanges);
}

/** The same in a prepared shop, whose clock advances a little with each request. */
export function replayIn(place: Place, exchanges: readonly Exchange[]): Promise<Replayed[]> {
  return replayWith(ask, place, exchanges);
}

/** The same with the given scopes. */
export async function replayWith(
  asked: typeof ask,
  { store, shop }: Place,
  exchanges: readonly Exchange[],
): Promise<Replayed[]> {
  const ours = new Map<string, string>();
  const replayed: Replayed[] = [];
  for (const { name, query, variables, answer } of exchanges) {
    const { data, errors } = await asked({ store, shop }, query, translated(variables, ours));
    const expected = { data: answer.data, errors: answer.errors };
    replayed.push({ name, expected, actual: matched({ data, errors }, expected, ours) });
    store.clock.advance(10);
  }
  return replayed;
}

function plain(value: object): Json {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return isObject(copy) ? copy : {};
}

/** Recorded ids replaced by the simulator's own. */
function translated(value: Json, ours: ReadonlyMap<string, string>): Json {
  return plain(
    Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, translatedValue(inner, ours)]),
    ),
  );
}

function translatedValue(value: unknown, ours: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return ours.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => translatedValue(item, ours));
  return isObject(value) ? translated(value, ours) : value;
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const cursorKey = /^(cursor|startCursor|endCursor)$/;
const gidType = (text: string) => /^gid:\/\/shopify\/(\w+)\//.exec(text)?.[1];

/**
 * `actual` with ids and times replaced by the recorded ones, where the recording has one of the
 * same kind.
 */
function matched(actual: unknown, expected: unknown, ours: Map<string, string>): unknown {
  if (typeof actual === "string" && typeof expected === "string") {
    if (moment.test(actual) && moment.test(expected)) return expected;
    const type = gidType(actual);
    if (type === undefined || type !== gidType(expected)) return actual;
    const known = ours.get(expected);
    if (known === undefined) ours.set(expected, actual);
    return known === undefined || known === actual ? expected : actual;
  }
  if (Array.isArray(actual)) {
    const list: unknown[] = Array.isArray(expected) ? expected : [];
    return actual.map((item, at) => matched(item, list[at], ours));
  }
  if (!isObject(actual)) return actual;
  const other = isObject(expected) ? expected : {};
  return Object.fromEntries(
    Object.entries(actual).map(([key, inner]) => {
      const recorded = other[key];
      const cursors = typeof inner === "string" && typeof recorded === "string";
      if (!cursors || !cursorKey.test(key)) return [key, matched(inner, recorded, ours)];
      ours.set(recorded, inner);
      return [key, recorded];
    }),
  );
}
