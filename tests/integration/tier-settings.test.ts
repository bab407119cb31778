import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { runId, shopDomain } from "#app/lib/ids.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runRescore } from "#app/scoring/run/rescore.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { chooseTierOptions } from "#app/scoring/store/scoring-settings.server.ts";
import { readTierRows } from "#app/scoring/store/tier-totals.server.ts";
import { readTierSettings, readWhatIf } from "#app/scoring/views/tier-settings.server.ts";
import { defaultTierChoice, optionsOf } from "#app/scoring/views/tier-settings.ts";
import { countPlan } from "#app/writeback/state/dry-run.server.ts";
import { axes, defaultTierOptions, type Purchases, tiers } from "#engine";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { cdnow, giftware } from "#tests/stores/read.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { reproduceRun } from "../../scripts/reproduce/read-run.ts";

const asOf = "2026-11-22";
const asOfDay = dayNumber(asOf);
const kept = new KeptTables(pool);

/** The purchases moved so that the last is of the day before the scoring. */
function endingNow(purchases: Purchases): Purchases {
  const last = purchases.day.reduce((latest, day) => Math.max(latest, day));
  return { ...purchases, day: purchases.day.map((day) => day + asOfDay - 1 - last) };
}

const stores: Record<string, () => Purchases> = {
  "generated.myshopify.com": () => smallStore(asOfDay),
  "gifts.myshopify.com": () => endingNow(giftware()),
  "cohort.myshopify.com": () => endingNow(cdnow()),
};
const shops = Object.keys(stores).map(shopDomain);
const [shop] = shops;

const choices = [
  { ...defaultTierChoice, buyHigh: 1.25, buyLow: 0.95 },
  { ...defaultTierChoice, buyHigh: 4, clvHigh: 20, clvModerate: 60 },
  { buyHigh: 3.5, buyLow: 0.1, clvHigh: 80, clvModerate: 15 },
].map(optionsOf);

beforeAll(async () => {
  for (const each of shops) {
    await storeShop(each);
    await storePurchases(each, stores[each]());
    const outcome = await runScoring(each, { asOf, weeks: 0 });
    expect(outcome.kind).toBe("scored");
  }
  await kept.keep();
}, 240_000);

beforeEach(() => kept.restore());

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

async function choose(of: (typeof shops)[number], options: (typeof choices)[number]) {
  await chooseTierOptions(of, options);
  await runRescore(of);
}

async function rows<Row extends object>(sql: string, values: unknown[] = [shop]): Promise<Row[]> {
  return (await pool.query<Row>(sql, values)).rows;
}

/** The tags and metafields of everybody are those of the scores, as after a write. */
async function markAllWritten() {
  await pool.query(
    `insert into written_states (shop, customer_id, tags, clv_tier, buy_tier, expected_spend,
                                 buy_probability, next_order_from, next_order_to, scored_at, spent_minor)
     select shop, customer_id, array['clv:' || clv_tier, 'buy:' || buy_tier], clv_tier, buy_tier,
            round((expected_spend_minor / 100)::numeric, 2)::text,
            round(buy_probability::numeric, 4)::text, next_order_from::text, next_order_to::text,
            (as_of - 1)::text, spent_minor from scores where shop = $1`,
    [shop],
  );
}

