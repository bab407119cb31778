import { buildShop } from "./build.ts";
import { draftCdnow } from "./cdnow.ts";
import type { DemoOptions, DemoShop } from "./demo-shop.ts";
import { draftGenerated } from "./generated.ts";
import { draftGiftware } from "./giftware.ts";
import { draftYoung } from "./young.ts";

export const demoShopNames = ["giftware", "cdnow", "young", "generated"] as const;
export type DemoShopName = (typeof demoShopNames)[number];

const defaultCustomers = 10_000;

/** `customers` and `branch` apply to `generated` only; the others have the size of their data. */
export async function loadDemoShop(
  name: DemoShopName,
  options: DemoOptions & { customers?: number; branch?: number },
): Promise<DemoShop> {
  switch (name) {
    case "giftware":
      return buildShop(await draftGiftware(), options);
    case "cdnow":
      return buildShop(await draftCdnow(options.seed), options);
    case "young":
      return buildShop(await draftYoung(), options);
    case "generated":
      return buildShop(
        draftGenerated({
          seed: options.seed,
          customers: options.customers ?? defaultCustomers,
          branch: options.branch ?? 0,
        }),
        options,
      );
  }
}
