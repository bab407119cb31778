import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { ask, type Place } from "#tests/simulator/ask.ts";
import { asCustomers, type Exchange, readRecording, replayIn } from "#tests/simulator/replay.ts";
import { customer, sampleStore, shopOf } from "#tests/simulator/sample-shop.ts";

function prepared(ids: readonly string[] = []): Place {
  const store = sampleStore(new Date("2026-07-29T03:37:51Z"));
  const shop = shopOf({ customers: ids.map((id) => customer(id)), orders: [], store });
  shop.currency = "CAD";
  return { store, shop };
}

const values = "metafields-2025-01/metafieldsSet-value-type-fidelity.json";
const set = `mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { namespace key type value jsonValue } userErrors { field message code elementIndex }
  }
}`;
const read = `query Read($id: ID!, $namespace: String!) {
  product: customer(id: $id) {
    metafields(first: 50, namespace: $namespace) { nodes { namespace key type value jsonValue } }
  }
}`;

/** The query is not in the recording; members that are in only one of the two are not compared. */
function alike(actual: unknown, expected: unknown): void {
  const tidy = (answer: unknown): unknown =>
    JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === "id" ? undefined : value)));
  expect(tidy(actual)).toMatchObject(tidy(expected) as object);
}

const exchangesOf = (document: string, isMine: (exchange: Exchange) => boolean) =>
  asCustomers(readRecording(values, document)).filter(isMine);
const isSet = ({ variables }: Exchange) => "metafields" in variables;

describe("recorded metafield values", () => {
  it("are stored and returned as recorded", async () => {
    const accepted = exchangesOf(set, (one) => one.name === "acceptedSet");
    const readBack = exchangesOf(read, (one) => one.name === "downstreamRead");
    expect([accepted.length, readBack.length]).toEqual([1, 1]);
    const place = prepared(["10252752552242"]);
    for (const one of await replayIn(place, [...accepted, ...readBack])) {
      alike(one.actual, one.expected);
    }
  });

  it.each(exchangesOf(set, (one) => isSet(one) && one.name !== "acceptedSet"))(
    "are refused as recorded: $name",
    async (exchange) => {
      const [replayed] = await replayIn(prepared(["10252752552242"]), [exchange]);
      alike(replayed?.actual, replayed?.expected);
    },
  );
});

describe("recorded errors of definitions", () => {
  const definitions = asCustomers(
    readRecording("metafields-2025-01/metafield-definition-create-input-validation.json"),
  );

  it("are returned as recorded, all at once", async () => {
    expect(definitions.length).toBeGreaterThan(7);
    for (const { name, expected, actual } of await replayIn(prepared(), definitions)) {
      expect(actual, name).toEqual(expected);
    }
  });

  const recording = new URL(
    "../../tests/recorded/metafields-2026-04/metafield-definition-capability-eligibility.json",
    import.meta.url,
  );
  type Created = { createdDefinition: unknown; userErrors: { message: string; code: string }[] };
  const { primary } = JSON.parse(readFileSync(recording, "utf8")) as {
    primary: { response: { data: Record<string, Created> } };
  };
  const create = `mutation Create($definition: MetafieldDefinitionInput!) {
    metafieldDefinitionCreate(definition: $definition) {
      createdDefinition { type { name category } capabilities {
        adminFilterable { enabled eligible status } uniqueValues { enabled eligible }
      } }
      userErrors { field message code }
    }
  }`;
  const define = async (place: Place, parts: object) => {
    const definition = { name: "N", namespace: "one", ownerType: "CUSTOMER", ...parts };
    const { data, errors } = await ask(place, create, { definition });
    expect(errors).toBeUndefined();
    return (data as { metafieldDefinitionCreate: Created }).metafieldDefinitionCreate;
  };
  const enabled = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, { enabled: true }]));

  it("are as recorded for capabilities that a type or an owner cannot have", async () => {
    const { uniqueJson, smartCustomer, jsonBase, admin01 } = primary.response.data;
    const place = prepared();
    const json = { key: "json", type: "json" };
    expect(await define(place, { ...json, capabilities: enabled("uniqueValues") })).toEqual(
      uniqueJson,
    );
    const smart = { key: "smart", type: "single_line_text_field" };
    expect(
      await define(place, { ...smart, capabilities: enabled("smartCollectionCondition") }),
    ).toEqual(smartCustomer);
    expect(jsonBase?.createdDefinition).toMatchObject(
      (await define(place, json)).createdDefinition as object,
    );
    const text = { key: "text", type: "single_line_text_field" };
    expect(admin01?.createdDefinition).toMatchObject(
      (await define(place, { ...text, capabilities: enabled("adminFilterable") }))
        .createdDefinition as object,
    );
  });

  it("are as recorded for the fifty-first filterable definition, which can be created without the filter", async () => {
    const place = prepared();
    const text = (at: number) => ({ key: `key_${at}`, type: "single_line_text_field" });
    const capabilities = enabled("adminFilterable");
    for (let at = 1; at <= 50; at += 1) {
      expect((await define(place, { ...text(at), capabilities })).userErrors).toEqual([]);
    }
    const refused = await define(place, { ...text(51), capabilities });
    const recorded = JSON.stringify(primary.response.data.adminLimit);
    expect(refused).toEqual(JSON.parse(recorded.replaceAll("product", "customer")));
    expect((await define(place, text(51))).userErrors).toEqual([]);
  });
});
