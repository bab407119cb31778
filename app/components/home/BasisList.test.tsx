import { describe, expect, it } from "vitest";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { scored, scoredHome } from "#tests/setup/views.ts";
import { createFormatting } from "#app/i18n/formatting.ts";
import { BasisList } from "./BasisList.tsx";

const view = scored();
const { basis, currency, timeZone } = view;
const format = createFormatting({ locale: "en", currency, timeZone });

describe("what the figures rest on", () => {
  const text = renderText(<BasisList view={view} scored={scoredHome} format={format} />);

  it("counts the orders that count and those of guests", () => {
    expect(text).toContain("1,200 orders count, from Nov 24, 2025 to Nov 20, 2026.");
    expect(text).toContain("60 guest orders have no customer: counted here, not scored.");
  });

  it("names each reason that left an order out, and none that did not", () => {
    expect(text).toContain("39 cancelled orders are left out.");
    expect(text).toContain("1 test order is left out.");
    expect(text).not.toContain("voided");
  });

  it("says that a day can be wrong, in both languages", () => {
    const leftOut = [{ reason: "date" as const, orders: 2 }];
    const list = <BasisList view={{ ...view, basis: { ...basis, leftOut } }} format={format} />;
    expect(renderText(list)).toContain("2 orders dated before 1995 or in the future are left out.");
    expect(renderText(list, "fr")).toContain("2 commandes datées d’avant 1995");
  });

  describe("with orders that could not be read", () => {
    const unreadable = {
      orders: 14,
      named: [
        { orderId: "6012345678901", reason: "amount" as const },
        { orderId: "6012345678902", reason: "time" as const },
      ],
      unnamed: 1,
    };
    const list = <BasisList view={{ ...view, unreadable }} format={format} />;

    it("counts them, names some and says why, and how many more there are", () => {
      expect(renderText(list)).toContain("14 orders could not be read.");
      expect(renderText(list)).toMatch(/Order 6012345678901 \(its amount is not a number\)/);
      expect(renderText(list)).toContain("and 11 more");
      expect(renderText(list)).toContain("1 of which not even the number can be read");
      expect(text).not.toContain("could not be read");
    });

    it("leads to each of them by a link that says where to", () => {
      expect(renderHtml(list)).toMatch(
        /<a[^>]*href="shopify:\/\/admin\/orders\/6012345678901"[^>]*/,
      );
      expect(renderHtml(list)).toContain('aria-label="Open order 6012345678901 in Shopify"');
    });

    it("says the same in French", () => {
      expect(renderText(list, "fr")).toContain("14 commandes n’ont pas pu être lues.");
      expect(renderText(list, "fr")).toContain("une de ses dates n’en est pas une");
      expect(renderHtml(list, "fr")).toContain("Ouvrir la commande 6012345678901 dans Shopify");
    });
  });

  it("counts the customers who are left out as the merchant asked, when there are some", () => {
    const excluded = { customers: 3, orders: 7 };
    const some = <BasisList view={{ ...view, basis: { ...basis, excluded } }} format={format} />;
    expect(renderText(some)).toContain("3 customers are left out of scoring, as you asked.");
    expect(text).not.toContain("as you asked");
  });

  it("states what is meant by money and by when", () => {
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
