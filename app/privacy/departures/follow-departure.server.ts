import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { resumeDeferredTasks } from "#app/shop/lost-access.server.ts";
import { log } from "#app/lib/log.server.ts";
import { endInstallation, type DepartureEvidence } from "#app/shop/uninstall.server.ts";
import { refusals } from "#app/shopify/tokens/access-loss.server.ts";
import {
  askWhetherInstalled,
  type InstallationAnswer,
} from "#app/shopify/api/installation.server.ts";
import { bringUpToDate } from "#app/writeback/restored.server.ts";

import { eraseShop, isErasable } from "#app/privacy/erasure/erase-shop.server.ts";
import { markHandled, openRequests, type OpenRequest } from "#app/privacy/open-requests.server.ts";
import { departureTopics, type DepartureTopic } from "#app/privacy/request-body.ts";

type Request = OpenRequest<DepartureTopic>;

/** Days after which a shop is erased that was uninstalled, though Shopify never asked for it. */
export const ERASE_UNASKED_DAYS = 7;

/**
 * Follows what webhooks say of a shop's leaving. A signed body that names the shop is believed when
 * Shopify refuses the newest token that there is of it; then the installation ends, and after the days
 * of grace, in which a page that is opened takes it back, the shop is erased: when Shopify asks for it,
 * or a week after it left. When Shopify accepts the token nothing happens. When it does not say, the
 * shop's work stops, whoever runs the app is told, and nothing is erased.
 *
 * May be stopped at any point and called again. Also runs for a shop that has left.
 *
 * @throws AppError departure-unconfirmed when Shopify does not say whether the app is installed
 */
export async function runDeparture(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const requests = await openRequests(shop, departureTopics);
  if (requests.length > 0) await follow(shop, requests, signal);
  const asked = (await openRequests(shop, departureTopics)).find(
    ({ topic }) => topic === "shop/redact",
  );
  if (await isErasable(shop, { asked: asked !== undefined, unaskedDays: ERASE_UNASKED_DAYS })) {
    const why = asked === undefined ? { askedBy: "time" as const } : askedIn(asked);
    await eraseShop(shop, why, signal);
  }
  await catchUpReturned(shop);
}

function askedIn({ receivedAt }: Request) {
  return { askedBy: "shop/redact" as const, askedAt: receivedAt };
}

type Verdict =
  | InstallationAnswer
  /** The shop has left before, was never here, or is not meant: nothing is to be found out. */
  | { kind: "left" | "unheard-of" | "not-about-us" };

type ShopRow = { shopifyId: string; left: boolean; lossCode: string | null };

async function follow(
  shop: ShopDomain,
  requests: Request[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const verdict = await inTransaction(async (client): Promise<Verdict> => {
    const row = await readShopRow(client, shop);
    const ours = await withoutStrangers(client, shop, { requests, row });
    if (ours.length === 0) return { kind: "not-about-us" };
    const found = await judge(client, shop, { row, signal });
    if (found.kind === "accepted") await markHandled(client, shop, ours);
    // A request to erase stays open until that is done.
    if (found.kind === "refused" || found.kind === "left" || found.kind === "unheard-of") {
      await markHandled(
        client,
        shop,
        ours.filter(({ topic }) => topic === "app/uninstalled"),
      );
    }
    return found;
  });
  if (verdict.kind === "accepted") {
    log.info({ shop, topics: requests.map(({ topic }) => topic) }, "not left: it is installed");
    await resumeDeferredTasks(shop);
  }
  if (verdict.kind === "unknown") await stopUnconfirmed(shop, verdict);
}

async function readShopRow(client: pg.PoolClient, shop: ShopDomain): Promise<ShopRow | undefined> {
  const { rows } = await client.query<ShopRow>(
    `select shopify_id as "shopifyId", uninstalled_at is not null as left,
            access_lost_code as "lossCode"
       from shops where shop = $1`,
    [shop],
  );
  return rows[0];
}

/** Bodies that name another shop's number are about that one: nothing is done for them. */
async function withoutStrangers(
  client: pg.PoolClient,
  shop: ShopDomain,
  { requests, row }: { requests: Request[]; row: ShopRow | undefined },
): Promise<Request[]> {
  const isOurs = ({ resourceId }: Request) =>
    row === undefined || resourceId === null || resourceId === row.shopifyId;
  const strangers = requests.filter((request) => !isOurs(request));
  if (strangers.length > 0) {
    await markHandled(client, shop, strangers);
    log.warn({ shop, webhooks: strangers.length }, "webhooks name the number of another shop");
  }
  return requests.filter(isOurs);
}

async function judge(
  client: pg.PoolClient,
  shop: ShopDomain,
  { row, signal }: { row: ShopRow | undefined; signal: AbortSignal | undefined },
): Promise<Verdict> {
  if (row === undefined) return { kind: "unheard-of" };
  if (row.left) return { kind: "left" };
  const answer = await askWhetherInstalled(client, shop, signal);
  const evidence = evidenceOf(answer, row);
  if (evidence === null) return answer;
  await endInstallation(client, shop, evidence);
  return { kind: "refused", token: "refresh-token" };
}

/** Without a session, Shopify's earlier refusal of the newest one counts: there was none since. */
function evidenceOf(answer: InstallationAnswer, { lossCode }: ShopRow): DepartureEvidence | null {
  if (answer.kind === "refused") return `${answer.token}-refused`;
  const wasRefused = refusals.some((loss) => loss === lossCode);
  return answer.kind === "unknown" && answer.without === "session" && wasRefused
    ? "access-lost"
    : null;
}

/**
 * @throws AppError always: the task is tried again, at growing distances
 */
async function stopUnconfirmed(
  shop: ShopDomain,
  { why, retryable }: Extract<InstallationAnswer, { kind: "unknown" }>,
): Promise<never> {
  await pool.query(
    `update shops set access_lost_at = coalesce(access_lost_at, now()),
            access_lost_code = coalesce(access_lost_code, 'departure-unconfirmed')
      where shop = $1 and uninstalled_at is null`,
    [shop],
  );
  throw new AppError(
    "departure-unconfirmed",
    `Shopify announced that the app was removed from ${shop}, which its answer does not confirm: ` +
      `${why}. The shop's work is stopped, and nothing is erased`,
    { retryable },
  );
}

/** A shop that left and was opened within the days of grace: what happened meanwhile, nobody told. */
async function catchUpReturned(shop: ShopDomain): Promise<void> {
  const { rowCount } = await pool.query(
    `select 1 from shops
      where shop = $1 and uninstalled_at is null and departure_evidence is not null`,
    [shop],
  );
  if (rowCount === 0) return;
  await bringUpToDate(shop);
  await pool.query(
    "update shops set departure_evidence = null where shop = $1 and uninstalled_at is null",
    [shop],
  );
}
