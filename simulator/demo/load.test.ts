import { describe, expect, it } from "vitest";

import { createTimeZone } from "#simulator/time-zone.ts";

import { draftCdnow } from "./cdnow.ts";
import type { DemoShop } from "./demo-shop.ts";
import { readInvoices } from "./invoices.ts";
import { loadDemoShop } from "./load.ts";

const now = new Date("2026-11-21T22:30:00Z");
const options = { now, seed: 7 };
const giftware = await loadDemoShop("giftware", options);
const cdnow = await loadDemoShop("cdnow", options);
const young = await loadDemoShop("young", options);
const generated = await loadDemoShop("generated", { ...options, customers: 2000 });
const shops: [string, DemoShop][] = [
  ["giftware", giftware],
  ["cdnow", cdnow],
  ["young", young],
  ["generated", generated],
];

const note = (shop: DemoShop, label: RegExp) =>
  shop.notes.filter((one) => label.test(one.label)).reduce((sum, one) => sum + one.count, 0);
const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
const moments = (shop: DemoShop) =>
  shop.orders.flatMap((order) => [order.processedAt, ...order.refunds.map((one) => one.createdAt)]);
describe.each(shops)("the demo shop %s", (_name, shop) => {
  it("ends within the seven days before now, with nothing later than now", () => {
    const last = Math.max(...moments(shop).map((iso) => Date.parse(iso)));
    expect(last).toBeLessThanOrEqual(now.getTime());
    expect(now.getTime() - last).toBeLessThan(7 * 86_400_000);
  });

  it("is consistent: an order's current total is its original total minus its refunds", () => {
    const wrong = shop.orders.filter((order) => {
      const refunded = sum(order.refunds.map((refund) => refund.amountMinor));
      const left = order.originalTotalMinor - refunded;
      const status = refunded === 0 ? "PAID" : left === 0 ? "REFUNDED" : "PARTIALLY_REFUNDED";
      return (
        left < 0 ||
        order.currentTotalMinor !== left ||
        order.financialStatus !== status ||
        (order.cancelledAt !== null && left > 0)
      );
    });
    expect(wrong).toEqual([]);
  });

  it("has unique ids of 13 digits, and orders named from #1001 in order of time", () => {
    const ids = [...shop.orders, ...shop.customers, ...shop.orders.flatMap((one) => one.refunds)];
    expect(new Set(ids.map((one) => one.id)).size).toBe(ids.length);
    expect(ids.every((one) => /^[1-8]\d{12}$/.test(one.id))).toBe(true);
    expect(shop.orders[0]?.name).toBe("#1001");
    expect(shop.orders.at(-1)?.name).toBe(`#${String(1000 + shop.orders.length)}`);
    const times = shop.orders.map((order) => order.processedAt);
    expect(times).toEqual(times.toSorted());
  });

  it("has only invented people, each with a unique address at example.com", () => {
    const emails = shop.customers.flatMap((one) => (one.email === null ? [] : [one.email]));
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails.filter((email) => !/^[a-z]+\.[a-z]+\.\d+@example\.com$/.test(email))).toEqual([]);
    const subscribed = shop.customers.filter((one) => one.emailMarketingState === "SUBSCRIBED");
    expect(subscribed.length / shop.customers.length).toBeGreaterThan(0.3);
    expect(subscribed.every((one) => one.email !== null)).toBe(true);
  });

  it("has the customer of every order, created before their first order", () => {
    const createdAt = new Map(shop.customers.map((one) => [one.id, one.createdAt]));
    const early = shop.orders.filter(
      (one) =>
        one.customerId !== null && !((createdAt.get(one.customerId) ?? "Z") <= one.processedAt),
    );
    expect(early).toEqual([]);
  });
});

