import { createRemixStub } from "@remix-run/testing";
import { AppProvider } from "@shopify/polaris";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { vi } from "vitest";

import { polarisTexts } from "#app/components/shared/polaris-texts.ts";
import { Texts } from "#app/components/shared/Texts.tsx";

/** The server-rendered HTML of a screen, inside the app's providers. */
export function renderHtml(screen: ReactNode, locale = "en"): string {
  const Stub = createRemixStub([{ path: "/", Component: () => screen }]);
  return withoutComplaints(() =>
    renderToString(
      <AppProvider i18n={polarisTexts(locale)}>
        <Texts locale={locale}>
          <Stub />
        </Texts>
      </AppProvider>,
    ),
  );
}

/**
 * React reports problems through console.error, which fails the test. One warning is ignored: it concerns only the
 * stub's router, which is made for a browser; the app renders with the server's.
 */
function withoutComplaints(render: () => string): string {
  const complaints: string[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((...parts: unknown[]) => {
    const text = parts.map(String).join(" ");
    if (!text.includes("useLayoutEffect does nothing on the server")) complaints.push(text);
  });
  try {
    const html = render();
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    return html;
  } finally {
    spy.mockRestore();
  }
}

/** The visible text, with normalised spaces. */
export function renderText(screen: ReactNode, locale = "en"): string {
  return renderHtml(screen, locale)
    .replaceAll("<!-- -->", "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replace(/\s+/g, " ");
}
