import { defineConfig } from "vitest/config";

/** Integration tests on a PostgreSQL of their own, for a mutant at a time. */
export default defineConfig({
  test: {
    include: [process.env.MUTATED_TESTS ?? ""],
    globalSetup: ["tests/setup/database.ts"],
    setupFiles: ["tests/setup/closed-network.ts", "tests/setup/app-env.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
