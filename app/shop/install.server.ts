import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import { fromGid, type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { progressStates } from "#app/queue/progress.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import { readShop } from "#app/shopify/resources/shop.server.ts";

import { resumeDeferredTasks } from "./deferred-tasks.server.ts";
import { inGrace } from "./grace.ts";
import type { ShopRow } from "./shop-row.server.ts";

/** With the granted scopes in Shopify's form: a write scope implies its read scope. */
export type RefreshedShop = ShopRow & { scopes: string[] };

/** Without this scope Shopify shows only the last 60 days of orders. */
const FULL_HISTORY = "read_all_orders";

type ShopSession = { shop: string; scope?: string | undefined };

/**
 * Ensures that the shop is installed and its import enqueued. Called with every page; for an
 * installed shop it takes a few small queries. A failed import is enqueued again, because opening
 * the app is how merchants react to it; so is an import without full history when the session now
 * has that scope. Tasks deferred by lost access are resumed.
 *
 * @param session of the Shopify library, or an object that names the shop
 */
export async function ensureInstalled(session: ShopSession): Promise<void> {
  const shop = shopDomain(session.shop);
  const granted = (session.scope ?? "").split(",").includes(FULL_HISTORY);
  await dismissUnconfirmedDeparture(shop);
  await resumeDeferredTasks(shop);
  if (await isUpToDate(shop, granted)) return;
  await refreshShop(adminClient(shop), { install: true });
}

const OF_DEPARTURE = "topic in ('app/uninstalled', 'shop/redact')";

/**
 * An opened page proves that the app is installed: marks earlier webhooks about an unconfirmed
 * departure as handled, and deletes the failed job, so that later webhooks are handled at once.
 */
async function dismissUnconfirmedDeparture(shop: ShopDomain): Promise<void> {
  await pool.query(
    `with unconfirmed as (
       select shop from shops where shop = $1 and access_lost_code = 'departure-unconfirmed'
     ), unparked as (
       delete from parked_jobs p using unconfirmed u
        where p.shop = u.shop and p.task = 'shop.departure'
     )
     update webhook_inbox w set handled_at = now(), resource_id = null from unconfirmed u
      where w.shop = u.shop and w.handled_at is null and ${OF_DEPARTURE}`,
    [shop],
  );
}

/**
 * Whether a page need not call Shopify: the app is installed, its import has not failed, and it
 * covers the granted history.
 *
 * @param fullHistory whether full history is granted now
 */
async function isUpToDate(shop: ShopDomain, fullHistory: boolean): Promise<boolean> {
  const result = await pool.query(
    `select 1 from shops
      where shop = $1 and uninstalled_at is null and (full_history or not $2) and not exists (
        select 1 from progress where shop = $1 and task = 'import' and state = 'failed')`,
    [shop, fullHistory],
  );
  return result.rowCount !== 0;
}

/**
 * Reads the shop's name, currency, time zone and scopes from Shopify and stores them.
 *
 * @param install also begin the installation and enqueue the import, in the same transaction
 */
export async function refreshShop(
  admin: AdminApi,
  { install = false }: { install?: boolean } = {},
): Promise<RefreshedShop> {
  const facts = await readShop(admin, install ? { priority: "interactive" } : {});
  const row: ShopRow = {
    shop: admin.shop,
    currency: facts.currency,
    timeZone: facts.timeZone,
    fullHistory: facts.scopes.includes(FULL_HISTORY),
    developmentStore: facts.developmentStore,
  };
  await inTransaction(async (client) => {
    const more = (await lockHistory(client, row.shop)) === false && row.fullHistory;
    await client.query(
      `insert into shops
         (shop, shopify_id, name, currency, time_zone, full_history, development_store)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (shop) do update set
         shopify_id = excluded.shopify_id, name = excluded.name, currency = excluded.currency,
         time_zone = excluded.time_zone, full_history = excluded.full_history,
         development_store = excluded.development_store,
         orders_time_zone = coalesce(shops.orders_time_zone, shops.time_zone),
         orders_currency = coalesce(shops.orders_currency, shops.currency)`,
      [
        row.shop,
        fromGid("Shop", facts.id),
        facts.name,
        row.currency,
        row.timeZone,
        row.fullHistory,
        row.developmentStore,
      ],
    );
    if (install) await beginInstallation(client, row, more);
  });
  return { ...row, scopes: facts.scopes };
}

/**
 * Begins or continues an installation. One that ended within the days of grace continues, and is
 * brought up to date; leftovers of an older one are hidden, and erased before the import.
 *
 * @param more whether more history is granted than before
 */
async function beginInstallation(
  client: pg.PoolClient,
  { shop, fullHistory }: ShopRow,
  more: boolean,
): Promise<void> {
  const { rows } = await client.query<{ leftovers: boolean; returned: boolean }>(
    `update shops s set
       access_lost_at = null, access_lost_code = null, stopped_tasks = '{}', uninstalled_at = null,
       installed_at = case when was.over then now() else s.installed_at end,
       leftovers = s.leftovers or was.over,
       writing_agreed_at = case when was.over then null else s.writing_agreed_at end,
       writing_paused_at = case when was.over then null else s.writing_paused_at end,
       definitions_made_at = case when was.over then null else s.definitions_made_at end,
       departure_evidence = case when was.over then null else s.departure_evidence end
       from (select shop, uninstalled_at is not null and not (${inGrace("shops")}) as over
               from shops where shop = $1 for update) was
      where s.shop = was.shop
     returning s.leftovers, s.departure_evidence is not null as returned`,
    [shop],
  );
  const { leftovers = false, returned = false } = rows[0] ?? {};
  // Webhooks about a departure are from before this installation.
  await client.query(
    `update webhook_inbox set handled_at = now(), resource_id = null
      where shop = $1 and handled_at is null and ${OF_DEPARTURE}`,
    [shop],
  );
  const over = leftovers ? progressStates : (["failed"] as const);
  const isNewlyWaiting = await showWaiting(client, shop, { task: "import", over });
  if (leftovers) await client.query("delete from scoring_runs where shop = $1", [shop]);
  // A page opened at the same time has enqueued it already.
  if (!isNewlyWaiting && !more && !returned) return;
  const task = leftovers ? "privacy.handle" : returned ? "shop.departure" : "orders.import";
  await enqueue(task, { shop }, { client, soon: true });
  log.info({ shop, fullHistory, returned }, "installed");
}

/**
 * Locks the shop's row, so that pages opened at the same time wait for each other.
 *
 * @returns whether full history was granted so far; undefined for an unknown shop
 */
async function lockHistory(client: pg.PoolClient, shop: ShopDomain): Promise<boolean | undefined> {
  const { rows } = await client.query<{ full_history: boolean }>(
    "select full_history from shops where shop = $1 for no key update",
    [shop],
  );
  return rows[0]?.full_history;
}
