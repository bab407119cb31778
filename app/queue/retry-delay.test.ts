import { expect, it } from "vitest";

import { parkedMinutes } from "./retry-delay.ts";

it("leaves a task alone for longer each time, and for a day at most", () => {
  expect([1, 2, 3, 4, 5, 6, 100].map(parkedMinutes)).toEqual([10, 30, 90, 270, 810, 1440, 1440]);
});
