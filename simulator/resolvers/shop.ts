import type { ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { shopOwner } from "#simulator/metafields/owners.ts";
import { ownerMetafield, ownerMetafields } from "#simulator/metafields/reads.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { gid, type SimShop } from "#simulator/state.ts";
import { createTimeZone } from "#simulator/time-zone.ts";

function utcOffsetMinutes(now: Date, timeZone: string): number {
  return Math.round((createTimeZone(timeZone).toWall(now.getTime()) - now.getTime()) / 60_000);
}

function timezoneOffset(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

export const shop: ResolverMap = {
  QueryRoot: { shop: (_: null, _args, context) => context.shop },
  Shop: {
    id: (parent: SimShop) => gid("Shop", parent.id),
    myshopifyDomain: (parent: SimShop) => parent.domain,
    ianaTimezone: (parent: SimShop) => parent.timeZone,
    timezoneOffsetMinutes: (parent: SimShop, _, { store }) =>
      utcOffsetMinutes(store.clock.now(), parent.timeZone),
    timezoneOffset: (parent: SimShop, _, { store }) =>
      timezoneOffset(utcOffsetMinutes(store.clock.now(), parent.timeZone)),
    currencyCode: (parent: SimShop) => parent.currency,
    enabledPresentmentCurrencies: (parent: SimShop) => [parent.currency],
    email: (parent: SimShop) => `owner@${parent.handle}.example.com`,
    contactEmail: (parent: SimShop) => `owner@${parent.handle}.example.com`,
    url: (parent: SimShop) => `https://${parent.domain}`,
    primaryDomain: (parent: SimShop) => ({
      id: gid("Domain", parent.id),
      host: parent.domain,
      url: `https://${parent.domain}`,
      sslEnabled: true,
    }),
    updatedAt: (parent: SimShop) => parent.createdAt,
    plan: ({ plan }: SimShop) => ({
      displayName: plan.name,
      publicDisplayName: plan.name,
      partnerDevelopment: plan.partnerDevelopment,
      shopifyPlus: plan.shopifyPlus,
    }),
    metafield: (parent: SimShop, args: { namespace?: string | null; key: string }, context) =>
      ownerMetafield(shopOwner(parent), args, context),
    metafields: (parent: SimShop, args: SortedPageArguments & { namespace?: string }, context) =>
      ownerMetafields(shopOwner(parent), args, context),
  },
};
