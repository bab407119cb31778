import { describe, expect, it } from "vitest";

import { simulatedFetch } from "./simulated-fetch.ts";

/** Records requests instead of sending them. */
function recorder() {
  const sent: Request[] = [];
  const inner: typeof fetch = (input, init) => {
    sent.push(new Request(input, init));
    return Promise.resolve(new Response());
  };
  return { sent, fetch: simulatedFetch("http://127.0.0.1:4567", inner) };
}

describe("requests in a simulation", () => {
  it("go to the simulated Shopify, with the intended host in a header", async () => {
    const { sent, fetch } = recorder();
    await fetch("https://one.myshopify.com/admin/api/2026-10/graphql.json?a=1", {
      method: "POST",
      headers: { "x-shopify-access-token": "token" },
      body: "{}",
    });
    expect(sent[0]?.url).toBe("http://127.0.0.1:4567/admin/api/2026-10/graphql.json?a=1");
    expect(sent[0]?.method).toBe("POST");
    expect(sent[0]?.headers.get("x-simulated-host")).toBe("one.myshopify.com");
    expect(sent[0]?.headers.get("x-shopify-access-token")).toBe("token");
    expect(await sent[0]?.text()).toBe("{}");
  });

  it("go nowhere else", async () => {
    const { sent, fetch } = recorder();
    await fetch("https://storage.googleapis.com/results/1.jsonl");
    await fetch(new Request("https://example.com/"));
    expect(sent.map((request) => new URL(request.url).origin)).toEqual([
      "http://127.0.0.1:4567",
      "http://127.0.0.1:4567",
    ]);
  });

  it("are not changed when they already go to the simulated Shopify", async () => {
    const { sent, fetch } = recorder();
    await fetch("http://127.0.0.1:4567/files/1.jsonl", { headers: { range: "bytes=5-" } });
    expect(sent[0]?.headers.get("x-simulated-host")).toBeNull();
    expect(sent[0]?.headers.get("range")).toBe("bytes=5-");
  });

  it("keep the caller's own signal, which survives garbage collection of the request", async () => {
    const { signal } = new AbortController();
    const given: (AbortSignal | null | undefined)[] = [];
    const inner: typeof fetch = (_, init) => {
      given.push(init?.signal);
      return Promise.resolve(new Response());
    };
    const simulated = simulatedFetch("http://127.0.0.1:4567", inner);
    await simulated("https://one.myshopify.com/", { signal });
    await simulated("http://127.0.0.1:4567/files/1.jsonl", { signal });
    expect(given).toEqual([signal, signal]);
    expect(given[0]).toBe(signal);
    expect(given[1]).toBe(signal);
  });
});
