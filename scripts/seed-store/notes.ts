import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What is being made at the moment, kept over a stop of the command. */
export type Notes = {
  intent: () => string | null;
  intend: (tag: string | null) => void;
};

/** Notes in a file; it holds a tag and nothing else. */
export function openNotes(file: string): Notes {
  return {
    intent() {
      try {
        return readFileSync(file, "utf8").trim();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    intend(tag) {
      if (tag === null) {
        rmSync(file, { force: true });
        return;
      }
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${tag}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}
