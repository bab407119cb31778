import { describe, expect, it } from "vitest";

import { en } from "./words.en.ts";
import { fr } from "./words.fr.ts";
import { translator, type Word } from "./words.ts";

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

describe("the words of the frame", () => {
  it("have the same holes in both languages", () => {
    for (const word of Object.keys(en) as Word[]) {
      expect([word, holes(fr[word])]).toEqual([word, holes(en[word])]);
    }
  });

  it("follow French typography: no plain space before ; : ! ? or inside « »", () => {
    for (const [word, text] of Object.entries(fr)) {
      expect([word, / [;:!?»]|« /.exec(text)?.[0]]).toEqual([word, undefined]);
    }
  });

  it("are filled with values, and leave a hole without one visible", () => {
    expect(translator("en")("home.open", { app: "Encore" })).toBe("Open Encore");
    expect(translator("en")("home.open")).toBe("Open {app}");
  });
});
