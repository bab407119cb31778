import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";

import { isReadable } from "./web-request.ts";

type Routes = ServerBuild["routes"];
type Branch = NonNullable<Parameters<typeof matchRoutes>[0][number]>;

/**
 * Maps paths to route patterns for metric labels, whose number must be limited.
 *
 * @returns a function from a path to a pattern such as `/app/customers/:id`
 */
export function routeNames(routes: Routes): (path: string) => string {
  const branches = childrenOf(routes, undefined);
  // A cache of paths that equal their pattern: few, but most requests.
  const plain = new Set<string>();
  return (path) => {
    if (plain.has(path)) return path;
    if (path.startsWith("/assets/")) return "/assets";
    // The matcher would log unreadable paths to the console.
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
