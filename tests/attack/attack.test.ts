import { expect, it } from "vitest";

import { attack } from "../../scripts/attack/run.ts";

it("everything holds that can be sent to a running product from outside", async () => {
  const outcomes = await attack("encore_test_attack");
  expect(outcomes.length).toBeGreaterThan(30);
  expect(outcomes.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
}, 300_000);
