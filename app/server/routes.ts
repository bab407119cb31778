import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";

import { isReadable } from "./web-request.ts";

type Routes = ServerBuild["routes"];
type Branch = NonNullable<Parameters<typeof matchRoutes>[0][number]>;

/**
 * Names the route that answers a path, for a metric's label: of the app's routes there are some tens,
 * of paths there is no end.
 *
 * @returns a function from a path to a pattern such as `/app/customers/:id`
 */
export function routeNames(routes: Routes): (path: string) => string {
  const branches = childrenOf(routes, undefined);
  // Paths that are their own pattern are few, and most of what is asked for.
  const plain = new Set<string>();
  return (path) => {
    if (plain.has(path)) return path;
    if (path.startsWith("/assets/")) return "/assets";
    // The matcher writes those to the console.
    if (!isReadable(path)) return "/*";
    const parts = (matchRoutes(branches, path) ?? []).flatMap(({ route }) => route.path || []);
    const name = `/${parts.join("/")}`;
    if (name === path) plain.add(path);
    return name;
  };
}

function childrenOf(routes: Routes, parentId: string | undefined): Branch[] {
  return Object.values(routes).flatMap((route): Branch[] => {
    if (route === undefined || route.parentId !== parentId) return [];
    const { id, path, caseSensitive } = route;
    if (route.index === true) return [{ id, path, caseSensitive, index: true }];
    return [{ id, path, caseSensitive, children: childrenOf(routes, id) }];
  });
}
