import { root } from "../stack/processes.ts";
import { sampled } from "./sample.ts";

/** Files that are mutated together, and their tests. */
export type Part = {
  /** Stryker's globs, optionally with ranges of lines. */
  mutate: string[];
  /** Glob of the test files. */
  tests: string;
  /** Vitest's configuration. */
  config: string;
  /** The run fails below this percentage of detected mutants; null: no minimum. */
  least: number | null;
};

/** SQL in a string: only integration tests can test it. */
const SQL = ["app/writeback/state/diff-statements.ts"];

/** A folder's pure files, with the unit tests beside them. */
function pure(mutate: string, tests: string): Part {
  return {
    mutate: [mutate, "!app/**/*.{server,test}.ts", ...SQL.map((file) => `!${file}`)],
    tests,
    config: "scripts/mutation/unit.config.ts",
    least: 85,
  };
}

/** Files that use the database, with integration tests. */
function io(files: string[], tests: string[]): Part {
  return {
    mutate: files,
    tests: `tests/integration/{${tests.join(",")},}.test.ts`,
    config: "scripts/mutation/integration.config.ts",
    least: null,
  };
}

const SAMPLE = { seed: 1, places: 24, lines: 2 };

export const parts: Record<string, Part> = {
  orders: pure("app/orders/**/*.ts", "app/orders/**/*.test.ts"),
  writeback: pure("app/writeback/**/*.ts", "app/writeback/**/*.test.ts"),
  privacy: pure("app/privacy/**/*.ts", "app/privacy/**/*.test.ts"),
  token: pure("app/shopify/tokens/*.ts", "app/shopify/tokens/*.test.ts"),
  webhooks: pure("app/shopify/incoming/webhook-*.ts", "app/shopify/incoming/webhook-*.test.ts"),
  settle: io(["app/privacy/erasure/wait-for-work.server.ts"], ["settled-tasks"]),
  waiting: io(
    ["app/queue/one-waiting.server.ts", "app/worker/requeue.server.ts"],
    ["one-waiting", "asked-at-once"],
  ),
  races: io(
    [
      "app/orders/import/seen-orders.server.ts",
      "app/orders/store/store-orders.server.ts",
      "app/shop/writing-agreement.server.ts",
    ],
    ["racing-orders", "segment-agreement", "orders-import", "gone-customers", "writing-agreement"],
  ),
  engine: {
    mutate: sampled("engine", root, SAMPLE),
    tests: "engine/**/*.test.ts",
    config: "scripts/mutation/unit.config.ts",
    least: null,
  },
};
