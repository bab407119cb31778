import type { Site } from "../../stack/admin-api.ts";
import { replayDifferences } from "../app.ts";
import type { Stage } from "../stage.ts";
import type { Difference } from "./difference.ts";

/** Compares the current tiers with a replay of the tier rule over the kept scores. */
export async function compareShown(
  stage: Stage,
  site: Site,
): Promise<{ compared: number; differences: Difference[] }> {
  const { shop, domain } = site;
  const [counted] = await stage.database.rows<{ customers: number }>(
    "select count(*)::int as customers from scores where shop = $1",
    [domain],
  );
  const found = await replayDifferences(stage, site);
  const differences = found.map(({ customerId, shown, replayed }) => {
    const detail = `${customerId} is shown ${shown}, the rule gives ${replayed}`;
    return { shop, what: "tiers", detail };
  });
  return { compared: counted?.customers ?? 0, differences };
}
