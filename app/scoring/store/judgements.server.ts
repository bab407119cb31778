import type pg from "pg";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { shownColumns, ShownRows } from "#app/scoring/evaluation/shown-scores.ts";
import type { Judgement, ShownScores } from "#engine";

import { eachCustomerLine } from "./customer-lines.server.ts";
import type { JudgedWeek } from "./judged-week.ts";

/** A scoring whose horizon has passed. */
export type DueWeek = { asOfDay: number; horizonDays: number; reconstructed: boolean };

/**
 * The scorings that can be judged and were not: of each week the first, and all reconstructed ones,
 * if their horizon ended before a day; oldest first.
 */
export async function readDueWeeks(shop: ShopDomain, beforeDay: number): Promise<DueWeek[]> {
  const { rows } = await pool.query<{
    as_of: string;
    horizon_days: number;
    reconstructed: boolean;
  }>(
    `select r.as_of::text, r.horizon_days, r.reconstructed from scoring_runs r
      where r.shop = $1 and r.outcome = 'scored' and r.as_of + r.horizon_days <= $2
        and (r.reconstructed
             or r.as_of = (select min(w.as_of) from scoring_runs w
                            where w.shop = $1 and w.outcome = 'scored' and not w.reconstructed
                              and date_trunc('week', w.as_of) = date_trunc('week', r.as_of)))
        and exists (select from score_history h where h.shop = $1 and h.as_of = r.as_of)
        and not exists (select from judgements j where j.shop = $1 and j.as_of = r.as_of)
      order by r.as_of`,
    [shop, isoDay(beforeDay)],
  );
  return rows.map(({ as_of, horizon_days, reconstructed }) => ({
    asOfDay: dayNumber(as_of),
    horizonDays: horizon_days,
    reconstructed,
  }));
}

/**
 * The scores kept of a day.
 *
 * @param customerIds by customer index, ascending as text; customers who are not among them, since
 * none of their orders counts any more, are left out
 */
export async function readShownScores(
  client: pg.PoolClient,
  {
    shop,
    asOfDay,
    customerIds,
  }: { shop: ShopDomain; asOfDay: number; customerIds: readonly string[] },
): Promise<ShownScores> {
  // COPY takes no parameters.
  const [ofShop, ofDay] = [shop, isoDay(asOfDay)].map((value) => client.escapeLiteral(value));
  const rows = new ShownRows(customerIds.length);
  await eachCustomerLine(client, {
    select: `select customer_id, ${shownColumns.join(", ")} from score_history
              where shop = ${ofShop} and as_of = ${ofDay} order by customer_id collate "C"`,
    customerIds,
    keep: (customer, [, ...cells]) => {
      rows.add(customer, cells);
    },
  });
  return rows.scores();
}

/** Keeps the judgement of a week; one that was kept already stays. */
export async function saveJudgement(
  shop: ShopDomain,
  { asOfDay, horizonDays, reconstructed }: DueWeek,
  judgement: Judgement,
): Promise<void> {
  await pool.query(
    `insert into judgements (shop, as_of, horizon_days, reconstructed, result, judged_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (shop, as_of) do nothing`,
    [shop, isoDay(asOfDay), horizonDays, reconstructed, JSON.stringify(judgement), now()],
  );
}

/** The judged weeks, newest first. @param limit the most that are read */
export async function readJudgedWeeks(shop: ShopDomain, limit: number): Promise<JudgedWeek[]> {
  const { rows } = await pool.query<{
    as_of: string;
    horizon_days: number;
    reconstructed: boolean;
    result: Judgement;
    range: JudgedWeek["range"];
  }>(
    `select j.as_of::text, j.horizon_days, j.reconstructed, j.result, r.totals -> 'range' as range
       from judgements j
       left join scoring_runs r on r.shop = j.shop and r.as_of = j.as_of
                               and r.reconstructed = j.reconstructed
      where j.shop = $1 order by j.as_of desc limit $2`,
    [shop, limit],
  );
  return rows.map(({ as_of, horizon_days, ...week }) => ({
    ...week,
    asOf: as_of,
    horizonDays: horizon_days,
  }));
}

/** The day on which the next scoring can be judged, ISO; null before the first scoring. */
export async function readNextVerdict(shop: ShopDomain): Promise<string | null> {
  const { rows } = await pool.query<{ day: string | null }>(
    `select min(r.as_of + r.horizon_days)::text as day from scoring_runs r
      where r.shop = $1 and r.outcome = 'scored'
        and exists (select from score_history h where h.shop = $1 and h.as_of = r.as_of)
        and not exists (select from judgements j where j.shop = $1 and j.as_of = r.as_of)`,
    [shop],
  );
  return rows[0]?.day ?? null;
}