describe("tiers that the merchant chose", () => {
  it.each(shops)("are in %s what the preview promised, customer for customer", async (of) => {
    for (const options of [...choices, defaultTierOptions]) {
      const promised = await readWhatIf(of, options);
      if (!promised) throw new Error("no scores");
      const before = await rows(
        "select customer_id, clv_tier, buy_tier from scores where shop = $1",
        [of],
      );
      await choose(of, options);
      const shown = await readTierRows(of);
      expect(shown.axes).toEqual(promised.after);
      for (const axis of axes) {
        const counted = await rows<{ tier: string; customers: number }>(
          `select ${axis}_tier as tier, count(*)::int as customers from scores where shop = $1 group by 1`,
          [of],
        );
        const stored = tiers.map(
          (tier) => counted.find((row) => row.tier === tier)?.customers ?? 0,
        );
        expect(stored).toEqual(promised.after[axis].map(({ customers }) => customers));
      }
      const after = await rows(
        "select customer_id, clv_tier, buy_tier from scores where shop = $1",
        [of],
      );
      const unchanged = new Set(before.map((row) => JSON.stringify(row)));
      expect(after.filter((row) => !unchanged.has(JSON.stringify(row)))).toHaveLength(
        promised.moved,
      );
      expect(promised.moved).toBeGreaterThan(0);
    }
  });

  it("are those that a scoring of the whole shop would give", async () => {
    await choose(shop, choices[1]);
    const kept =
      "select customer_id, clv_plain_tier, buy_plain_tier from score_history where shop = $1 order by 1";
    const shown = "select customer_id, clv_tier, buy_tier from scores where shop = $1 order by 1";
    const fit = "select fit from scoring_runs where shop = $1";
    const applied = [await rows(kept), await rows(shown), await rows(fit)];
    await runScoring(shop, { asOf, weeks: 0 });
    expect([await rows(kept), await rows(shown), await rows(fit)]).toEqual(applied);
  });

  it("leave a run that can be reproduced, and so does the way back", async () => {
    const [{ customers }] = await rows<{ customers: number }>(
      "select count(*)::int as customers from scores where shop = $1",
    );
    for (const options of [choices[2], defaultTierOptions]) {
      await choose(shop, options);
      const [{ id }] = await rows<{ id: string }>("select id from scoring_runs where shop = $1");
      expect(await reproduceRun(shop, runId(id))).toEqual({ kind: "same", customers });
    }
    const [{ fit }] = await rows<{ fit: object }>("select fit from scoring_runs where shop = $1");
    expect(fit).not.toHaveProperty("tierOptions");
  });

  it("hold nobody back on the day they were chosen, however often scored, and hold from then on", async () => {
    await runScoring(shop, { asOf: "2026-11-25", weeks: 0 });
    await choose(shop, choices[1]);
    const moved = await rows<{ customer_id: string; clv_tier: string; buy_tier: string }>(
      "select customer_id, clv_tier, buy_tier from scores where shop = $1 order by customer_id",
    );
    const settled = await rows(
      "select count(*)::int as others from score_history where shop = $1 and as_of = '2026-11-25' and (clv_tier, buy_tier) <> (clv_plain_tier, buy_plain_tier)",
    );
    expect(settled).toEqual([{ others: 0 }]);
    await runScoring(shop, { asOf: "2026-11-25", weeks: 0 });
    const again = await rows(
      "select customer_id, clv_tier, buy_tier from scores where shop = $1 order by customer_id",
    );
    expect(again).toEqual(moved);
    await runScoring(shop, { asOf: "2026-12-01", weeks: 0 });
    const [{ held }] = await rows<{ held: number }>(
      "select count(*)::int as held from score_history where shop = $1 and as_of = '2026-12-01' and (clv_tier, buy_tier) <> (clv_plain_tier, buy_plain_tier)",
    );
    expect(held).toBeGreaterThan(0);
  });

  it("record each move with a reason of its own, and write only what changed", async () => {
    await markAllWritten();
    await pool.query(
      "update shops set writing_agreed_at = now(), written_run_id = (select id from scoring_runs where shop = $1) where shop = $1",
      [shop],
    );
    const promised = await readWhatIf(shop, choices[0]);
    await choose(shop, choices[0]);
    const changes = await rows<{ why: string }>(
      "select why, from_tier <> to_tier as moved from tier_changes where shop = $1",
    );
    expect(changes).toHaveLength(promised?.tiersChanged ?? 0);
    expect(new Set(changes.map(({ why }) => why))).toEqual(new Set(["settings"]));
    const pending = await rows("select customer_id from pending_writes where shop = $1");
    expect(pending).toHaveLength(promised?.moved ?? 0);
    const plan = await countPlan(shop, { currencyDigits: 2, today: "2026-11-21", blocked: [] });
    expect(plan).toMatchObject({
      customers: promised?.moved,
      tagsToAdd: promised?.tiersChanged,
      tagsToRemove: promised?.tiersChanged,
    });
  });

  it("are applied before the customers who wait, and a second time nothing changes", async () => {
    await pool.query("update scores set clv_tier = clv_tier where shop = $1", [shop]);
    await chooseTierOptions(shop, choices[0]);
    expect(await readTierSettings(shop)).toMatchObject({ pending: true });
    const [{ id }] = await rows<{ id: string }>(
      "select max(customer_id) as id from scores where shop = $1",
    );
    const client = await pool.connect();
    await markChanged(client, shop, [id]);
    client.release();
    await runRescore(shop);
    expect(await readTierSettings(shop)).toMatchObject({
      pending: false,
      saved: { buyHigh: 1.25 },
    });
    const changes = "select * from tier_changes where shop = $1 order by customer_id, axis";
    const once = await rows(changes);
    await runRescore(shop);
    expect(await rows(changes)).toEqual(once);
  });

  it("wait for the first scoring where there is none", async () => {
    await pool.query("delete from scoring_runs where shop = $1", [shop]);
    expect(await readWhatIf(shop, choices[0])).toBeNull();
    await choose(shop, choices[0]);
    expect(await readTierSettings(shop)).toMatchObject({ pending: false, scored: null });
  });
});
