import { createRemixStub } from "@remix-run/testing";
import { AppProvider } from "@shopify/polaris";
import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";

import { polarisTexts } from "#app/components/shared/polaris-texts.ts";
import { Texts } from "#app/components/shared/Texts.tsx";
import { agreed, notAgreed } from "#tests/setup/views.ts";

import { OnboardingCard, type OnboardingData } from "./OnboardingCard.tsx";

type Shown = Parameters<typeof OnboardingCard>[0];
const segment = { segmentId: "9", name: "Best", query: "q", adminUrl: "shopify://admin/9" };

/** The card below the route of Home, whose loader says whether it is closed. */
function card(shown: Shown, onboarding: OnboardingData["onboarding"] = "open", locale = "en") {
  const Stub = createRemixStub([
    { id: "routes/app._index", path: "/", Component: () => <OnboardingCard {...shown} /> },
  ]);
  const hydrationData = { loaderData: { "routes/app._index": { onboarding } } };
  // The stub's router is made for a browser.
  const spy = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    return renderToString(
      <AppProvider i18n={polarisTexts(locale)}>
        <Texts locale={locale}>
          <Stub hydrationData={hydrationData} />
        </Texts>
      </AppProvider>,
    );
  } finally {
    spy.mockRestore();
  }
}

const ticks = (html: string) => html.match(/>(Done|Still to do)</g);
const [done, open] = [">Done<", ">Still to do<"];

describe("the first steps", () => {
  it("have a tick for what is really done", () => {
    expect(ticks(card({ writing: notAgreed, segments: {} }))).toEqual([done, open, open]);
    expect(ticks(card({ writing: agreed, segments: {} }))).toEqual([done, done, open]);
    const segments = { "clv:high": segment };
    expect(ticks(card({ writing: notAgreed, segments }))).toEqual([done, open, done]);
  });

  it("are gone once all are done, or when they were closed", () => {
    const segments = { "clv:high": segment };
    expect(card({ writing: agreed, segments })).not.toContain("First steps");
    expect(card({ writing: notAgreed, segments: {} }, "dismissed")).not.toContain("First steps");
  });

  it("speak French", () => {
    const french = card({ writing: notAgreed, segments: {} }, "open", "fr");
    expect(french).toContain("Premiers pas");
    expect(french).not.toContain("onboarding.");
  });
});
