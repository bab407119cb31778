import { prisma } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { setProgress } from "#app/jobs/progress.server.ts";
import { adminClient } from "#app/shopify/client.server.ts";

import { atOnce } from "./at-once.ts";
import { readBatch, recordBatches } from "./batches.server.ts";
import { seeToDefinitions } from "./definitions.server.ts";
import { writeDirectly } from "./direct.server.ts";
import { FAILED_IN_BULK, forgetFailures } from "./failures.server.ts";
import type { Attempts } from "./known.server.ts";
import { plannedPages, readWantedOptions } from "./planned.server.ts";
import { resumeBatches } from "./resume.server.ts";
import { sendBatch, type Sending } from "./send-batch.server.ts";
import { readWhatStands } from "./standing.server.ts";
import type { WantedOptions } from "./wanted.ts";

export type PushOutcome =
  | { kind: "not-agreed" }
  /** Nothing was scored yet, or the gate refused the last scoring. */
  | { kind: "not-scored" }
  | { kind: "written" };

/** Up to so many customers are written by direct calls: some ten seconds of the cost bucket. */
const DIRECT_CUSTOMERS = 40;
/** Shopify runs five bulk mutations of an app in a shop; one is left for others. */
const BATCHES_AT_ONCE = 4;
/** One to add and set, one to remove, and two for what a failed operation left undone. */
const BULK_PASSES = 4;

const untried: Attempts = { atLeast: 0, atMost: 0 };
const notYetAlone: Attempts = { atLeast: 0, atMost: FAILED_IN_BULK };

/**
 * Writes to Shopify what differs from the scores, and nothing else; nothing at all
 * before the merchant agreed or when the gate refused.
 *
 * Every plan is made from what is known to stand, so that this may be stopped and
 * called again at any point: it ends what was under way and plans the rest anew.
 *
 * @throws AppError when Shopify cannot be asked
 */
export async function runWriteback(
  shop: ShopDomain,
  { signal }: { signal?: AbortSignal } = {},
): Promise<PushOutcome> {
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  if (facts.writingAgreedAt === null) return { kind: "not-agreed" };
  if (!(await readWantedOptions(shop))) return { kind: "not-scored" };
  const admin = adminClient(shop);
  const progress = new WriteProgress(shop);
  const sending: Sending = { admin, signal, onLines: (lines) => progress.add(lines) };
  await progress.expect(0);

  await seeToDefinitions(admin);
  await readWhatStands(admin, signal);
  await resumeBatches(shop, sending);
  await forgetFailures(shop);
  // Read again: definitions may have blocked keys, and another scoring may have come.
  const options = await readWantedOptions(shop);
  if (options) {
    await writeInBulk(shop, options, { sending, progress });
    await writeRest(shop, options, { sending, progress });
  }
  await progress.end();
  return { kind: options ? "written" : "not-scored" };
}

type Work = { sending: Sending; progress: WriteProgress };

/** Adds and sets first; the next pass removes what these replaced. Few customers are left alone. */
async function writeInBulk(shop: ShopDomain, options: WantedOptions, work: Work): Promise<void> {
  for (let pass = 0; pass < BULK_PASSES; pass++) {
    if (await areFew(shop, options)) return;
    const { batches, lines } = await recordBatches(shop, options);
    await work.progress.expect(lines);
    await atOnce(batches, {
      workers: BATCHES_AT_ONCE,
      signal: work.sending.signal,
      work: async (id, signal) => {
        await sendBatch(await readBatch(shop, id), { ...work.sending, signal });
      },
    });
  }
}

async function areFew(shop: ShopDomain, options: WantedOptions): Promise<boolean> {
  let customers = 0;
  for await (const page of plannedPages(shop, options, untried)) {
    customers += page.length;
    if (customers > DIRECT_CUSTOMERS) return false;
  }
  return true;
}

/** The few, and those whose line failed in bulk: each by calls of its own. */
async function writeRest(shop: ShopDomain, options: WantedOptions, work: Work): Promise<void> {
  for await (const page of plannedPages(shop, options, notYetAlone)) {
    await work.progress.expect(page.length);
    await writeDirectly(work.sending.admin, page, {
      signal: work.sending.signal,
      onCustomer: () => work.progress.add(1),
    });
  }
}

/** Lines and customers carried out, for the merchant to see; it grows as passes are planned. */
class WriteProgress {
  readonly #shop: ShopDomain;
  #done = 0;
  #total = 0;

  constructor(shop: ShopDomain) {
    this.#shop = shop;
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
    return setProgress(this.#shop, "write", { state, done: this.#done, total });
  }
}
