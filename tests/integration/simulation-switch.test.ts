import { afterEach, describe, expect, it, vi } from "vitest";

const request = new Request("http://127.0.0.1:3100/app?shop=one.myshopify.com");

/** The headers of a process with this environment. */
async function headersWith(simulated: string): Promise<{ policy: string; bridge: unknown }> {
  vi.resetModules();
  vi.stubEnv("SIMULATED_SHOPIFY_URL", simulated);
  const { addDocumentResponseHeaders } = await import("#app/shopify.server.ts");
  const { appBridgeUrl } = await import("#app/lib/env.server.ts");
  const { closeDatabase, prisma } = await import("#app/lib/db.server.ts");
  const headers = new Headers();
  addDocumentResponseHeaders(request, headers);
  // The library looks for its table when it is loaded, so wait for that before the database is
  // dropped.
  await prisma.session.count();
  await closeDatabase();
  return { policy: headers.get("Content-Security-Policy") ?? "", bridge: appBridgeUrl };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("who may frame the app", () => {
  it("is only Shopify, unless Shopify is simulated", async () => {
    const { policy, bridge } = await headersWith("");
    expect(policy).toContain("frame-ancestors https://one.myshopify.com https://admin.shopify.com");
    expect(policy).not.toContain("127.0.0.1");
    expect(bridge).toBeUndefined();
  });

  it("is also the simulated admin, which brings its own App Bridge", async () => {
    const { policy, bridge } = await headersWith("http://127.0.0.1:4567");
    expect(policy).toContain("frame-ancestors http://127.0.0.1:4567 https://one.myshopify.com");
    expect(bridge).toBe("http://127.0.0.1:4567/app-bridge.js");
  });
});
