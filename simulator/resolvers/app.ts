import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import { installationOwner } from "#simulator/metafields/owners.ts";
import { ownerMetafield, ownerMetafields } from "#simulator/metafields/reads.ts";
import type { SortedPageArguments } from "#simulator/resolvers/connection.ts";
import { gid, type SimApp } from "#simulator/state.ts";

const accessScope = (handle: string) => ({ handle, description: handle.replaceAll("_", " ") });

function app({ url, apiKey, clientId, handle, title, scopes }: SimApp) {
  return {
    id: gid("App", clientId),
    apiKey,
    handle,
    title,
    embedded: true,
    launchUrl: url,
    requestedAccessScopes: scopes.map(accessScope),
    optionalAccessScopes: [],
  };
}

function installation({ store, shop, scopes }: RequestContext) {
  return {
    id: gid("AppInstallation", shop.id),
    // As granted with the token: a write scope includes its read scope.
    accessScopes: [...scopes].filter((scope) => !impliedBy(scope, scopes)).map(accessScope),
    activeSubscriptions: [],
    launchUrl: `https://admin.shopify.com/store/${shop.handle}/apps/${store.app.handle}`,
    uninstallUrl: null,
    app: app(store.app),
  };
}

function impliedBy(scope: string, scopes: ReadonlySet<string>): boolean {
  return scope.startsWith("read_") && scopes.has(scope.replace("read_", "write_"));
}

/** Other apps are unknown; without an id the app itself is meant. */
function isOwn(id: string | null | undefined, own: string): boolean {
  return id === null || id === undefined || id === own;
}

type MetafieldArguments = { namespace?: string | null; key: string };

export const appInstallation: ResolverMap = {
  AppInstallation: {
    metafield: (_parent, args: MetafieldArguments, context) =>
      ownerMetafield(installationOwner(context.shop), args, context),
    metafields: (_parent, args: SortedPageArguments, context) =>
      ownerMetafields(installationOwner(context.shop), args, context),
  },
  QueryRoot: {
    currentAppInstallation: (_: null, _args, context) => installation(context),
    appInstallation: (_: null, { id }: { id?: string | null }, context) =>
      isOwn(id, gid("AppInstallation", context.shop.id)) ? installation(context) : null,
    app: (_: null, { id }: { id?: string | null }, { store }) =>
      isOwn(id, gid("App", store.app.clientId)) ? app(store.app) : null,
  },
};
