import { buildShop } from "./build.ts";
import { draftCdnow } from "./cdnow.ts";
import type { DemoOptions, DemoShop } from "./demo-shop.ts";
import { draftGiftware } from "./giftware.ts";
import { draftYoung } from "./young.ts";

export type { DemoShop } from "./demo-shop.ts";

export const demoShopNames = ["giftware", "cdnow", "young"] as const;
export type DemoShopName = (typeof demoShopNames)[number];

export async function loadDemoShop(name: DemoShopName, options: DemoOptions): Promise<DemoShop> {
  switch (name) {
    case "giftware":
      return buildShop(await draftGiftware(), options);
    case "cdnow":
      return buildShop(await draftCdnow(options.seed), options);
    case "young":
      return buildShop(await draftYoung(), options);
  }
}