describe("the gift shop", () => {
  it("accounts for every invoice: as an order, a refund, or skipped for one reason", async () => {
    const invoices = await readInvoices();
    expect(note(giftware, /^Invoices read$/)).toBe(invoices.length);
    const refunds = sum(giftware.orders.map((order) => order.refunds.length));
    expect(note(giftware, /matched/)).toBe(refunds);
    expect(giftware.orders.length + refunds + note(giftware, /^Left out/)).toBe(invoices.length);
    expect(note(young, /^Orders$/) + note(young, /matched/) + note(young, /^Left out/)).toBe(
      note(young, /^Invoices read$/),
    );
  });

  it("counts the source's rows", () => {
    expect(giftware.orders).toHaveLength(20_951);
    expect(giftware.customers).toHaveLength(4383);
    expect(note(giftware, /guests/)).toBe(1738);
    expect(giftware.orders.filter((order) => order.customerId === null)).toHaveLength(1738);
    expect(note(giftware, /stock adjustments/)).toBe(3270);
    expect(note(giftware, /bad-debt/)).toBe(3);
    expect(note(giftware, /without a customer/)).toBe(220);
    const cancelled = giftware.orders.filter((order) => order.cancelledAt !== null);
    expect(cancelled).toHaveLength(note(giftware, /^Orders cancelled$/));
  });

  it("has the same net total as the invoices used", async () => {
    const invoices = await readInvoices();
    const gross = sum(
      invoices
        .filter((one) => one.amountMinor > 0 && /^\d/.test(one.number))
        .map((one) => one.amountMinor),
    );
    const refunded = sum(giftware.orders.flatMap((one) => one.refunds.map((r) => r.amountMinor)));
    expect(sum(giftware.orders.map((order) => order.originalTotalMinor))).toBe(gross);
    expect(sum(giftware.orders.map((order) => order.currentTotalMinor))).toBe(gross - refunded);
  });

  it("keeps weekdays and clock times of the source, summer time or not", async () => {
    const sold = (await readInvoices()).filter(
      (one) => one.amountMinor > 0 && /^\d/.test(one.number),
    );
    const zone = createTimeZone(giftware.timeZone);
    const ofWeek = (wallMs: number) => wallMs % (7 * 86_400_000);
    const kept = giftware.orders.map((one) => ofWeek(zone.toWall(Date.parse(one.processedAt))));
    expect(kept.join() === sold.map((one) => ofWeek(one.wallMs)).join()).toBe(true);
    const saturdays = kept.filter((ofWeekMs) => new Date(ofWeekMs).getUTCDay() === 6);
    expect(saturdays.length).toBeLessThan(kept.length / 100);
  });

  it("is the same for the same seed, and has other people for another", async () => {
    const again = await loadDemoShop("giftware", options);
    expect(JSON.stringify(again) === JSON.stringify(giftware)).toBe(true);
    const other = await loadDemoShop("giftware", { now, seed: 8 });
    expect(other.customers[0]?.email).not.toBe(giftware.customers[0]?.email);
    const totals = (shop: DemoShop) => shop.orders.map((one) => one.currentTotalMinor).join();
    expect(totals(other) === totals(giftware)).toBe(true);
  });

  it("ends within seven days at whatever time it is opened", async () => {
    for (let hour = 0; hour < 24 * 8; hour += 13) {
      const at = new Date(Date.UTC(2027, 2, 25, hour));
      const shop = await loadDemoShop("young", { now: at, seed: 1 });
      const age = at.getTime() - Math.max(...moments(shop).map((iso) => Date.parse(iso)));
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(7 * 86_400_000 + 3_600_000);
    }
  });
});

describe("the other shops", () => {
  it("cdnow has every purchase of the cohort, on the weekday it was made", async () => {
    expect(cdnow.orders).toHaveLength(69_659);
    expect(cdnow.customers).toHaveLength(23_570);
    const draft = (await draftCdnow(options.seed)).orders.toSorted((a, b) => a.wallMs - b.wallMs);
    const zone = createTimeZone(cdnow.timeZone);
    const kept = cdnow.orders.map((order) => zone.toWall(Date.parse(order.processedAt)));
    const weekdays = (walls: number[]) => walls.map((wall) => new Date(wall).getUTCDay()).join("");
    expect(weekdays(kept) === weekdays(draft.map((order) => order.wallMs))).toBe(true);
  });

  it("generated has the requested number of customers, and is the same for the same seed", async () => {
    expect(generated.customers.length).toBe(2000);
    const again = await loadDemoShop("generated", { ...options, customers: 2000 });
    expect(JSON.stringify(again) === JSON.stringify(generated)).toBe(true);
    expect(Math.min(...generated.orders.map((one) => one.currentTotalMinor))).toBeGreaterThan(0);
  });

  it("young is too small and too short for any prediction, but active", () => {
    const buyers = new Set(young.orders.flatMap((one) => one.customerId ?? []));
    expect(buyers.size).toBeGreaterThan(30);
    expect(buyers.size).toBeLessThan(100);
    const times = young.orders.map((order) => Date.parse(order.processedAt));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(35 * 86_400_000);
  });
});
