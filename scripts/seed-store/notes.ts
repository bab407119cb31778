import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The object that is currently being created, remembered across interruptions. */
export type Notes = {
  intent: () => string | null;
  intend: (tag: string | null) => void;
};

/** Notes in a file, which only contains a tag. */
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
