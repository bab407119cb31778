import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

/**
 * The row of a shop holds what several domains keep of it. Each column is written by one room, and by
 * `shop`, which begins and ends an install; the exceptions are listed with the reason.
 */
const owners: Record<string, string[]> = {
  shop: [
    ...["uninstalled_at", "installed_at", "stopped_tasks", "access_lost_at", "access_lost_code"],
    ...["writing_agreed_at", "writing_paused_at", "departure_evidence", "onboarding_dismissed_at"],
  ],
  orders: [
    "order_rules",
    "orders_currency",
    "orders_currency_digits",
    "orders_through",
    "orders_time_zone",
  ],
  scoring: ["exclusion_read_at", "exclusion_tag", "groups_read_at", "horizon_days", "tier_options"],
  writeback: [
    ...["blocked_metafields", "definitions_made_at", "filters_fitted_at", "known_read_at"],
    ...["restored_at", "written_run_id"],
  ],
  privacy: ["leftovers", "purged_at"],
};

const exceptions: Record<string, string[]> = {
  // A refused token is noticed where calls are made, below `shop`.
  "app/shopify/tokens/access-loss.server.ts": ["access_lost_at", "access_lost_code"],
  // Follows what Shopify said of a departure, and whether it is true.
  "app/privacy/departures/follow-departure.server.ts": [
    ...["access_lost_at", "access_lost_code", "departure_evidence"],
  ],
  // The agreement and what depends on it change together, in one statement or transaction.
  "app/writeback/writing-view.server.ts": ["writing_agreed_at"],
  "app/campaigns/clean-up.server.ts": ["writing_agreed_at", "writing_paused_at"],
  // A pause and the write that follows it are one transaction.
  "app/writeback/pause.server.ts": ["writing_paused_at"],
};

const UPDATE = /update shops(?: \w+)?\s+set\s(.*?)(?:\bwhere\b|\bfrom\b|`|",)/gs;

/** The columns that a file writes. */
function written(file: string): string[] {
  const updates = readFileSync(file, "utf8").matchAll(UPDATE);
  return [...updates].flatMap(([, set = ""]) =>
    [...set.matchAll(/(?:^|,)\s*([a-z_]+) =/g)].map(([, column = ""]) => column),
  );
}

const writes = globSync("app/**/*.server.ts").flatMap((file) =>
  written(file).map((column) => ({ file, column })),
);

describe("a column of the shop's row", () => {
  it("is written by its own room alone", () => {
    const strangers = writes.filter(({ file, column }) => {
      const room = path.relative("app", file).split(path.sep)[0] ?? "";
      const own = owners[room]?.includes(column) === true;
      return !own && room !== "shop" && exceptions[file]?.includes(column) !== true;
    });
    expect(strangers).toEqual([]);
  });

  it("has an owner, and no exception is listed in vain", () => {
    const owned = Object.values(owners).flat();
    expect([...new Set(writes.map(({ column }) => column))].sort()).toEqual([...owned].sort());
    const used = Object.entries(exceptions).flatMap(([file, columns]) =>
      columns.filter((column) => !writes.some((w) => w.file === file && w.column === column)),
    );
    expect(used).toEqual([]);
  });
});
