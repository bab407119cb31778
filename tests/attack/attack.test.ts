import { expect, it } from "vitest";

import { attack } from "../../scripts/attack/run.ts";

it("a running product withstands every attack of the catalogue", async () => {
  const outcomes = await attack("encore_test_attack");
  expect(outcomes.length).toBeGreaterThan(30);
  expect(outcomes.filter(({ complaints }) => complaints.length > 0)).toEqual([]);
}, 300_000);
