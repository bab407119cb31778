import { describe, expect, it } from "vitest";

import { createFormatting } from "#app/i18n/formatting.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { task } from "#tests/setup/views.ts";

import { ReconciliationLine } from "./ReconciliationLine.tsx";

const on = "2026-11-21T03:12:00.000Z";
const format = (locale: string) =>
  createFormatting({ locale, currency: "GBP", timeZone: "Europe/London" });

const line = (
  check: Parameters<typeof ReconciliationLine>[0]["check"],
  progress = task("check", "done"),
) => <ReconciliationLine check={check} progress={progress} format={format("en")} />;

describe("the line about the last reconciliation run", () => {
  it("shows when it was, and that nothing was missing", () => {
    expect(renderText(line({ on, missed: 0, removed: 0 }))).toContain(
      "Checked against Shopify on Nov 21, 2026, 3:12 AM: nothing was missing. Check now",
    );
  });

  it("shows how many orders were missing or removed", () => {
    expect(renderText(line({ on, missed: 2, removed: 1 }))).toContain(
      "3:12 AM. 2 orders had been missed and were brought in. " +
        "1 order that is no longer in your store was removed.",
    );
    expect(renderText(line({ on, missed: 1, removed: 0 }))).toContain(
      "1 order had been missed and was brought in. Check now",
    );
  });

  it("explains the run before the first one", () => {
    const first = <ReconciliationLine check={null} progress={undefined} format={format("en")} />;
    expect(renderText(first)).toContain("Encore compares its orders with Shopify every night.");
  });

  it("shows the progress of a run, and disables the button meanwhile", () => {
    const html = renderHtml(
      line({ on, missed: 0, removed: 0 }, task("check", "running", { done: 40 })),
    );
    expect(html).toMatch(/role="status">Checking against Shopify: 40 orders so far/);
    expect(html).toMatch(/<button[^>]*disabled/);
    expect(html).not.toContain("nothing was missing");
  });

  it("shows why a run failed, beside the last result", () => {
    const failed = task("check", "failed", { errorCode: "shopify-unreachable" });
    expect(renderText(line({ on, missed: 0, removed: 0 }, failed))).toContain(
      "Shopify could not be reached. Please try again in a few minutes. Checked against Shopify on",
    );
  });

  it("speaks French", () => {
    const french = (
      <ReconciliationLine
        check={{ on, missed: 1, removed: 2 }}
        progress={undefined}
        format={format("fr")}
      />
    );
    const text = renderText(french, "fr");
    expect(text).toContain("1 commande manquait et a été récupérée.");
    expect(text).toContain("2 commandes qui ne sont plus dans votre boutique ont été retirées.");
    expect(text).toContain("Vérifier maintenant");
  });
});
