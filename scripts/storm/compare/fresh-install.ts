import type { Site } from "../../stack/admin-api.ts";
import type { StormDatabase } from "../database.ts";
import { openShop, untilQuiet } from "../settle.ts";
import type { Stage } from "../stage.ts";
import type { Difference } from "./difference.ts";

/** Each query returns a key and a text for every row of a shop. */
const pictures: Record<string, string> = {
  orders: `select order_id as key, (to_jsonb(o) - 'shop' - 'seen_at')::text as value
    from orders o where shop = $1`,
  "purchase days": `select customer_id || ' on ' || day as key, sum(amount_minor)::text as value
    from orders where shop = $1 and left_out is null and customer_id is not null
    group by customer_id, day`,
  fit: `select as_of::text as key,
      jsonb_build_object('outcome', outcome, 'horizon', horizon_days, 'gate', gate, 'fit', fit,
        'basis', basis, 'digest', input_digest)::text as value
    from scoring_runs where shop = $1 and not reconstructed order by as_of desc limit 1`,
  "raw scores": `select customer_id as key, (to_jsonb(s) - 'shop' - 'run_id' - 'clv_tier'
      - 'buy_tier' - 'clv_since' - 'buy_since' - 'clv_from' - 'buy_from')::text as value
    from scores s where shop = $1`,
};

/** Installs the app in a copy of every shop, as if it had not been installed during the storm. */
export async function installCopies(stage: Stage, name: string): Promise<Site[]> {
  const copies: Site[] = [];
  for (const { shop } of stage.sites) {
    const copy = `${shop}-${name}`;
    await stage.control(`shops/${shop}/copy`, { as: copy });
    copies.push(stage.siteOf(copy));
  }
  for (const copy of copies) await openShop(copy);
  await untilQuiet(stage);
  return copies;
}

/** Compares a shop's rows after the storm with those of a fresh install. */
export async function compareWithCopy(
  database: StormDatabase,
  site: Site,
  copy: Site,
): Promise<{ compared: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let compared = 0;
  for (const [what, sql] of Object.entries(pictures)) {
    const [stormy, fresh] = [
      await readPicture(database, sql, site.domain),
      await readPicture(database, sql, copy.domain),
    ];
    // Where the gate refused there are no scores in either.
    if (fresh.size === 0 && what !== "raw scores") {
      differences.push({ shop: site.shop, what, detail: "nothing to compare" });
    }
    for (const key of new Set([...stormy.keys(), ...fresh.keys()])) {
      compared += 1;
      const [found, wanted] = [stormy.get(key), fresh.get(key)];
      if (found === wanted) continue;
      const detail = `${key} is ${short(found)}, a fresh install has ${short(wanted)}`;
      differences.push({ shop: site.shop, what, detail });
    }
  }
  return { compared, differences };
}

async function readPicture(database: StormDatabase, sql: string, domain: string) {
  const rows = await database.rows<{ key: string; value: string }>(sql, [domain]);
  return new Map(rows.map(({ key, value }) => [key, value]));
}

function short(value: string | undefined): string {
  return value === undefined ? "missing" : value.slice(0, 400);
}
