import { defineConfig } from "vitest/config";

/** The unit tests beside a part's code, for one mutant at a time. */
export default defineConfig({
  test: {
    include: [process.env.MUTATED_TESTS ?? "app/**/*.test.ts"],
    setupFiles: ["tests/setup/closed-network.ts", "scripts/mutation/same-seed.ts"],
    testTimeout: 60_000,
  },
});
