import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { newTiers, withTierOptions } from "#app/scoring/evaluation/new-tiers.ts";
import { areTiersOther } from "#app/scoring/run/apply-tier-options.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { readScoringSettings } from "#app/scoring/store/scoring-settings.server.ts";
import { readStoredScores } from "#app/scoring/store/stored-figures.server.ts";
import { rowsOf, sumsOfRows } from "#app/scoring/store/totals.ts";
import { axes, type TierOptions } from "#engine";

import type { HorizonSettings } from "./horizon-settings.ts";
import { choiceOf, type TierSettings, type WhatIf } from "./tier-settings.ts";

export async function readTierSettings(shop: ShopDomain): Promise<TierSettings> {
  const [{ tierOptions }, run, pending] = await Promise.all([
    readScoringSettings(shop),
    readLatestRun(shop),
    areTiersOther(shop),
  ]);
  const scored = run?.scored && {
    horizonDays: run.horizonDays,
    baseRate: run.scored.fit.baseRate,
    customers: run.scored.totals.customers,
  };
  return { saved: choiceOf(tierOptions), pending, scored: scored ?? null };
}

export async function readHorizonSettings(shop: ShopDomain): Promise<HorizonSettings> {
  const [{ horizonDays = null }, run] = await Promise.all([
    readScoringSettings(shop),
    readLatestRun(shop),
  ]);
  const current = run?.horizonDays ?? null;
  const pending = current !== null && horizonDays !== null && current !== horizonDays;
  return { chosen: horizonDays, current, pending };
}

/**
 * What the customers' tiers would be with other options, computed from the stored scores by the code
 * that applies them. Reads all scores of the shop twice: to be called for a change the merchant
 * tries, never by a loader.
 *
 * @returns null without scores
 */
export function readWhatIf(shop: ShopDomain, options: TierOptions): Promise<WhatIf | null> {
  return inTransaction(async (client) => {
    await client.query("set transaction isolation level repeatable read read only");
    const run = await readLatestRun(shop, client);
    if (!run?.scored) return null;
    const { asOf } = run;
    const history = await readStoredScores(client, shop, { table: "score_history", asOf });
    const fit = withTierOptions(run.scored.fit, history, options);
    const scores = await readStoredScores(client, shop, { table: "scores", asOf });
    const after = newTiers(scores, fit);
    let moved = 0;
    let tiersChanged = 0;
    for (let row = 0; row < scores.customers; row++) {
      const changed = axes.filter((axis) => scores.tier[axis][row] !== after[axis][row]).length;
      tiersChanged += changed;
      if (changed > 0) moved += 1;
    }
    return {
      before: rowsOf(sumsOfRows(scores, scores.tier)).axes,
      after: rowsOf(sumsOfRows(scores, after)).axes,
      thresholds: fit.thresholds,
      moved,
      tiersChanged,
    };
  });
}
