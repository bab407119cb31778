import { Gauge } from "prom-client";

import { pool } from "#app/lib/db.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { countJobs } from "#app/queue/job-table.server.ts";

// Gauges of the whole installation, read from the database for each scrape. Every worker reports
// the same values, so aggregate with the maximum. Only shops that need attention become labels, at
// most 20.

const STALE_HOURS = 26;
const MAX_SHOP_LABELS = 20;

const registers = [metrics.registry];

const jobs = new Gauge({
  name: "encore_jobs",
  help: "Jobs by task and state: waiting (could begin now), delayed (later, or tried again) or active",
  labelNames: ["task", "state"] as const,
  registers,
});
const oldestWaiting = new Gauge({
  name: "encore_queue_age_seconds",
  help: "How long the job has waited that could have begun first",
  labelNames: ["task"] as const,
  registers,
});
const parked = new Gauge({
  name: "encore_parked_jobs",
  help: "Jobs that were given up: npm run jobs -- list",
  labelNames: ["task", "code"] as const,
  registers,
});
const unread = new Gauge({
  name: "encore_webhooks_unread",
  help: "Webhooks about orders, kept and not yet read",
  registers,
});
const oldestUnread = new Gauge({
  name: "encore_webhooks_oldest_unread_seconds",
  help: "Age of the oldest of them",
  registers,
});
const shops = new Gauge({
  name: "encore_shops",
  help: "Shops: installed, scored (once at least), stale (scored, but not well for 26 hours), without-access (their work waits for the merchant to open the app), and departure-unconfirmed (said to have left, and Shopify does not say so: npm run shops -- list)",
  labelNames: ["state"] as const,
  registers,
});
const oldestRun = new Gauge({
  name: "encore_oldest_good_run_age_seconds",
  help: "Age of the last good scoring of the shop whose last good scoring is the oldest",
  registers,
});
const staleShop = new Gauge({
  name: "encore_shop_good_run_age_seconds",
  help: "The same for each stale shop, the oldest 20",
  labelNames: ["shop"] as const,
  registers,
});

const drift = new Gauge({
  name: "encore_order_drift",
  help: "Orders that the checks of the last two days found missing, stale, wrong or to be removed",
  labelNames: ["kind"] as const,
  registers,
});

async function readDrift(): Promise<void> {
  const { rows } = await pool.query<Record<"missing" | "stale" | "wrong" | "removed", number>>(
    `select coalesce(sum(missing), 0)::float8 as missing, coalesce(sum(stale), 0)::float8 as stale,
            coalesce(sum(wrong), 0)::float8 as wrong, coalesce(sum(removed), 0)::float8 as removed
       from order_checks where finished_at > now() - interval '2 days'`,
  );
  for (const [kind, orders] of Object.entries(rows[0] ?? {})) drift.set({ kind }, orders);
}

async function readJobs(): Promise<void> {
  const { tasks, counts } = await countJobs();
  for (const task of tasks) {
    const of = (state: string) => counts.find((row) => row.task === task && row.state === state);
    for (const state of ["waiting", "delayed", "active"]) {
      jobs.set({ task, state }, of(state)?.jobs ?? 0);
    }
    oldestWaiting.set({ task }, of("waiting")?.ageSeconds ?? 0);
  }
}

async function readParked(): Promise<void> {
  const { rows } = await pool.query<{ task: string; code: string; n: number }>(
    `select p.task, p.error_code as code, count(*)::int as n
       from parked_jobs p join shops s using (shop) where s.uninstalled_at is null group by 1, 2`,
  );
  parked.reset();
  for (const { task, code, n } of rows) parked.set({ task, code }, n);
}

async function readWebhooks(): Promise<void> {
  const { rows } = await pool.query<{ n: number; age: number | null }>(
    `select count(*)::int as n, extract(epoch from now() - min(received_at))::float8 as age
       from webhook_inbox
      where handled_at is null and (topic like 'orders/%' or topic like 'refunds/%')`,
  );
  unread.set(rows[0]?.n ?? 0);
  oldestUnread.set(rows[0]?.age ?? 0);
}

async function readShops(): Promise<void> {
  type Row = { shop: string; age: number | null; without: "access" | "confirmation" | null };
  const { rows } = await pool.query<Row>(
    `select s.shop, extract(epoch from now() - r.created_at)::float8 as age,
            case when s.access_lost_at is null then null
                 when s.access_lost_code = 'departure-unconfirmed' then 'confirmation'
                 else 'access' end as without
       from shops s
       left join lateral (
         select created_at from scoring_runs
          where shop = s.shop and not reconstructed order by as_of desc limit 1) r on true
      where s.uninstalled_at is null order by r.created_at nulls last`,
  );
  const scored = rows.flatMap(({ shop, age }) => (age === null ? [] : [{ shop, age }]));
  const stale = scored.filter(({ age }) => age > STALE_HOURS * 3600);
  shops.set({ state: "installed" }, rows.length);
  shops.set({ state: "scored" }, scored.length);
  shops.set({ state: "stale" }, stale.length);
  const count = (what: Row["without"]) => rows.filter(({ without }) => without === what).length;
  shops.set({ state: "without-access" }, count("access"));
  shops.set({ state: "departure-unconfirmed" }, count("confirmation"));
  oldestRun.set(scored[0]?.age ?? 0);
  staleShop.reset();
  for (const { shop, age } of stale.slice(0, MAX_SHOP_LABELS)) staleShop.set({ shop }, age);
}

/** Updates all gauges before a scrape is answered. */
export async function readGauges(): Promise<void> {
  await Promise.all([readJobs(), readParked(), readWebhooks(), readShops(), readDrift()]);
}
