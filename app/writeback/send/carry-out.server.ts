import type { ShopDomain } from "#app/lib/ids.ts";
import { setProgress } from "#app/queue/progress.server.ts";
import type { ProgressTask } from "#app/queue/progress.ts";
import type { Attempts } from "#app/writeback/state/diff.server.ts";
import { FAILED_IN_BULK } from "#app/writeback/state/failures.server.ts";
import type { PageOptions, PlannedPages } from "#app/writeback/state/planned-writes.server.ts";

import { atOnce } from "./at-once.ts";
import { readBatch, readLeft, recordBatches } from "./batches.server.ts";
import { writeDirectly } from "./direct-calls.server.ts";
import { sendBatch, type Sending } from "./send-batch.server.ts";

/**
 * Up to this many customers are written by direct calls, which takes about ten seconds of the cost
 * bucket.
 */
const DIRECT_CUSTOMERS = 40;
/** Shopify runs five bulk mutations of an app in a shop at once; one is left for other work. */
const BATCHES_AT_ONCE = 4;
/** One pass to add and set, one to remove, and two for failed operations. */
const BULK_PASSES = 4;

const untried: Attempts = { atLeast: 0, atMost: 0 };
const notTriedDirectly: Attempts = { atLeast: 0, atMost: FAILED_IN_BULK };

export type Work = { sending: Sending; progress: WriteProgress };

/**
 * Carries out plans: many customers by bulk mutations, few by direct calls. Plans are made again at
 * each step, from what is left.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function carryOut(shop: ShopDomain, pages: PlannedPages, work: Work): Promise<void> {
  const among = await writeInBulk(shop, pages, work);
  await writeRest((asked) => pages({ ...asked, among }), work);
}

/**
 * The first pass adds and sets; the next removes replaced tags. It ends when few customers are
 * left. Each pass plans only the customers left by the previous one.
 *
 * @returns the customers with something left; undefined for any
 */
async function writeInBulk(
  shop: ShopDomain,
  pages: PlannedPages,
  work: Work,
): Promise<PageOptions["among"]> {
  let among: PageOptions["among"];
  for (let pass = 0; pass < BULK_PASSES; pass++) {
    const left: PlannedPages = (asked) => pages({ ...asked, among });
    if (await areFew(left)) break;
    const recorded = await recordBatches(shop, left);
    await work.progress.expect(recorded.lines);
    await atOnce(recorded.batches, {
      workers: BATCHES_AT_ONCE,
      signal: work.sending.signal,
      work: async (id, signal) => {
        await sendBatch(await readBatch(shop, id), { ...work.sending, signal });
      },
    });
    among = await readLeft(shop, recorded);
  }
  return among;
}

async function areFew(pages: PlannedPages): Promise<boolean> {
  let customers = 0;
  for await (const page of pages(untried)) {
    customers += page.length;
    if (customers > DIRECT_CUSTOMERS) return false;
  }
  return true;
}

/** Writes the remaining customers, and those whose line failed in bulk, by direct calls. */
async function writeRest(pages: PlannedPages, work: Work): Promise<void> {
  for await (const page of pages(notTriedDirectly)) {
    await work.progress.expect(page.length);
    await writeDirectly(work.sending.admin, page, {
      signal: work.sending.signal,
      onCustomer: () => work.progress.add(1),
    });
  }
}

/** The progress that the merchant sees: lines and customers. Its total grows with each pass. */
export class WriteProgress {
  readonly #shop: ShopDomain;
  readonly #task: ProgressTask;
  #done = 0;
  #total = 0;

  constructor(shop: ShopDomain, task: ProgressTask) {
    this.#shop = shop;
    this.#task = task;
  }

  async expect(more: number): Promise<void> {
    this.#total += more;
    await this.#show("running");
  }

  async add(done: number): Promise<void> {
    this.#done = Math.min(this.#total, this.#done + done);
    await this.#show("running");
  }

  async end(): Promise<void> {
    this.#done = this.#total;
    await this.#show("done");
  }

  #show(state: "running" | "done"): Promise<void> {
    const total = state === "running" && this.#total === 0 ? null : this.#total;
    return setProgress(this.#shop, this.#task, { state, done: this.#done, total });
  }
}
