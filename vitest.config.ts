import { defineConfig } from "vitest/config";
import { NoLongTail } from "./tests/setup/no-long-tail.ts";

export default defineConfig({
  test: {
    sequence: { shuffle: true, sequencer: NoLongTail },
    // One more than the smallest machine has cores: tests that wait for a database leave them idle.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Loading what the files share takes longer than most of them.
          isolate: false,
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
          // Each file has a whole product running beside it.
          maxWorkers: 2,
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
          // Several shops and two workers of its own: beside browsers, these would wait too long.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "attack",
          include: ["tests/attack/**/*.test.ts"],
          // It measures how soon is answered: alone, after all others.
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
