import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startCleanUp } from "#app/campaigns/clean-up.server.ts";
import type { Target } from "#app/campaigns/target.ts";
import { createTargetSegment, readKnownSegments } from "#app/campaigns/target-segment.server.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";

import { meetBefore, untilBlocked } from "../setup/meeting.ts";
import { FakeShopify, giveSession } from "./fake-shopify.ts";

const shop = shopDomain("one.myshopify.com");
const target: Target = { axis: "clv", tier: "high" };
const fake = new FakeShopify();
const create = () => createTargetSegment(shop, target, "Encore: High");

const removing = async () => (await pool.query("select 1 from clean_ups")).rowCount;

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  await pool.query("truncate shops, sessions, target_segments, clean_ups, progress");
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history,
                        writing_agreed_at, definitions_made_at)
     values ($1, '1', 'One', 'GBP', 'Europe/London', true, now(), now())`,
    [shop],
  );
  fake.answers.set("EncoreNewestSegments", () => ({ data: { segments: { nodes: [] } } }));
  fake.answers.set("EncoreSegmentCreate", ({ name, query }) => ({
    data: {
      segmentCreate: { segment: { id: "gid://shopify/Segment/7", name, query }, userErrors: [] },
    },
  }));
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("making a segment during a clean-up", () => {
  it("does nothing when the agreement has just ended", async () => {
    const asking = meetBefore(/^insert into target_segments/i);
    const made = create();
    await asking.arrived();
    await startCleanUp(shop);
    asking.end();
    expect(await made).toEqual({ kind: "not-agreed" });
    expect(fake.count("EncoreSegmentCreate")).toBe(0);
  });

  it("is waited for by the clean-up, which then knows the segment", async () => {
    const keeping = meetBefore(/^update target_segments/i);
    const made = create();
    await keeping.arrived();
    expect(fake.count("EncoreSegmentCreate")).toBe(1);
    const started = startCleanUp(shop);
    await untilBlocked();
    expect(await removing()).toBe(0);
    keeping.end();
    expect(await made).toMatchObject({ kind: "created" });
    await started;
    expect(await removing()).toBe(1);
    expect(await readKnownSegments(shop)).toMatchObject({ "clv:high": { segmentId: "7" } });
  });
});
