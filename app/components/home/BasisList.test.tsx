import { describe, expect, it } from "vitest";

import { createFormatting } from "#app/i18n/formatting.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { scored, scoredHome } from "#tests/setup/views.ts";

import { BasisList } from "./BasisList.tsx";

const view = scored();
const { basis, currency, timeZone } = view;
const format = createFormatting({ locale: "en", currency, timeZone });

describe("the order counts", () => {
  const text = renderText(<BasisList view={view} scored={scoredHome} format={format} />);

  it("show counted orders and guest orders", () => {
    expect(text).toContain("1,200 orders count, from Nov 24, 2025 to Nov 20, 2026.");
    expect(text).toContain("60 guest orders have no customer: counted here, not scored.");
  });

  it("show each exclusion reason with orders, and no others", () => {
    expect(text).toContain("39 cancelled orders are left out.");
    expect(text).toContain("1 test order is left out.");
    expect(text).not.toContain("voided");
  });

  it("explain impossible days, in both languages", () => {
    const leftOut = [{ reason: "date" as const, orders: 2 }];
    const list = <BasisList view={{ ...view, basis: { ...basis, leftOut } }} format={format} />;
    expect(renderText(list)).toContain("2 orders dated before 1995 or in the future are left out.");
    expect(renderText(list, "fr")).toContain("2 commandes datées d’avant 1995");
  });

  describe("with unreadable orders", () => {
    const unreadable = {
      orders: 14,
      named: [
        { orderId: "6012345678901", reason: "amount" as const },
        { orderId: "6012345678902", reason: "time" as const },
      ],
      unnamed: 1,
    };
    const list = <BasisList view={{ ...view, unreadable }} format={format} />;

    it("show their number, and some of them with the reason", () => {
      expect(renderText(list)).toContain("14 orders could not be read.");
      expect(renderText(list)).toMatch(/Order 6012345678901 \(its amount is not a number\)/);
      expect(renderText(list)).toContain("and 11 more");
      expect(renderText(list)).toContain("1 of which not even the number can be read");
      expect(text).not.toContain("could not be read");
    });

    it("link to each of them with an accessible name", () => {
      expect(renderHtml(list)).toMatch(
        /<a[^>]*href="shopify:\/\/admin\/orders\/6012345678901"[^>]*/,
      );
      expect(renderHtml(list)).toContain('aria-label="Open order 6012345678901 in Shopify"');
    });

    it("are also in French", () => {
      expect(renderText(list, "fr")).toContain("14 commandes n’ont pas pu être lues.");
      expect(renderText(list, "fr")).toContain("une de ses dates n’en est pas une");
      expect(renderHtml(list, "fr")).toContain("Ouvrir la commande 6012345678901 dans Shopify");
    });
  });

  it("show the number of excluded customers, if any", () => {
    const excluded = { customers: 3, orders: 7 };
    const some = <BasisList view={{ ...view, basis: { ...basis, excluded } }} format={format} />;
    expect(renderText(some)).toContain("3 customers are left out of scoring, as you asked.");
    expect(text).not.toContain("as you asked");
  });

  it("explain amounts and the as-of day", () => {
    expect(text).toContain("current total after edits and returns, in shop currency (GBP)");
    expect(text).toContain("with all orders before Nov 21, 2026");
  });

  it("works for a shop without orders", () => {
    const none = { ...basis, countedOrders: 0, guestOrders: 0, firstDay: null, lastDay: null };
    expect(
      renderText(<BasisList view={{ ...view, basis: none, currency: "EUR" }} format={format} />),
    ).toContain("(EUR)");
  });
});
