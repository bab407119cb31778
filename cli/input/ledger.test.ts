import { describe, expect, it } from "vitest";

import { Ledger } from "./ledger.ts";

type Booking = [day: number, units: number];

function settle(bookings: Booking[], settledDay?: number) {
  const ledger = new Ledger(bookings.length, settledDay);
  for (const [day, units] of bookings) ledger.book(day, units);
  ledger.close(0);
  const { day, units } = ledger.purchases();
  return { ledger, days: Array.from(day, (value, i): Booking => [value, units[i]]) };
}

describe("refunds", () => {
  it("cancel the latest order of exactly their amount", () => {
    const { days } = settle([
      [1, 50],
      [2, 70],
      [3, 50],
      [4, 90],
      [5, -50],
    ]);
    expect(days).toEqual([
      [1, 50],
      [2, 70],
      [4, 90],
    ]);
  });

  it("are otherwise subtracted from the latest orders backwards", () => {
    const { days, ledger } = settle([
      [1, 50],
      [2, 70],
      [3, -80],
    ]);
    expect(days).toEqual([[1, 40]]);
    expect(ledger.reversedDays).toBe(1);
  });

  it("never affect a later order", () => {
    const { days, ledger } = settle([
      [1, -30],
      [2, 50],
    ]);
    expect(days).toEqual([[2, 50]]);
    expect(ledger).toMatchObject({ refunds: 1, unmatchedRefunds: 1, unmatchedUnits: 30 });
  });

  it("leave a day that had another order too", () => {
    const { days, ledger } = settle([
      [1, 50],
      [1, 20],
      [1, -50],
    ]);
    expect(days).toEqual([[1, 20]]);
    expect(ledger.reversedDays).toBe(0);
  });

  it("after the cut-off do not change purchases before it", () => {
    const bookings: Booking[] = [
      [1, 50],
      [10, 70],
      [11, -100],
    ];
    const { days, ledger } = settle(bookings, 10);
    expect(days).toEqual([[1, 50]]);
    expect(ledger.unmatchedUnits).toBe(30);
    expect(settle(bookings, 11).days).toEqual([
      [1, 50],
      [10, 70],
    ]);
  });
});

it("Orders of one day are one purchase, and customers do not mix", () => {
  const ledger = new Ledger(4);
  ledger.book(3, 10);
  ledger.book(3, 15);
  ledger.close(0);
  ledger.book(3, 7);
  ledger.book(4, -5);
  ledger.close(1);
  const { customer, day, units } = ledger.purchases();
  expect([[...customer], [...day], [...units]]).toEqual([
    [0, 1],
    [3, 3],
    [25, 2],
  ]);
});
