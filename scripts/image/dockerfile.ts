/** One instruction of a Dockerfile: its keyword in upper case, and the rest of its line. */
export type Instruction = { word: string; text: string };

export type Stage = { name: string; instructions: Instruction[] };

/** The stages of a Dockerfile in order; one without a name is named by its index. */
export function readStages(dockerfile: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of joinedLines(dockerfile)) {
    const [word = "", text = ""] = splitOnce(line);
    const instruction = { word: word.toUpperCase(), text };
    if (instruction.word === "FROM") {
      const name = /\sAS\s+(\S+)$/i.exec(text)?.[1] ?? String(stages.length);
      stages.push({ name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`Before the first FROM there is "${line}"`);
    stage.instructions.push(instruction);
  }
  return stages;
}

function joinedLines(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return lines
    .join("\n")
    .replace(/\s*\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function splitOnce(text: string): string[] {
  const at = text.search(/\s/);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at).trim()];
}

export type Copy = { from: string | null; sources: string[]; target: string };

/** @throws Error for an unsupported flag or form */
export function readCopy(text: string): Copy {
  const words = text.split(/\s+/);
  const flags = words.filter((word) => word.startsWith("--"));
  const paths = words.filter((word) => !word.startsWith("--"));
  const [flag] = flags;
  const from = flag === undefined ? null : (/^--from=(\S+)$/.exec(flag)?.[1] ?? null);
  const target = paths.pop();
  const isKnown = flags.length === 0 || (flags.length === 1 && from !== null);
  if (!isKnown || target === undefined || paths.length === 0 || text.startsWith("[")) {
    throw new Error(`COPY is read as "COPY [--from=STAGE] SOURCE… TARGET"; found "COPY ${text}"`);
  }
  return { from, sources: paths, target };
}

/** `NAME=value NAME=value`, without quotes. */
export function readVariables(text: string): Record<string, string> {
  const pairs = text.split(/\s+/).map((pair) => /^(\w+)=([^"']*)$/.exec(pair));
  if (pairs.includes(null)) throw new Error(`ENV is read as "NAME=value …"; found "ENV ${text}"`);
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

/**
 * Whether .dockerignore excludes a file or folder from the build: by its path from the root, where `*` matches
 * any text without a slash.
 */
export function ignoring(dockerignore: string): (relative: string) => boolean {
  const patterns = dockerignore
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => new RegExp(`^${line.split("*").map(escaped).join("[^/]*")}(/|$)`));
  return (relative) => patterns.some((pattern) => pattern.test(relative));
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
