import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { heldView, type ReportView, type RequestView, type WaitingRequests } from "./report.ts";

/** The merchant's time to hand over a report. */
const ANSWER_DAYS = 30;

const due = `make_interval(days => ${String(ANSWER_DAYS)})`;
const dayOf = (time: string) => `((${time}) at time zone s.time_zone)::date::text`;

const requestColumns = `r.id, r.customer_id as "customerId",
  ${dayOf("r.requested_at")} as "requestedOn", ${dayOf(`r.requested_at + ${due}`)} as "dueOn",
  ${dayOf("r.handed_over_at")} as "handedOverOn"`;

const LISTED = 250;

/** Customers' requests for data: open ones first, then latest first. */
export async function listRequests(shop: ShopDomain): Promise<RequestView[]> {
  const { rows } = await pool.query<RequestView>(
    `select ${requestColumns} from privacy_reports r join shops s using (shop) where r.shop = $1
      order by r.handed_over_at is not null, r.requested_at desc, r.id limit ${String(LISTED)}`,
    [shop],
  );
  return rows;
}

/** @returns null when no report waits to be handed over */
export async function readWaiting(shop: ShopDomain): Promise<WaitingRequests | null> {
  const { rows } = await pool.query<WaitingRequests>(
    `select count(*)::int as count, min(${dayOf(`r.requested_at + ${due}`)}) as "dueOn"
       from privacy_reports r join shops s using (shop)
      where r.shop = $1 and r.handed_over_at is null having count(*) > 0`,
    [shop],
  );
  return rows[0] ?? null;
}

type ReportRow = RequestView & { madeAt: Date; held: unknown; currency: string };

/** @returns null when the shop has no such report */
export async function readReport(shop: ShopDomain, id: string): Promise<ReportView | null> {
  const { rows } = await pool.query<ReportRow>(
    `select ${requestColumns}, r.made_at as "madeAt", r.held, s.currency
       from privacy_reports r join shops s using (shop) where r.shop = $1 and r.id = $2`,
    [shop, id],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { held, madeAt, currency, ...request } = row;
  const { customerId, requestedOn } = request;
  const amounts = `minor units of ${currency}`;
  const file = { shop, customerId, requestedOn, writtenDownAt: madeAt, amounts, held };
  const text = `${JSON.stringify(file, null, 2)}\n`;
  return { ...request, currency, held: heldView(held), file: text };
}

/**
 * Records that the merchant handed a report over, after which it is kept for a limited time.
 * @returns whether the report exists
 */
export async function handOver(shop: ShopDomain, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update privacy_reports set handed_over_at = coalesce(handed_over_at, now())
      where shop = $1 and id = $2`,
    [shop, id],
  );
  return rowCount !== 0;
}
