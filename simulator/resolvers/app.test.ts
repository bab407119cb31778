import { expect, it } from "vitest";

import { ask } from "#tests/simulator/ask.ts";
import { sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
const shop = shopOf({ customers: [], orders: [], store });

it("returns the app's own data, and null for other apps", async () => {
  const own = `gid://shopify/AppInstallation/${shop.id}`;
  const { data, errors } = await ask(
    { store, shop },
    `{
      here: appInstallation { id } known: appInstallation(id: "${own}") { id }
      other: appInstallation(id: "gid://shopify/AppInstallation/1") { id }
      app { handle } stranger: app(id: "gid://shopify/App/1") { id }
    }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    here: { id: own },
    known: { id: own },
    other: null,
    app: { handle: "encore" },
    stranger: null,
  });
});
