import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { metafieldKeys } from "#app/writeback/plan/metafields.ts";
import { isEmpty } from "#app/writeback/plan/plan-writes.ts";
import { tierTags } from "#app/writeback/plan/tags.ts";
import { type Write, writesOf } from "#app/writeback/plan/writes.ts";
import { applyTombstones } from "#app/writeback/state/apply-tombstones.server.ts";
import { countPlan } from "#app/writeback/state/dry-run.server.ts";
import {
  forgetFailures,
  readFailures,
  recordFailures,
} from "#app/writeback/state/failures.server.ts";
import { type Planned, plannedPages } from "#app/writeback/state/planned-writes.server.ts";
import { recordSent, recordWritten } from "#app/writeback/state/written-state.server.ts";
import type { Tier } from "#engine";

const shop = shopDomain("planned.myshopify.com");
const options = { currencyDigits: 2, today: "2026-11-21", blocked: [] };
const everybody = { atLeast: 0, atMost: 9 };

type Score = {
  clv: string;
  buy: string;
  spend: number;
  probability: number;
  next: string | null;
  spent: number;
};

const anyScore: Score = {
  clv: "high",
  buy: "low",
  spend: 5,
  probability: 0.5,
  next: null,
  spent: 5,
};

async function storeScores(scores: Map<string, Score>): Promise<void> {
  await pool.query("delete from scores where shop = $1", [shop]);
  for (const [id, score] of scores) {
    await pool.query(
      `insert into scores values ($1, $2, 'run', 1, 1, 2, 1, $3, $4, 1, $5, 0, 0, $6, $6, $7, $8,
                                  '2026-11-01', '2026-11-01')`,
      [shop, id, score.spent, score.probability, score.spend, score.next, score.clv, score.buy],
    );
  }
}

async function plans(of: "everybody" | "pending" = "everybody"): Promise<Planned[]> {
  const all: Planned[] = [];
  for await (const page of plannedPages(shop, options, { ...everybody, of })) all.push(...page);
  return all;
}

/** The recorded tags of each customer, and those of its score; empty without any score. */
async function recordedAndDesired(): Promise<{ tags: string[]; wanted: string[] }[]> {
  const { rows } = await pool.query<{ tags: string[]; wanted: string[] }>(
    `select tags, case when s.shop is null then '{}'
                       else array['buy:' || s.buy_tier, 'clv:' || s.clv_tier] end as wanted
       from written_states w left join scores s using (shop, customer_id)
      where w.shop = $1 and exists (select 1 from scores where shop = $1)`,
    [shop],
  );
  return rows;
}

type Outcome = "done" | "lost and done" | "lost and not done";
/** The outcomes of adding and of removing tags in one pass of a push. */
type Pass = { adding: Outcome; removing: Outcome };
type Night = {
  clv: Tier;
  buy: Tier;
  /** The tags of another customer who is merged into this one. */
  merged: string[] | null;
  /** Whether the app learns of that before this night's passes. */
  told: boolean;
  passes: Pass[];
};

const adding = fc.constantFrom<Outcome>("done", "done", "lost and done", "lost and not done");
const removing = fc.constantFrom<Outcome>("done", "lost and done", "lost and not done");
const eitherTier = fc.constantFrom<Tier>("high", "low");
const nights: fc.Arbitrary<Night[]> = fc.array(
  fc.record({
    clv: eitherTier,
    buy: eitherTier,
    merged: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.subarray(["clv:high", "buy:low", "clv:new"]) },
    ),
    told: fc.boolean(),
    passes: fc.array(fc.record({ adding, removing }), { maxLength: 2, size: "max" }),
  }),
  { minLength: 1, maxLength: 6, size: "max" },
);
const allDone: Pass = { adding: "done", removing: "done" };

/** One customer's actual tags in Shopify, and the recorded ones. */
class Truth {
  readonly tags = new Set<string>();
  #untold = false;

  async live({ clv, buy, merged, told, passes }: Night): Promise<void> {
    await storeScores(new Map([["1", { ...anyScore, clv, buy }]]));
    if (merged !== null) this.#untold = true;
    for (const tag of merged ?? []) this.tags.add(tag);
    if (told) await this.hear();
    for (const pass of passes) await this.write(pass);
  }

  async hear(): Promise<void> {
    if (!this.#untold) return;
    this.#untold = false;
    await pool.query(
      `insert into gone_customers (shop, customer_id, into_customer_id) values ($1, '2', '1')
       on conflict (shop, customer_id) do update set settled_at = null`,
      [shop],
    );
    await applyTombstones(shop);
  }

  async write({ adding, removing }: Pass): Promise<void> {
    for (const { customerId, plan } of await plans()) {
      const writes = writesOf(customerId, plan);
      await this.#send(writes["tags-add"], adding);
      await this.#send(writes["tags-remove"], removing);
    }
  }

  async #send(write: Write | undefined, came: Outcome): Promise<void> {
    if (write === undefined) return;
    if (came !== "lost and not done") {
      for (const tag of write.add ?? []) this.tags.add(tag);
      for (const tag of write.remove ?? []) this.tags.delete(tag);
    }
    await (came === "done" ? recordWritten : recordSent)(shop, [write]);
  }
}

