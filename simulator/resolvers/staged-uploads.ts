import { policyOf } from "#simulator/bulk/upload.ts";
import { notImplemented } from "#simulator/graphql/errors.ts";
import type { RequestContext, ResolverMap } from "#simulator/graphql/resolver-map.ts";
import type { SimStagedUpload } from "#simulator/state.ts";

type UploadInput = {
  resource: string;
  filename: string;
  mimeType: string;
  httpMethod: "POST" | "PUT";
};

type Parameter = { name: string; value: string };

type Target = { url: string; resourceUrl: string; parameters: Parameter[] };

/** Only files of bulk mutations: there is nothing that images, videos and the like could belong to. */
function makeTarget(input: UploadInput, { store, shop }: RequestContext): Target {
  if (input.resource !== "BULK_MUTATION_VARIABLES") {
    throw notImplemented("Mutation", `stagedUploadsCreate for ${input.resource}`);
  }
  const upload: SimStagedUpload = {
    key: `tmp/${shop.id}/bulk/${store.random.uuid()}/${input.filename}`,
    resource: input.resource,
    filename: input.filename,
    path: null,
    bytes: 0,
  };
  shop.stagedUploads.set(upload.key, upload);
  const base = `${store.settings.origin}/staged-uploads/`;
  if (input.httpMethod === "PUT") {
    const url = `${base}${upload.key.split("/").map(encodeURIComponent).join("/")}`;
    const parameters = [
      { name: "content_type", value: input.mimeType },
      { name: "acl", value: "private" },
    ];
    return { url, resourceUrl: url, parameters };
  }
  return { url: base, resourceUrl: base, parameters: formFields(input, upload, store.clock.now()) };
}

function formFields(input: UploadInput, upload: SimStagedUpload, now: Date): Parameter[] {
  const date = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return [
    { name: "Content-Type", value: input.mimeType },
    { name: "success_action_status", value: "201" },
    { name: "acl", value: "private" },
    { name: "key", value: upload.key },
    { name: "x-goog-date", value: date },
    { name: "x-goog-credential", value: "simulated" },
    { name: "x-goog-algorithm", value: "GOOG4-RSA-SHA256" },
    { name: "x-goog-signature", value: "simulated" },
    { name: "policy", value: policyOf(upload) },
  ];
}

export const stagedUploads: ResolverMap = {
  Mutation: {
    stagedUploadsCreate: (_: null, { input }: { input: UploadInput[] }, context) => ({
      stagedTargets: input.map((one) => makeTarget(one, context)),
      userErrors: [],
    }),
  },
};
