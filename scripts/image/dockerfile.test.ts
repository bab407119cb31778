import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { ignoring, readCopy, readStages, readVariables } from "./dockerfile.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (name: string) => readFileSync(path.join(root, name), "utf8");

describe("a Dockerfile", () => {
  it("is parsed into stages of instructions, without comments and with joined lines", () => {
    const text =
      "# first\nFROM node AS build\nRUN a \\\n  && b\n\nFROM node\n# then\ncopy --from=build /x ./y\n";
    expect(readStages(text)).toEqual([
      { name: "build", instructions: [{ word: "RUN", text: "a && b" }] },
      { name: "1", instructions: [{ word: "COPY", text: "--from=build /x ./y" }] },
    ]);
    expect(() => readStages("RUN a")).toThrow('Before the first FROM there is "RUN a"');
  });

  it("copies from the checkout or a stage, and refuses other forms", () => {
    expect(readCopy("a b ./c/")).toEqual({ from: null, sources: ["a", "b"], target: "./c/" });
    expect(readCopy("--from=build /a b")).toEqual({ from: "build", sources: ["/a"], target: "b" });
    for (const odd of ["--chown=node a b", '["a", "b"]', "a", "--from=x --link a b"]) {
      expect(() => readCopy(odd), odd).toThrow("COPY is read as");
    }
  });

  it("sets variables", () => {
    expect(readVariables("A=1 B_C=x:y")).toEqual({ A: "1", B_C: "x:y" });
    expect(() => readVariables("A 1")).toThrow('found "ENV A 1"');
  });

  it("of this project runs as an unprivileged user, has a health check, and starts web", () => {
    const { instructions } = readStages(read("Dockerfile")).at(-1)!;
    const words = instructions.map(({ word }) => word);
    expect(words).toEqual(expect.arrayContaining(["USER", "HEALTHCHECK", "CMD"]));
    expect(instructions.find(({ word }) => word === "USER")?.text).toBe("node");
    expect(instructions.at(-1)?.text).toContain("exec node --import tsx app/server/main.ts");
  });
});

describe(".dockerignore", () => {
  it("ignores by the path from the root", () => {
    const ignored = ignoring("node_modules\n*.log\n.env*\napp/generated\n# no\n");
    for (const out of ["node_modules", "node_modules/pg/x.js", "a.log", ".env.local"]) {
      expect(ignored(out), out).toBe(true);
    }
    for (const kept of ["node_modules_of", "app", "app/a.log", "x.env", "no"]) {
      expect(ignored(kept), kept).toBe(false);
    }
  });

  it("of this project keeps secrets and generated files out of the image", () => {
    const ignored = ignoring(read(".dockerignore"));
    for (const out of [".env", ".git/config", "node_modules/x", ".data/x", "build/x"]) {
      expect(ignored(out), out).toBe(true);
    }
  });
});