/** Executes one pass of a push, with all calls succeeding. */
async function carryOut(): Promise<void> {
  for (const { customerId, plan } of await plans()) {
    for (const write of Object.values(writesOf(customerId, plan))) {
      await recordWritten(shop, [write]);
    }
  }
}

const tier = fc.constantFrom<Tier>("high", "new");
const score: fc.Arbitrary<Score> = fc.record({
  clv: tier,
  buy: tier,
  // Few values, so that a customer's value often changes by less or by more than what is worth a write.
  spend: fc.constantFrom(0, 0.4, 99.9, 100.6, 1000.25, 1040.25, 1150.25, 90_000.75),
  probability: fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000),
  next: fc.option(fc.constantFrom("2026-12-01", "2027-01-31")),
  spent: fc.constantFrom(100, 200),
});
const number = fc.stringMatching(/^[1-9]$/);
const customers = fc.dictionary(number, score, { maxKeys: 6 });

beforeEach(async () => {
  await pool.query("delete from scores");
  await pool.query("delete from written_states");
  await pool.query("delete from gone_customers");
});

afterAll(async () => {
  await closeDatabase();
});

describe("the dry run", () => {
  it("counts the sum of all customers' plans, whatever was written before", async () => {
    await fc.assert(
      fc.asyncProperty(
        customers,
        customers,
        fc.record({
          added: fc.dictionary(number, fc.subarray([...tierTags]), { maxKeys: 3 }),
          removed: fc.uniqueArray(number, { maxLength: 3 }),
        }),
        async (before, now, lost) => {
          await pool.query("delete from written_states");
          await storeScores(new Map(Object.entries(before)));
          await carryOut();
          const added = Object.entries(lost.added).map(([customerId, add]) => ({
            customerId,
            add,
          }));
          await recordSent(shop, added);
          const removed = lost.removed.map((customerId) => ({ customerId, remove: ["clv:high"] }));
          await recordSent(shop, removed);
          await pool.query("update written_states set scored_at = '2026-11-17'");
          await storeScores(new Map(Object.entries({ ...before, ...now }).slice(1)));

          const planned = await plans();
          const sum = (count: (one: Planned["plan"]) => number) =>
            planned.reduce((total, { plan }) => total + count(plan), 0);
          expect(await countPlan(shop, options)).toEqual({
            customers: planned.length,
            tagsToAdd: sum((plan) => plan.add.length),
            tagsToRemove: sum((plan) => plan.remove.length),
            metafieldsToSet: sum((plan) => Object.keys(plan.set).length),
            metafieldsToDelete: sum((plan) => plan.unset.length),
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the written state in the database", () => {
  it("leaves nothing to do after two passes: one that adds, one that removes", async () => {
    await fc.assert(
      fc.asyncProperty(customers, customers, async (before, now) => {
        await storeScores(new Map(Object.entries(before)));
        await carryOut();
        await storeScores(new Map(Object.entries(now)));
        await carryOut();
        await carryOut();
        expect(await plans()).toEqual([]);
        for (const { tags, wanted } of await recordedAndDesired()) expect(tags).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it("ends in the desired tags, whatever was lost and whoever was merged", async () => {
    await fc.assert(
      fc.asyncProperty(nights, async (story) => {
        await pool.query("delete from written_states");
        const truth = new Truth();
        for (const night of story) await truth.live(night);
        await truth.hear();
        // One that adds, and one that removes.
        await truth.write(allDone);
        await truth.write(allDone);
        const { rows } = await pool.query<{ clv_tier: string; buy_tier: string }>(
          "select clv_tier, buy_tier from scores where shop = $1",
          [shop],
        );
        const wanted = rows.flatMap((row) => [`buy:${row.buy_tier}`, `clv:${row.clv_tier}`]);
        expect([...truth.tags].sort()).toEqual(wanted);
      }),
      { numRuns: 250 },
    );
  });

  it("lists what was sent without an answer, and it is written again", async () => {
    await storeScores(new Map([["1", anyScore]]));
    await recordSent(shop, [
      { customerId: "1", add: ["clv:moderate"], set: { clv_tier: "moderate" } },
    ]);
    const [planned] = await plans();
    expect(planned?.plan).toMatchObject({
      add: ["clv:high", "buy:low"],
      remove: ["clv:moderate"],
      set: { clv_tier: "high", buy_tier: "low" },
    });
    await recordWritten(shop, [{ customerId: "1", add: ["clv:high", "buy:low"] }]);
    const [next] = await plans();
    expect(next?.plan).toMatchObject({ add: [], remove: ["clv:moderate"] });
  });

  it("does not rely on a tag whose removal was sent without an answer", async () => {
    await storeScores(new Map([["1", anyScore]]));
    await carryOut();
    await recordSent(shop, [{ customerId: "1", remove: ["clv:high"] }]);
    const [planned] = await plans();
    expect(planned?.plan).toMatchObject({ add: ["clv:high"], remove: [] });
    await recordWritten(shop, [{ customerId: "1", add: ["clv:high"] }]);
    expect(await plans()).toEqual([]);

    await recordSent(shop, [{ customerId: "1", add: ["clv:low"] }]);
    await recordWritten(shop, [{ customerId: "1", add: ["clv:low"] }]);
    await recordSent(shop, [{ customerId: "1", remove: ["clv:low"] }]);
    await recordWritten(shop, [{ customerId: "1", remove: ["clv:low"] }]);
    expect(await plans()).toEqual([]);
  });

  it("is not changed by a process that has lost the lock", async () => {
    const stopped = AbortSignal.abort(new Error("lost"));
    const write = { customerId: "1", add: ["clv:high"] };
    await expect(recordSent(shop, [write], stopped)).rejects.toThrow("lost");
    await expect(recordWritten(shop, [write], stopped)).rejects.toThrow("lost");
    expect((await pool.query("select * from written_states")).rows).toEqual([]);
  });

  it("removes everything of ours from a customer without a score, whatever it is", async () => {
    await storeScores(new Map([["99", anyScore]]));
    await carryOut();
    for (const [index, key] of metafieldKeys.entries()) {
      await recordWritten(shop, [{ customerId: String(index + 1), set: { [key]: "2026-01-01" } }]);
    }
    const planned = await plans();
    expect(planned.map(({ plan }) => plan.unset)).toEqual(metafieldKeys.map((key) => [key]));
    await carryOut();
    expect((await plans()).every(({ plan }) => isEmpty(plan))).toBe(true);
  });

  it("is removed from any number of customers who lost their scores", async () => {
    await storeScores(new Map(Object.entries({ 1: anyScore, 9: anyScore })));
    await carryOut();
    await pool.query(
      `insert into written_states (shop, customer_id, tags)
       select $1, n::text, '{clv:high}' from generate_series(10001, 90000, 7) n`,
      [shop],
    );
    const planned = await plans();
    expect(new Set(planned.map(({ customerId }) => customerId)).size).toBe(11_429);
    expect(planned.every(({ plan }) => plan.remove.length === 1)).toBe(true);
    expect(planned).toHaveLength(11_429);
  });

  it("is unchanged when a scoring was refused meanwhile, so that nobody has a score", async () => {
    await storeScores(new Map([["99", anyScore]]));
    await carryOut();
    await storeScores(new Map());
    expect(await plans()).toEqual([]);
  });
});

describe("a plan for everybody", () => {
  // Values that differ by about a tenth, before and after rounding.
  const cents = fc
    .tuple(fc.constantFrom(100, 110, 90, 1), fc.integer({ min: -60, max: 60 }))
    .map(([about, more]) => about + more / 100);
  const figures = fc.tuple(score, cents, fc.integer({ min: 0, max: 9 }));
  const people = fc.dictionary(fc.stringMatching(/^[1-9]$/), figures, { maxKeys: 9 });
  const scoresOf = (some: Record<string, [Score, number, number]>) =>
    new Map(Object.entries(some).map(([id, [one, spend]]) => [id, { ...one, spend }]));

  it("includes everybody for whom there is something to write", async () => {
    await fc.assert(
      fc.asyncProperty(people, people, async (before, now) => {
        await pool.query("delete from written_states");
        await storeScores(scoresOf(before));
        await carryOut();
        for (const [id, [, , daysAgo]] of Object.entries(before)) {
          await pool.query(
            `update written_states set scored_at = ($2::date - $3::int)::text
              where customer_id = $1`,
            [id, options.today, daysAgo - 1],
          );
        }
        // For some only the value has changed.
        const moved = Object.entries(now).map(([id, [one, cents, days]]) => [
          id,
          [before[id]?.[0] ?? one, cents, days],
        ]);
        await storeScores(scoresOf({ ...before, ...Object.fromEntries(moved) }));
        await pool.query("delete from pending_writes");
        await pool.query(
          "insert into pending_writes (shop, customer_id) select shop, customer_id from scores",
        );
        expect(await plans("everybody")).toEqual(await plans("pending"));
      }),
      { numRuns: 60 },
    );
  });
});

describe("failures", () => {
  const one = new Map([["1", anyScore]]);

  it("are reported by reason, and reset by the next push", async () => {
    await storeScores(one);
    await recordFailures(shop, [{ customerId: "1", code: "write-refused", metafields: false }], 2);
    expect(await readFailures(shop)).toEqual([{ code: "write-refused", customers: 1 }]);
    await forgetFailures(shop);
    expect(await readFailures(shop)).toEqual([]);
    expect(await plans()).toHaveLength(1);
  });

  it("are final when the customer is gone: no plan includes that customer again", async () => {
    await storeScores(one);
    await recordFailures(
      shop,
      [{ customerId: "1", code: "customer-missing", metafields: false }],
      2,
    );
    await forgetFailures(shop);
    expect(await plans()).toEqual([]);
    expect(await countPlan(shop, options)).toMatchObject({ customers: 0, tagsToAdd: 0 });
  });
});
