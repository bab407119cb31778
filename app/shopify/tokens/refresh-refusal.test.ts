import { describe, expect, it } from "vitest";

import { isDeadRefreshToken } from "./refresh-refusal.ts";

const inactive = {
  error: "invalid_request",
  error_description: "This request requires an active refresh_token",
};

describe("a refused renewal", () => {
  it.each([
    [401, inactive],
    [400, inactive],
    [400, { error: "invalid_grant" }],
    [401, { error: "invalid_grant", error_description: "rotated" }],
  ])("is about the refresh token: %i %o", (status, body) => {
    expect(isDeadRefreshToken(status, body)).toBe(true);
  });

  it.each([
    [401, { error: "invalid_client" }],
    [400, { error: "invalid_client", error_description: inactive.error_description }],
    [400, { error: "invalid_request" }],
    [401, { error: "invalid_request", error_description: "client_id is missing" }],
    [400, { error: "unauthorized_client" }],
    [400, { error: "unsupported_grant_type" }],
    [400, { error: "invalid_subject_token" }],
    [400, undefined],
    [401, "invalid_grant"],
    [402, { error: "invalid_grant" }],
    [403, inactive],
    [404, inactive],
    [500, inactive],
  ])("says nothing about it: %i %o", (status, body) => {
    expect(isDeadRefreshToken(status, body)).toBe(false);
  });
});
