import { describe, expect, it } from "vitest";

import type { CleanUpView } from "#app/campaigns/clean-up.ts";
import en from "#app/i18n/en.json" with { type: "json" };
import { noRules } from "#app/orders/store/order-rules.ts";
import type { ExclusionView } from "#app/scoring/exclusion/exclusion-tag.ts";
import type { HorizonSettings } from "#app/scoring/views/horizon-settings.ts";
import { defaultTierChoice, type TierSettings } from "#app/scoring/views/tier-settings.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { notAgreed, task } from "#tests/setup/views.ts";

import { SettingsPage } from "./SettingsPage.tsx";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const nobody: ExclusionView = { tag: null, readAt: null, failed: null, byTag: 0, byHand: 0 };
const done: CleanUpView = {
  finishedAt: "2026-11-21T11:00:00Z",
  customers: 4297,
  segments: 6,
  definitions: 7,
  left: [],
};

const horizon: HorizonSettings = { chosen: null, current: 90, pending: false };
const tiers: TierSettings = {
  saved: defaultTierChoice,
  pending: false,
  scored: { horizonDays: 90, baseRate: 0.24, customers: 600 },
};

const pausedAt = "2026-11-20T09:00:00Z";
const plan = {
  customers: 1_234,
  tagsToAdd: 300,
  tagsToRemove: 299,
  metafieldsToSet: 2_000,
  metafieldsToDelete: 1,
};

type Writing = Partial<WritingView>;

function page(exclusion: ExclusionView, cleanUp: CleanUpView | null = null, writing: Writing = {}) {
  return (
    <SettingsPage
      horizon={horizon}
      tiers={tiers}
      rules={noRules}
      exclusion={exclusion}
      cleanUp={cleanUp}
      writing={{ ...notAgreed, ...writing }}
      progress={[task("cleanup", "running", { done: 1, total: 4 })]}
      currency="GBP"
      timeZone="Europe/London"
      nowMs={NOW}
    />
  );
}

describe("the exclusion tag", () => {
  it("is explained, and saved by the admin's save bar", () => {
    expect(renderText(page(nobody))).toContain("Customers with this tag get no score");
    const bar = /<ui-save-bar id="[\w-]+">(.*?)<\/ui-save-bar>/.exec(renderHtml(page(nobody)))?.[1];
    expect(bar).toBe('<button variant="primary">Save</button><button>Discard</button>');
  });

  it("shows how many customers it excludes, and when it was read", () => {
    const readAt = "2026-11-21T11:55:00Z";
    const found = { tag: "left out", readAt, byTag: 3, byHand: 1, failed: null };
    const text = renderText(page(found));
    expect(text).toContain("3 customers have the tag “left out” and are left out. Looked 5 min");
    expect(text).toContain("1 customer is left out on its own page.");
    expect(renderText(page({ ...nobody, tag: "new" }))).toContain("Looking for customers");
  });
});

describe("a reading of the exclusion tag that failed", () => {
  const failed = { code: "shopify-unreachable", nextAt: "2026-11-21T12:10:00Z" };

  it.each([
    [
      "en",
      "could not find out who has the tag “new”",
      "Encore tries again by itself on Nov 21, 2026, 12:10",
    ],
    [
      "fr",
      "n’a pas pu savoir qui porte la balise « new »",
      "Nouvel essai automatique le 21 nov. 2026",
    ],
  ])("is shown with the time of the next try: %s", (locale, ...said) => {
    const view = page({ ...nobody, tag: "new", failed });
    const text = renderText(view, locale).replaceAll(/[\u202f\u00a0]/g, " ");
    for (const words of said) expect(text).toContain(words);
    expect(text).not.toMatch(/Looking for customers|Recherche des clients|minutes/);
  });

  it("is shown with the reason when only the merchant can fix it", () => {
    const denied = { ...failed, code: "shopify-access-denied" };
    const text = renderText(page({ ...nobody, tag: "new", failed: denied }));
    expect(text).toContain(en.errors["shopify-access-denied"]);
  });

  it.each([
    ["en", "3 customers have the tag", "could not look again who has the tag"],
    ["fr", "3 clients portent la balise", "n’a pas pu vérifier de nouveau qui porte la balise"],
  ])("leaves the last result on the page: %s", (locale, ...said) => {
    const readAt = "2026-11-20T11:55:00Z";
    const text = renderText(page({ tag: "left out", readAt, byTag: 3, byHand: 0, failed }), locale);
    for (const words of said) expect(text).toContain(words);
  });
});

describe("the clean-up", () => {
  it("is explained before it starts", () => {
    const text = renderText(page(nobody));
    expect(text).toContain("Remove everything Encore made");
    expect(text).not.toContain("All removed");
  });

  it("shows its progress without buttons", () => {
    const text = renderText(page(nobody, { ...done, finishedAt: null }));
    expect(text).toContain("Removing everything Encore made");
    expect(text).toContain("25%");
    expect(text).not.toContain("Remove everything");
  });

  it("reports what was removed", () => {
    const text = renderText(page(nobody, done));
    expect(text).toContain("All removed on");
    expect(text).toContain("Tags and metafields of 4,297 customers");
    expect(text).toContain("6 segments");
    expect(text).not.toContain("Still in Shopify");
    expect(text).not.toContain("Remove everything");
  });

  it("is offered again, without the old report, after a new agreement", () => {
    const text = renderText(page(nobody, done, { agreedAt: pausedAt }));
    expect(text).toContain("Remove everything Encore made");
    expect(text).not.toContain("All removed");
  });

  it("shows why each left-over stays, and offers a retry where it may help", () => {
    const left: CleanUpView["left"] = [
      { kind: "customers", code: "write-refused", customers: 2 },
      { kind: "segment", name: "Best", reason: "yours" },
      { kind: "segment", name: "Encore: High", reason: "changed" },
      { kind: "definition", key: "clv_tier", message: "in use" },
    ];
    const text = renderText(page(nobody, { ...done, left }));
    expect(text).toContain("Shopify did not accept the values. (2 customers)");
    expect(text).toContain("The segment “Best”: you made it yourself.");
    expect(text).toContain("The segment “Encore: High”: you changed its conditions.");
    expect(text).toContain("“clv_tier”: Shopify did not delete it (in use).");
    expect(text).toContain("Try again");
    expect(renderText(page(nobody, { ...done, left: left.slice(1, 3) }))).not.toContain(
      "Try again",
    );
  });
});

describe("writing", () => {
  const agreed = { agreedAt: "2026-11-01T09:00:00Z" };

  it("can be paused once it was agreed to, and shows what it would do before", () => {
    expect(renderText(page(nobody, null, agreed))).toContain("Pause writing");
    const before = renderText(page(nobody, null, { plan }));
    expect(before).toContain("When you start it at home, Encore writes to 1,234 customers:");
    expect(before).not.toContain("Pause writing");
  });

  it.each([
    ["en", "1,234 customers wait", "299 tags to remove", "2,001 metafields to change", "Resume"],
    ["fr", "1 234 clients attendent", "299 balises à retirer", "2 001 champs méta", "Reprendre"],
  ])("says in a pause who waits and of when segments are: %s", (locale, ...said) => {
    const text = renderText(page(nobody, null, { ...agreed, pausedAt, plan }), locale);
    const plain = text.replaceAll(/[\u202f\u00a0]/g, " ");
    for (const words of said) expect(plain).toContain(words);
    expect(plain).toMatch(/state of .*20|état du 20/);
    expect(plain).not.toMatch(/Pause writing|Mettre l’écriture en pause/);
  });
});
