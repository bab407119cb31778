import type { SimShop, Store } from "#simulator/state.ts";

import { createFormats, type Formats } from "./format.ts";
import type { Html } from "./html.ts";
import { type AdminPaths, adminPaths } from "./paths.ts";
import { type Locale, type Translate, translator } from "./words.ts";

/** One request for a page of one shop, with what every page needs to write itself. */
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

export type Section = "home" | "orders" | "customers" | "segments" | "app" | "none";

export type View = {
  title: string;
  section: Section;
  body: Html;
  status?: number;
  /** Parts of the body that the browser asks for again every `liveSeconds`, by their name. */
  live?: Record<string, Html>;
  liveSeconds?: number;
  /** Whom the order form of the panel means to begin with. */
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
