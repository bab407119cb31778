import type { ShopDomain } from "#app/lib/ids.ts";
import type { ScoringOptions } from "#app/scoring/run/run-scoring.server.ts";

import type { RunningSimulator } from "./simulator.ts";

export type LoadedApp = Awaited<ReturnType<typeof loadApp>>;

/** The app's functions on a simulated Shopify, whose URL is read when this is loaded. */
export async function loadApp(simulator: RunningSimulator) {
  process.env.SIMULATED_SHOPIFY_URL = simulator.url;
  const [database, queue, install, imports, scoring, push, writing, dryRun, planned] =
    await Promise.all([
      import("#app/lib/db.server.ts"),
      import("#app/queue/queue.server.ts"),
      import("#app/shop/install.server.ts"),
      import("#app/orders/import/import-orders.server.ts"),
      import("#app/scoring/run/run-scoring.server.ts"),
      import("#app/writeback/push.server.ts"),
      import("#app/writeback/writing-view.server.ts"),
      import("#app/writeback/state/dry-run.server.ts"),
      import("#app/writeback/state/planned-writes.server.ts"),
    ]);
  const [segment, renewal, targets, checks] = await Promise.all([
    import("#app/campaigns/target-segment.server.ts"),
    import("#app/campaigns/renew-segments.server.ts"),
    import("#app/campaigns/target.server.ts"),
    import("#app/campaigns/run-segment-checks.server.ts"),
  ]);
  // The reconstructed weeks take thirteen times as long as the scoring run, and few tests need them.
  const runScoring = (shop: ShopDomain, options: ScoringOptions = {}) =>
    scoring.runScoring(shop, { weeks: 0, ...options });
  return {
    ...{ ...database, ...queue, ...install, ...imports, runScoring, ...push },
    ...{ ...writing, ...dryRun, ...planned, ...segment, ...renewal, ...targets, ...checks },
  };
}

/** Installs the app with a token of the simulator and imports the shop's orders. */
export async function installAndImport(
  app: LoadedApp,
  simulator: RunningSimulator,
  shop: ShopDomain,
): Promise<void> {
  await giveToken(app, simulator, shop);
  await app.ensureInstalled({ shop });
  await app.runImport(shop);
}

/** Replaces the shop's session by one with a token of the simulator. */
export async function giveToken(
  app: LoadedApp,
  simulator: RunningSimulator,
  shop: ShopDomain,
): Promise<void> {
  const token = await simulator.token();
  await app.pool.query("delete from sessions where shop = $1", [shop]);
  await app.pool.query(
    `insert into sessions (id, shop, state, is_online, access_token, refresh_token, expires)
     values ($1, $2, '', false, $3, $4, now() + interval '1 hour')`,
    [`offline_${shop}`, shop, token.access_token, token.refresh_token],
  );
}
