import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    sequence: { shuffle: true },
    // One for each core of the smallest machine: by itself it would leave one of two idle.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // A property takes long where the machine has others to serve as well.
          testTimeout: 30_000,
          include: ["{app,engine,cli,simulator,scripts,runtime}/**/*.test.{ts,tsx}"],
          setupFiles: ["tests/setup/closed-network.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: ["tests/setup/database.ts"],
          setupFiles: ["tests/setup/closed-network.ts", "tests/setup/app-env.ts"],
          testTimeout: 60_000,
          // A hook may install, import and score a whole shop, beside others that do.
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["tests/e2e/**/*.test.ts"],
          // Each file has a whole product running beside it: one at a time on two cores.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "storm",
          include: ["tests/storm/**/*.test.ts"],
          setupFiles: ["tests/setup/closed-network.ts"],
          // It has the whole machine to itself, after all others.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
