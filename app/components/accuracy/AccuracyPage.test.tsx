import { describe, expect, it } from "vitest";

import type { AccuracyView } from "#app/scoring/views/accuracy.ts";
import { renderHtml, renderText } from "#tests/setup/render.tsx";
import { accuracy } from "#tests/setup/views.ts";

import { AccuracyPage } from "./AccuracyPage.tsx";

const page = (changes: Partial<AccuracyView> = {}, locale = "en") =>
  renderText(<AccuracyPage view={{ ...accuracy, ...changes }} />, locale);

describe("the accuracy page", () => {
  it("answers in a sentence what those did whom it called high, moderate and low", () => {
    const sentence =
      "Of the customers called high on Aug 23, 2026, 58% bought within 90 days; moderate 23%; low 16%.";
    expect(page()).toContain(sentence);
    expect(page({}, "fr")).toContain(
      "Parmi les clients classés «\u202félevée\u202f» le 23 août 2026, 58\u202f% ont acheté".replaceAll(
        "\u202f",
        " ",
      ),
    );
  });

  it("says until when it cannot be judged, and shows the model's own test until then", () => {
    const text = page({
      newest: null,
      ledger: [],
      trust: { state: "untested", weeks: 0, skill: null, level: null },
    });
    expect(text).toContain("The first week can be judged on Nov 29, 2026");
    expect(text).toContain("look at the model’s own test below");
    expect(text).not.toContain("Week by week");
  });

  it("says how far off the level is, and to which side", () => {
    const off = (buyers: number, spend: number) =>
      page({ trust: { state: "level", weeks: 4, skill: 0.1, level: { buyers, spend } } });
    expect(off(2, 2)).toContain("50% fewer customers bought than expected in the 90 days from Aug");
    expect(off(0.5, 1)).toContain("100% more customers bought than expected");
    expect(off(1.1, 0.625)).toContain("customers spent 60% more than expected");
  });

  it("raises an alarm when predictions tell less than the average", () => {
    const text = page({ trust: { state: "off", weeks: 4, skill: -0.1, level: null } });
    expect(text).toContain("The predictions have stopped matching what customers do");
  });

  it("says whether predicted and actual shares are close", () => {
    expect(page()).toContain("differ by 2 percentage points on the mean. That is close.");
    const bins = [{ customers: 9, predicted: 0.2, observed: 0.35 }];
    const calibration = { bins, from: "2026-08-23", tested: false };
    expect(page({ calibration })).toContain("That is far apart");
  });

  it("names who was better where Encore was not", () => {
    expect(page()).toContain(
      "No simple rule put customers in a better order for who bought. For what they spent, “Past spend” did.",
    );
  });

  it("puts Shopify's own groups beside Encore once they could be judged, and says so until then", () => {
    expect(page()).toContain("Shopify’s own RFM groups are read every week");
    const shopify = { auc: 0.741, gini: 0.602, scores: { auc: 0.8, gini: 0.7 } };
    const text = page({ newest: accuracy.newest && { ...accuracy.newest, shopify } });
    expect(text).toContain(
      "74.1 for buyers, 60.2 for spend; Encore on the same customers: 80 and 70.",
    );
  });

  it("names each model with its share, and the shape of those that have several", () => {
    const model = {
      name: "mbg-cnbd" as const,
      weight: 0.25,
      parameters: [["k", 3]] as [string, number][],
    };
    expect(page({ model: accuracy.model && { ...accuracy.model, models: [model] } })).toContain(
      "MBG/CNBD-3 (Reutterer and others, 2020): 25% of the average",
    );
  });

  it("gives each picture its figures as a table", () => {
    const html = renderHtml(<AccuracyPage view={accuracy} />);
    expect(html.match(/role="img"/g)).toHaveLength(3);
    expect(html.match(/Show the figures as a table/g)).toHaveLength(3);
    expect(page()).toContain("Jul 21, 2026 4 3 In the model’s own test");
  });

  it("counts how often the range given beforehand held what happened", () => {
    expect(page()).toContain("it held what happened in 2 of 2 cases");
  });
});
