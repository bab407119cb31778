import { openAdminApi, type Site } from "../../stack/admin-api.ts";
import { type CustomerNode, everyCustomer, ourTags } from "../../stack/check.ts";
import type { StormDatabase } from "../database.ts";
import type { Difference } from "./difference.ts";

// The write rule as documented, independent of the code that implements it: tags and tiers are the
// current ones; the value is rewritten when it is off by a tenth and by more than one unit of the
// currency; the date is renewed within a week.
const VALUE_MOVE = 0.1;
const LEAST_MOVE = 1;
const RENEWAL_DAYS = 7;

type Shown = {
  customer_id: string;
  clv_tier: string;
  buy_tier: string;
  expected_spend: number;
};
type Basis = { shown: Map<string, Shown>; today: number };

/** Compares the tags and metafields of every customer in Shopify with the app's current tiers. */
export async function compareWritten(
  database: StormDatabase,
  site: Site,
): Promise<{ compared: number; differences: Difference[] }> {
  const basis = await readBasis(database, site);
  // The gate refused: nothing is written, and earlier writes are kept.
  if (basis.shown.size === 0) return { compared: 0, differences: [] };
  const differences: Difference[] = [];
  let compared = 0;
  const unseen = new Set(basis.shown.keys());
  const note = (customer: string, details: string[]) => {
    for (const detail of details) {
      differences.push({ shop: site.shop, what: "Shopify", detail: `${customer}: ${detail}` });
    }
  };
  for await (const node of everyCustomer(await openAdminApi(site))) {
    compared += 1;
    const id = node.id.slice(node.id.lastIndexOf("/") + 1);
    unseen.delete(id);
    note(id, differencesOf(node, basis.shown.get(id), basis.today));
  }
  for (const id of unseen) note(id, ["is scored, but there is no such customer"]);
  return { compared, differences };
}

async function readBasis(database: StormDatabase, { domain }: Site): Promise<Basis> {
  const shown = await database.rows<Shown>(
    `select customer_id, clv_tier, buy_tier,
            expected_spend_minor / case when s.currency = 'JPY' then 1 else 100 end as expected_spend
       from scores join shops s using (shop) where shop = $1`,
    [domain],
  );
  const [run] = await database.rows<{ today: number }>(
    `select max(as_of) - date '1970-01-01' - 1 as today from scoring_runs
      where shop = $1 and not reconstructed`,
    [domain],
  );
  return { shown: new Map(shown.map((row) => [row.customer_id, row])), today: run?.today ?? 0 };
}

function differencesOf(node: CustomerNode, shown: Shown | undefined, today: number): string[] {
  const tags = [...ourTags(node.tags, "clv"), ...ourTags(node.tags, "buy")].join(" ");
  const { clvTier, buyTier, expectedSpend, buyProbability, nextOrderFrom, scoredAt } = node;
  if (shown === undefined) {
    const left = [clvTier, buyTier, expectedSpend, buyProbability, nextOrderFrom, scoredAt];
    const metafields = left.filter((value) => value !== null).length;
    return unlike("tags", tags, "").concat(unlike("metafields", metafields, 0));
  }
  const written = Number(expectedSpend?.value);
  const off = Math.abs(written - shown.expected_spend);
  const ageDays = today - Date.parse(scoredAt?.value ?? "") / 86_400_000;
  return [
    ...unlike("tags", tags, `clv:${shown.clv_tier} buy:${shown.buy_tier}`),
    ...unlike("clv_tier", clvTier?.value, shown.clv_tier),
    ...unlike("buy_tier", buyTier?.value, shown.buy_tier),
    ...unlike("buy_probability is there", buyProbability !== null, true),
    ...(off <= Math.max(VALUE_MOVE * Math.abs(written), LEAST_MOVE) + 0.5
      ? []
      : [`expected_spend is ${written}, scores say ${shown.expected_spend}`]),
    ...(ageDays >= 0 && ageDays < RENEWAL_DAYS ? [] : [`scored_at is ${ageDays} days old`]),
  ];
}

function unlike(what: string, found: unknown, wanted: unknown): string[] {
  return found === wanted ? [] : [`${what}: ${String(found)} instead of ${String(wanted)}`];
}
