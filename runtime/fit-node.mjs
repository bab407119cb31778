// The first import of every process: refuses to start on a Node that is too old.
import { complaintAbout } from "./node-version.mjs";

const complaint = complaintAbout(process.versions.node);
if (complaint !== null) {
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}
