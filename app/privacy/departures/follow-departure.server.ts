import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { eraseShop, isErasable } from "#app/privacy/erasure/erase-shop.server.ts";
import { markHandled, type OpenRequest, openRequests } from "#app/privacy/open-requests.server.ts";
import { type DepartureTopic, departureTopics } from "#app/privacy/request-body.ts";
import { resumeDeferredTasks } from "#app/shop/deferred-tasks.server.ts";
import { type DepartureEvidence, endInstallation } from "#app/shop/uninstall.server.ts";
import {
  askWhetherInstalled,
  type InstallationAnswer,
} from "#app/shopify/api/installation.server.ts";
import { refusals } from "#app/shopify/tokens/access-loss.server.ts";
import { bringUpToDate } from "#app/writeback/after-restore.server.ts";

type Request = OpenRequest<DepartureTopic>;

/** Days after a departure at which a shop is erased even without a request (`shop/redact`). */
export const ERASE_UNASKED_DAYS = 7;

/**
 * Handles webhooks about a shop's departure. A webhook alone is no proof: the installation ends
 * only if Shopify also refuses the shop's newest token. After the days of grace, in which opening a
 * page reverts this, the shop is erased once Shopify asks for it, or a week after the departure. If
 * Shopify accepts the token, nothing happens. If its reply decides nothing, the shop's work stops,
 * metrics and the log show it to the operator, and nothing is erased.
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
  /**
   * Nothing to ask: the shop has left already, is unknown, or the webhooks are about another shop.
   */
  | { kind: "left" | "unknown-shop" | "not-about-us" };

type ShopRow = { shopifyId: string; left: boolean; lossCode: string | null };

async function follow(
  shop: ShopDomain,
  requests: Request[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const verdict = await inTransaction(async (client): Promise<Verdict> => {
    const row = await readShopRow(client, shop);
    const ours = await withoutOtherShops(client, shop, { requests, row });
    if (ours.length === 0) return { kind: "not-about-us" };
    const found = await judge(client, shop, { row, signal });
    if (found.kind === "accepted") await markHandled(client, shop, ours);
    // A `shop/redact` request stays open until the shop is erased.
    if (found.kind === "refused" || found.kind === "left" || found.kind === "unknown-shop") {
      await markHandled(
        client,
        shop,
        ours.filter(({ topic }) => topic === "app/uninstalled"),
      );
    }
    return found;
  });
  if (verdict.kind === "accepted") {
    log.info(
      { shop, topics: requests.map(({ topic }) => topic) },
      "departure not confirmed: the app is installed",
    );
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

/** Marks webhooks whose body has another shop's id as handled, and returns the others. */
async function withoutOtherShops(
  client: pg.PoolClient,
  shop: ShopDomain,
  { requests, row }: { requests: Request[]; row: ShopRow | undefined },
): Promise<Request[]> {
  const isOurs = ({ resourceId }: Request) =>
    row === undefined || resourceId === null || resourceId === row.shopifyId;
  const others = requests.filter((request) => !isOurs(request));
  if (others.length > 0) {
    await markHandled(client, shop, others);
    log.warn({ shop, webhooks: others.length }, "webhooks have the id of another shop");
  }
  return requests.filter(isOurs);
}

async function judge(
  client: pg.PoolClient,
  shop: ShopDomain,
  { row, signal }: { row: ShopRow | undefined; signal: AbortSignal | undefined },
): Promise<Verdict> {
  if (row === undefined) return { kind: "unknown-shop" };
  if (row.left) return { kind: "left" };
  const answer = await askWhetherInstalled(client, shop, signal);
  const evidence = evidenceOf(answer, row);
  if (evidence === null) return answer;
  await endInstallation(client, shop, evidence);
  return { kind: "refused", token: "refresh-token" };
}

/** Without a session, Shopify's earlier refusal of the last one counts as evidence. */
function evidenceOf(answer: InstallationAnswer, { lossCode }: ShopRow): DepartureEvidence | null {
  if (answer.kind === "refused") return `${answer.token}-refused`;
  const wasRefused = refusals.some((loss) => loss === lossCode);
  return answer.kind === "unknown" && answer.without === "session" && wasRefused
    ? "access-lost"
    : null;
}

/** @throws AppError always, so that the task is retried with backoff */
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

/**
 * Brings a shop up to date that came back within the days of grace and missed webhooks meanwhile.
 */
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
