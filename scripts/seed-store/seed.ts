import { setTimeout as sleep } from "node:timers/promises";

import { drawStore, type Run } from "./draw.ts";
import { type Mark, MARKER, markOf, nameOf, tagOf } from "./marker.ts";
import type { Notes } from "./notes.ts";
import { type Marked, Refusal, type StoreApi } from "./store-api.ts";

export type Progress = (done: number, total: number, what: "customers" | "orders") => void;

type Work = {
  api: StoreApi;
  notes: Notes;
  progress: Progress;
  /** Interval of the searches for a new object; default five seconds. */
  lookMs?: number;
};

/** Number of searches for a new object. */
const LOOKS = 12;
const LOOK_MS = 5000;

/**
 * Creates the missing customers and orders of a run in a store, without changing existing ones. Can be
 * interrupted at any point and run again.
 *
 * Shopify has no idempotency key for this, so each object is noted before it is created; after an interruption
 * it is searched for during a minute before it is created again. If Shopify's search takes longer to find it,
 * it exists twice; both have the marker, and `remove` deletes both.
 *
 * @throws Refusal when the store is not a development store, or contains another run
 */
export async function seed(wanted: Omit<Run, "endDay">, today: number, work: Work): Promise<Run> {
  const { api } = work;
  const { currency, developmentStore } = await api.shop();
  if (!developmentStore) {
    throw new Refusal("this is not a development store: nothing was made in it");
  }
  const customers = byIndex(await api.customers(), "c");
  const orders = byIndex(await api.orders(), "o");
  const begun = [...customers.values(), ...orders.values()][0]?.mark.run;
  const run = begun ?? { ...wanted, endDay: today };
  if (run.seed !== wanted.seed || run.customers !== wanted.customers) {
    throw new Refusal(
      `the store holds ${nameOf(run)}: go on with --seed ${run.seed} --customers ${run.customers}, or take it away with --remove`,
    );
  }
  const drawn = drawStore(run);
  const ids = await make(
    { ...work, run, kind: "c", found: customers, count: run.customers },
    (index, tags) => api.createCustomer({ ...drawn.customers[index], tags }),
  );
  await make(
    { ...work, run, kind: "o", found: orders, count: drawn.orders.length },
    (index, tags) => {
      const { customer = 0, processedAt = "", amount = "" } = drawn.orders[index] ?? {};
      const customerId = ids.get(customer) ?? "";
      return api.createOrder({ customerId, processedAt, amount, currency, tags });
    },
  );
  return run;
}

type Found = Map<number, { id: string; mark: Mark }>;

function byIndex(marked: Marked[], kind: Mark["kind"]): Found {
  const found: Found = new Map();
  for (const { id, tags } of marked) {
    const mark = markOf(tags);
    if (mark?.kind === kind) found.set(mark.index, { id, mark });
  }
  return found;
}

type Making = Work & { run: Run; kind: Mark["kind"]; found: Found; count: number };

/** @returns the ids by index, including existing ones */
async function make(
  { api, notes, progress, lookMs = LOOK_MS, run, kind, found, count }: Making,
  create: (index: number, tags: string[]) => Promise<string>,
): Promise<Map<number, string>> {
  const what = kind === "c" ? "customers" : "orders";
  const ids = new Map([...found].map(([index, { id }]) => [index, id]));
  for (let index = 0; index < count; index += 1) {
    progress(index, count, what);
    if (ids.has(index)) continue;
    const tag = tagOf({ run, kind, index });
    const id = notes.intent() === tag ? await adopted(api[what], tag, lookMs) : null;
    notes.intend(tag);
    ids.set(index, id ?? (await create(index, [MARKER, tag])));
    notes.intend(null);
  }
  progress(count, count, what);
  return ids;
}

/** The object that was being created when the command was interrupted, if Shopify created it. */
async function adopted(
  list: () => Promise<Marked[]>,
  tag: string,
  lookMs: number,
): Promise<string | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    const found = (await list()).find(({ tags }) => tags.includes(tag));
    if (found !== undefined) return found.id;
    await sleep(lookMs);
  }
  return null;
}

/**
 * Removes what runs have created, orders first: a customer with orders cannot be deleted. Only objects that
 * have the marker themselves, whatever Shopify's search finds.
 *
 * @throws Refusal when something is left
 */
export async function remove({
  api,
  notes,
  progress,
}: Work): Promise<{ orders: number; customers: number }> {
  const { developmentStore } = await api.shop();
  if (!developmentStore) {
    throw new Refusal("this is not a development store: nothing was removed from it");
  }
  const orders = await removeAll(api.orders, api.deleteOrder, (done, all) =>
    progress(done, all, "orders"),
  );
  const customers = await removeAll(api.customers, api.deleteCustomer, (done, all) =>
    progress(done, all, "customers"),
  );
  notes.intend(null);
  return { orders, customers };
}

async function removeAll(
  list: () => Promise<Marked[]>,
  take: (id: string) => Promise<void>,
  progress: (done: number, total: number) => void,
): Promise<number> {
  const gone = new Set<string>();
  // Shopify's search may still find deleted objects for a while.
  for (let look = 0; look < LOOKS; look += 1) {
    const left = (await list()).filter(({ id, tags }) => markOf(tags) !== null && !gone.has(id));
    if (left.length === 0) return gone.size;
    const all = gone.size + left.length;
    for (const { id } of left) {
      progress(gone.size, all);
      await take(id);
      gone.add(id);
    }
    progress(gone.size, all);
  }
  throw new Refusal("there is still something left of the run: try again in a minute");
}
