import { expect, it } from "vitest";

import { routeNames } from "./routes.ts";

const route = (id: string, parentId: string | undefined, path?: string) => ({
  [id]: { id, parentId, path, module: { default: () => null } },
});

it("names the route of a path, so that there are only as many names as routes", () => {
  const nameOf = routeNames({
    ...route("root", undefined, ""),
    ...route("app", "root", "app"),
    ...route("customer", "app", "customers/:id"),
    ...route("orders", "root", "webhooks/orders"),
    ...route("rest", "root", "*"),
  });
  expect(nameOf("/app/customers/123")).toBe("/app/customers/:id");
  expect(nameOf("/webhooks/orders")).toBe("/webhooks/orders");
  expect(nameOf("/webhooks/orders")).toBe("/webhooks/orders");
  expect(nameOf("/wp-login.php")).toBe("/*");
  expect(nameOf("/*")).toBe("/*");
  expect(nameOf("/assets/root-1a2b.js")).toBe("/assets");
});
