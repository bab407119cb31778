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
  /** Between two looks for what was just made; five seconds unless told. */
  lookMs?: number;
};

/** How often something that was just made is looked for. */
const LOOKS = 12;
const LOOK_MS = 5000;

/**
 * Makes what is missing of a run in a store; what is there already, it leaves as it is. May be stopped at
 * any point and begun again.
 *
 * Shopify takes no key that would keep a thing from being made twice, so what is about to be made is
 * noted first; begun again, it is looked for, for a minute, before it is made. If Shopify's search takes
 * longer than that to find it, it is there twice, both carry the marker, and `remove` takes both away.
 *
 * @throws Refusal when the store is no development store, or holds another run
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

/** @returns the ids by index, those that were there included */
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

/** What was being made when the command was stopped, if Shopify made it. */
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
 * Takes away what runs have made, the orders first: a customer who has orders cannot be deleted. Only
 * what itself carries the marker, whatever Shopify's search finds.
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
  // Shopify's search may still find for a while what is gone.
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
