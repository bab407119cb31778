import type { AdminApi, QueryOptions } from "#app/shopify/api/client.server.ts";

const SHOP_AND_SCOPES = `#graphql
  query EncoreShop {
    shop {
      id
      name
      currencyCode
      ianaTimezone
      plan {
        partnerDevelopment
      }
    }
    currentAppInstallation {
      accessScopes {
        handle
      }
    }
  }
`;

export type ShopFacts = {
  /** The shop's gid. */
  id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA name, for example `Europe/London`. */
  timeZone: string;
  /** Whether its plan is a development store's. */
  developmentStore: boolean;
  scopes: string[];
};

export async function readShop(admin: AdminApi, options?: QueryOptions): Promise<ShopFacts> {
  const { shop, currentAppInstallation } = await admin.query(SHOP_AND_SCOPES, {}, options);
  return {
    id: shop.id,
    name: shop.name,
    currency: shop.currencyCode,
    timeZone: shop.ianaTimezone,
    developmentStore: shop.plan.partnerDevelopment,
    scopes: currentAppInstallation.accessScopes.map((scope) => scope.handle),
  };
}
