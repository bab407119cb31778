import { describe, expect, it } from "vitest";

import { compareDigest } from "#simulator/metafields/reads.ts";
import { ask, askWith } from "#tests/simulator/ask.ts";
import {
  customer,
  giveMetafield,
  order,
  sampleStore,
  shopOf,
} from "#tests/simulator/sample-shop.ts";

function open() {
  const store = sampleStore(new Date("2026-11-21T12:00:00Z"));
  const customers = [customer("7")];
  const orders = [
    order("1", { customerId: "7", processedAt: "2026-11-01T10:00:00Z", totalMinor: 1 }),
  ];
  return { store, shop: shopOf({ customers, orders, store }) };
}

const set = `mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { value } userErrors { field message code }
  }
}`;
const tier = {
  ownerId: "gid://shopify/Customer/7",
  namespace: "encore",
  key: "clv_tier",
  type: "single_line_text_field",
  value: "high",
};
type Set = { metafields: { value: string }[]; userErrors: unknown[] };

async function write(place: ReturnType<typeof open>, input: object): Promise<Set> {
  const { data, errors } = await ask(place, set, { metafields: [{ ...tier, ...input }] });
  expect(errors).toBeUndefined();
  return (data as { metafieldsSet: Set }).metafieldsSet;
}

describe("writing a value", () => {
  it("is refused for an owner that does not exist", async () => {
    expect((await write(open(), { ownerId: "gid://shopify/Customer/8" })).userErrors).toEqual([
      {
        field: ["metafields", "0", "ownerId"],
        message: "Owner does not exist.",
        code: "INVALID_VALUE",
      },
    ]);
  });

  it("that equals the existing one does not need the right digest", async () => {
    const place = open();
    await write(place, {});
    const wrong = { compareDigest: "0".repeat(64) };
    expect((await write(place, wrong)).userErrors).toEqual([]);
    expect((await write(place, { ...wrong, value: "low" })).userErrors).toMatchObject([
      { code: "STALE_OBJECT" },
    ]);
    const digest = compareDigest(place.shop.customers.get("7")!.metafields.get("encore.clv_tier")!);
    expect((await write(place, { compareDigest: digest, value: "low" })).userErrors).toEqual([]);
  });

  it.each([
    ["0.5000", false, "0.5000"],
    ["0.5000", true, "0.5"],
    ["7.0000", true, "7"],
    ["-0.12345678912", false, "-0.123456789"],
  ])(
    "of a decimal %s keeps trailing zeros, unless configured otherwise (%s)",
    async (value, trim, stored) => {
      const place = open();
      place.store.settings.trimDecimals = trim;
      const { metafields } = await write(place, { key: "share", type: "number_decimal", value });
      expect(metafields).toEqual([{ value: stored }]);
    },
  );
});

describe("reading values", () => {
  it("returns the requested ones, also for orders", async () => {
    const place = open();
    const [alba] = place.shop.customers.values();
    giveMetafield(alba!, "encore.clv_tier", "high");
    giveMetafield(alba!, "encore.buy_tier", "low");
    giveMetafield(alba!, "app--347082227713.note", "mine");
    const keys = '["encore.buy_tier", "$app.note", "encore.none"]';
    const read = `{
      customer(id: "gid://shopify/Customer/7") { metafields(first: 9, keys: ${keys}) { nodes { key } } }
      order(id: "gid://shopify/Order/1") { metafield(namespace: "encore", key: "note") { value ownerType } }
    }`;
    const before = await ask(place, read);
    expect(before.data).toEqual({
      customer: { metafields: { nodes: [{ key: "buy_tier" }, { key: "note" }] } },
      order: { metafield: null },
    });
    expect(place.shop.otherMetafields.size).toBe(0);
    const note = { ownerId: "gid://shopify/Order/1", key: "note" };
    const { errors } = await ask(place, set, { metafields: [{ ...tier, ...note }] });
    expect(errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
    await askWith(["write_orders"])(place, set, { metafields: [{ ...tier, ...note }] });
    expect((await ask(place, read)).data).toMatchObject({
      order: { metafield: { value: "high", ownerType: "ORDER" } },
    });
  });
});

describe("a definition", () => {
  const create = `mutation Create($definition: MetafieldDefinitionInput!) {
    metafieldDefinitionCreate(definition: $definition) { userErrors { field message code } }
  }`;
  const one = { name: "N", namespace: "encore", key: "tier", type: "date", ownerType: "CUSTOMER" };
  const refusals = async (parts: object) => {
    const { data, errors } = await ask(open(), create, { definition: { ...one, ...parts } });
    expect(errors).toBeUndefined();
    return (data as { metafieldDefinitionCreate: { userErrors: { code: string }[] } })
      .metafieldDefinitionCreate.userErrors;
  };

  it("is refused with all errors of its texts", async () => {
    const wrong = { name: "n".repeat(256), description: "d".repeat(256), key: "!", type: "colour" };
    expect((await refusals(wrong)).map(({ code }) => code)).toEqual([
      ...["TOO_LONG", "TOO_LONG", "TOO_SHORT", "INVALID_CHARACTER", "INCLUSION"],
    ]);
    expect(await refusals({ description: "d".repeat(255) })).toEqual([]);
  });

  it("is refused validations that its type does not have", async () => {
    const validations = [
      { name: "min", value: "2026-01-01" },
      { name: "shade", value: "dark" },
    ];
    expect(await refusals({ validations })).toMatchObject([
      { field: ["definition", "validations"], code: "INVALID_OPTION" },
    ]);
  });

  it("needs the scope that writes to its owners", async () => {
    const definition = { ...one, ownerType: "PRODUCT" };
    const { errors } = await ask(open(), create, { definition });
    expect(errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
  });

  it("fails for a type that Shopify has and the simulator does not implement", async () => {
    const { errors } = await ask(open(), create, { definition: { ...one, type: "rating" } });
    expect(errors).toMatchObject([{ extensions: { code: "SIMULATOR_NOT_IMPLEMENTED" } }]);
  });
});
