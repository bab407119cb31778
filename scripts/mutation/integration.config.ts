import { defineConfig } from "vitest/config";

/** Integration tests on their own PostgreSQL, for one mutant at a time. */
export default defineConfig({
  test: {
    include: [process.env.MUTATED_TESTS ?? ""],
    globalSetup: ["tests/setup/database.ts"],
    setupFiles: ["tests/setup/closed-network.ts", "tests/setup/app-env.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
