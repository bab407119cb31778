import { setTimeout as sleep } from "node:timers/promises";

import type { Site } from "../stack/admin-api.ts";
import { Merchant } from "../stack/merchant.ts";
import { askFor } from "./app.ts";
import { eventually, insist } from "./eventually.ts";
import { DELAY_HOURS } from "./faults.ts";
import type { Stage } from "./stage.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUIET_DAYS = 8;
const PATIENCE_SECONDS = 300;

/** No shop of a storm is near its midnight then, so that its day does not change during the comparison. */
const HOUR_OF_REST_UTC = 12;

/** Opens the app in a shop for the first time, and agrees to writing. */
export async function openShop(site: Site): Promise<void> {
  const merchant = new Merchant(site);
  await insist(`${site.shop} is installed`, () => merchant.open());
}

/** The merchant agrees to writing after the first run; a refused shop may pass the gate later. */
export async function agree(stage: Stage, site: Site): Promise<void> {
  const merchant = new Merchant(site);
  await eventually(
    `${site.shop} writes`,
    async () => {
      const [shop] = await stage.database.rows<{ judged: boolean; agreed: boolean }>(
        `select writing_agreed_at is not null as agreed, exists (
                  select 1 from scoring_runs where shop = $1 and not reconstructed) as judged
           from shops where shop = $1`,
        [site.domain],
      );
      if (shop?.judged === true && !shop.agreed) await merchant.agreeToWriting();
      return shop?.agreed === true;
    },
    { seconds: PATIENCE_SECONDS, everyMs: 500 },
  );
}

/** Waits until the first write has finished. */
export async function untilWritten(stage: Stage): Promise<void> {
  const written = async () => {
    const rows = await stage.database.rows(
      `select 1 from scores s where not exists (
         select 1 from written_states w where w.shop = s.shop and w.written_at is not null)`,
    );
    return rows.length === 0;
  };
  await eventually("every shop has its tags", written, { seconds: PATIENCE_SECONDS });
}

/** Merchants whose shop has lost access open the app, which restores it. */
async function visit(stage: Stage): Promise<void> {
  const rows = await stage.database.rows<{ shop: string }>(
    "select shop from shops where access_lost_at is not null and uninstalled_at is null",
  );
  const lost = new Set(rows.map(({ shop }) => shop));
  for (const site of stage.sites) if (lost.has(site.domain)) await new Merchant(site).open();
}

/**
 * Shortens the delays between attempts during the work: where a day has seconds, a delay of a quarter of an hour
 * is too long. Merchants open the app meanwhile.
 */
export async function hurried<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result> {
  let done = false;
  const hurry = async () => {
    while (!done) {
      await sleep(500);
      // The database or the app may be down for a moment: the next poll will find them.
      await stage.database.rows(SHORTER).catch(() => undefined);
      await visit(stage).catch(() => undefined);
    }
  };
  const hurrying = hurry();
  try {
    return await work();
  } finally {
    done = true;
    await hurrying;
  }
}

/** A job whose worker died too often is set aside for minutes; at the storm's pace that is days. */
const SHORTER = `
  with retries as (
    update pgboss.job set start_after = now()
     where state = 'retry' and start_after > now() + interval '1 second')
  update parked_jobs set ask_again_at = now() where ask_again_at > now()`;

/**
 * Advances time until the last delayed webhook has arrived and a week has passed, in which every customer is
 * written at least once: that detects a merge whose webhook was lost.
 */
export async function settle(stage: Stage): Promise<void> {
  const { now } = (await stage.control("clock", {})) as { now: string };
  const rest = new Date(Date.parse(now) + DELAY_HOURS * HOUR_MS + QUIET_DAYS * DAY_MS);
  if (rest.getUTCHours() >= HOUR_OF_REST_UTC) rest.setUTCDate(rest.getUTCDate() + 1);
  rest.setUTCHours(HOUR_OF_REST_UTC, 0, 0, 0);
  await stage.control("clock", { advanceSeconds: (rest.getTime() - Date.parse(now)) / 1000 });
  await insist("the app answers", () =>
    new Merchant(stage.sites[0] ?? stage.siteOf("")).progress(),
  );
  await untilQuiet(stage);
}

/** The merchants start a reconciliation run. */
export async function reconcile(stage: Stage): Promise<void> {
  for (const site of stage.sites) {
    await insist(`${site.shop} is checked`, () => new Merchant(site).check());
  }
  await untilQuiet(stage);
}

/** Fits and scores all shops again. */
export async function refit(stage: Stage): Promise<void> {
  await askFor("scoring.run", stage, stage.sites);
  await untilQuiet(stage);
}

/** Waits until no work is left, and every shop was scored on its current day. */
export async function untilQuiet(stage: Stage): Promise<void> {
  let quiet = 0;
  let waiting = "";
  const look = async (): Promise<boolean> => {
    await stage.database.rows(SHORTER);
    await visit(stage);
    const work = await openWork(stage);
    waiting = work.join(", ");
    quiet = work.length === 0 ? quiet + 1 : 0;
    return quiet > 2;
  };
  const patience = { seconds: PATIENCE_SECONDS, everyMs: 500 };
  await eventually("all work is done", look, patience).catch((error: unknown) => {
    throw new Error(`Still waiting for ${waiting}`, { cause: error });
  });
}

async function openWork(stage: Stage): Promise<string[]> {
  const { now } = await stage.control("clock", {});
  const rows = await stage.database.rows<{ work: string }>(
    `select name || ' of ' || (data->>'shop') || ' ' || state as work from pgboss.job
      where state in ('created', 'retry', 'active') and data->>'shop' is not null
     union all
     select topic || ' of ' || shop || ' unread' from webhook_inbox
      where handled_at is null and topic like 'orders/%'
     union all
     select 'batch of ' || shop || ' ' || state from write_batches b
      where state in ('planned', 'uploaded', 'running')
        -- Nothing is written where the gate refused; it is gone on with when it no longer does.
        and exists (select 1 from scores s where s.shop = b.shop)
     union all
     select 'scoring of the day of ' || shop from shops s
      where uninstalled_at is null and not exists (
        select 1 from scoring_runs r where r.shop = s.shop and not r.reconstructed
           and r.as_of = ($1::timestamptz at time zone s.time_zone)::date + 1)`,
    [now],
  );
  return rows.map(({ work }) => work);
}
