import type { SimShop, Store } from "#simulator/state.ts";

import { createFormats, type Formats } from "./format.ts";
import type { Html } from "./html.ts";
import { type AdminPaths, adminPaths } from "./paths.ts";
import { type Locale, type Translate, translator } from "./words.ts";

/** A request for a page of a shop, with what every page needs. */
export type Visit = {
  store: Store;
  shop: SimShop;
  url: URL;
  locale: Locale;
  t: Translate;
  formats: Formats;
  paths: AdminPaths;
  /** Real time, for what is signed; the shop's own time is `store.clock`. */
  realNow: Date;
};

/** Hono's context in routes of a shop. */
export type VisitEnv = { Variables: { visit: Visit } };

export type Section = "home" | "orders" | "customers" | "segments" | "app" | "none";

export type View = {
  title: string;
  section: Section;
  body: Html;
  status?: number;
  /** Parts of the body that the browser polls every `liveSeconds`, by name. */
  live?: Record<string, Html>;
  liveSeconds?: number;
  /** The customer preselected in the panel's order form. */
  customerId?: string;
};

export function createVisit(
  parts: Pick<Visit, "store" | "shop" | "url" | "locale" | "realNow">,
): Visit {
  const { shop, store, locale } = parts;
  return {
    ...parts,
    t: translator(locale),
    formats: createFormats({ locale, currency: shop.currency, timeZone: shop.timeZone }),
    paths: adminPaths(shop.handle, store.app.handle),
  };
}
